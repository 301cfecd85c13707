"""The site as the web processes of a race load it, with the unguarded way to book beside the real one."""

from marketplace import create_app
from marketplace.settings import read_settings
from marketplace.web.security import csrf
from tests.races.unguarded import bp

app = create_app(read_settings())
csrf.exempt(bp)
app.register_blueprint(bp)

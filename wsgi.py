"""What a WSGI server serves: `granian --interface wsgi wsgi:app`."""

from marketplace import create_app
from marketplace.settings import read_settings

app = create_app(read_settings())
if app.extensions["settings"].worker_in_web:
    from marketplace.worker import start_thread

    start_thread(app)

"""What the pages of what is kept send. A search is sent as its address has it (`matching.forms.lenient`)."""

from pydantic import Field

from marketplace.kept.models import MOST_NAME
from marketplace.web.forms import Form


class NameForm(Form):
    """What a search is to be called."""

    name: str = Field(min_length=1, max_length=MOST_NAME, pattern=r"^[^\x00-\x1f\x7f]+$")

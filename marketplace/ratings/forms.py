"""What a runner says of a session."""

from pydantic import Field

from marketplace.ratings.policy import BEST, WORST
from marketplace.web.forms import Form


class RatingForm(Form):
    """Stars, and words if she likes."""

    stars: int = Field(ge=WORST, le=BEST)
    words: str = Field(default="", max_length=2000)

"""What a runner sends with a clip."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from marketplace.clips.service import About
from marketplace.web.forms import Form


class ClipForm(Form):
    """Beside the file: the id of the new clip, the camera view and a note."""

    id: UUID
    view: Literal["", "back", "side", "front"] = ""
    note: str = Field("", max_length=1000)

    @property
    def about(self) -> About:
        """What the runner says of her clip."""
        return About(view=self.view, note=self.note)


class LinkForm(ClipForm):
    """A clip that lies elsewhere; the service checks the address."""

    link: str = Field(max_length=2000)

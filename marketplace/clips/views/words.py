"""How refusals about clips are said, and the names of what a clip is."""

from flask_babel import gettext as _

from marketplace.clips.models import Clip
from marketplace.clips.views.blueprint import bp
from marketplace.knowledge import catalogue
from marketplace.web.errors import words
from marketplace.web.languages import language

words(
    {
        "no-video": lambda **facts: _(
            "We could not find a video in this file. Nothing was kept. Please choose the clip as your phone saved it"
            " (MP4, MOV or WebM)."
        ),
        "too-long": lambda minutes, **facts: _(
            "This clip is longer than %(minutes)s minutes. Nothing was kept. 15 seconds of steady running are enough:"
            " please cut it on your phone and choose it again.",
            minutes=minutes,
        ),
        "odd-picture": lambda width, height, **facts: _(
            "The picture of this clip is %(width)s × %(height)s, which we can’t show. Nothing was kept.",
            width=width,
            height=height,
        ),
        "too-large": lambda most_bytes, **facts: _(
            "This file is larger than %(most)s MB. Nothing was kept. Please cut the clip to the running itself, or give"
            " a link to it.",
            most=most_bytes // 1024 // 1024,
        ),
        "no-file": lambda **facts: _("Please choose the clip first."),
        "broken-upload": lambda **facts: _(
            "The upload broke off, so nothing was kept. Your clip is still on your phone: please send it again."
        ),
        "bad-link": lambda **facts: _(
            "This can’t be a link to your clip. Please paste the whole address; it starts with https://"
        ),
        "clip-before-payment": lambda **facts: _("A clip can be added once the session is paid."),
        "clip-too-late": lambda **facts: _("This session is over or was cancelled, so no clip can be added to it."),
        "enough-clips": lambda most, **facts: _(
            "There are %(most)s clips already. Delete one to make room for another.", most=most
        ),
        "coach-at-work": lambda **facts: _(
            "Your coach has opened this clip and is writing the answer. You can delete it once that is sent."
        ),
        "runners-clip": lambda **facts: _("Only the runner of this session can add or delete its clips."),
        "open-first": lambda **facts: _("Open the clip and start the review first; from then on it can be watched."),
    }
)


@bp.app_template_global()
def clip_name(clip: Clip) -> str:
    """ "From behind", or "Clip" where the runner didn't say from where."""
    for view in catalogue.filming().views:
        if view.id == clip.view:
            return view.name.in_language(language())
    return _("Clip")


@bp.app_template_filter()
def clip_length(seconds: float) -> str:
    """ "0:12"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"

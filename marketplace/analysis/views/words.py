"""How refusals about analyses are said."""

from flask_babel import gettext as _

from marketplace.analysis.views.blueprint import bp
from marketplace.knowledge import catalogue
from marketplace.web.errors import words
from marketplace.web.languages import language

words(
    {
        "coachs-answer": lambda **facts: _("Only the coach of this session can write its findings."),
        "no-clip-yet": lambda **facts: _("There is no clip yet. You get a mail as soon as the runner has attached it."),
        "booking-not-open": lambda **facts: _("This session is cancelled or over, so nothing can be sent for it."),
        "changed-elsewhere": lambda **facts: _(
            "This draft was changed in another window. What you typed here is still below: saving now keeps this one."
        ),
        "delivered-already": lambda **facts: _("This was sent already, so it can’t be changed any more."),
        "nothing-found": lambda **facts: _("Add at least one finding before you send it."),
        "finding-without-text": lambda issue, **facts: _(
            "Say what you see for “%(issue)s”, or remove that finding.",
            issue=catalogue.issue(issue).name.in_language(language()),
        ),
        "enough-findings": lambda most, **facts: _(
            "%(most)s findings are more than a runner can work on. Remove one first.", most=most
        ),
        "unknown-issue": lambda **facts: _("Please choose what you see from the list."),
        "unknown-drill": lambda **facts: _("One of these drills does not belong to this finding."),
        "odd-weeks": lambda least, most, **facts: _(
            "Weeks until filming again: from %(least)s to %(most)s.", least=least, most=most
        ),
    }
)


@bp.app_template_global()
def issue_name(issue: str) -> str:
    """The issue's name in the reader's language; an id that we don't know as it is."""
    return catalogue.issue(issue).name.in_language(language()) if issue in catalogue.issue_ids() else issue


@bp.app_template_global()
def red_flag_name(flag: str) -> str:
    """The warning sign's name in the reader's language; an id that we don't know as it is."""
    known = {each.id: each.name.in_language(language()) for each in catalogue.all_red_flags()}
    return known.get(flag, flag)

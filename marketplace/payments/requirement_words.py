"""What Stripe asks of a coach, and why it has shut an account, in words. Stripe's names: account.requirements.

A name says whose thing it is, then what ("individual.verification.document", "person_x.dob.day"): what counts is said,
once, whoever of several people it is asked of.
"""

from collections.abc import Callable, Iterable, Mapping

from flask_babel import gettext as _

WHOSE = ("individual.", "company.", "representative.", "owners.", "directors.", "executives.", "relationship.")
Says = Callable[[], str]

# what a name, less whose it is, begins with; the first that fits says it
SAID: Mapping[str, Says] = {
    "external_account": lambda: _("Add the bank account to which your money is to go."),
    "tos_acceptance": lambda: _("Accept Stripe’s terms."),
    "business_profile.url": lambda: _("Give a web address of your business; that of your page here will do."),
    "business_profile.mcc": lambda: _("Say what line of business you are in."),
    "business_profile.product_description": lambda: _("Describe in a sentence what you sell."),
    "business_profile": lambda: _("Complete what Stripe asks about your business."),
    "business_type": lambda: _("Say whether you work for yourself or for a company."),
    "verification.additional_document": lambda: _("Upload a second document, such as one that shows your address."),
    "verification.proof_of_liveness": lambda: _("Show by a selfie that it is really you."),
    "verification": lambda: _("Upload a photo of your passport, driver’s licence or identity card."),
    "documents": lambda: _("Upload a document about your business."),
    "dob": lambda: _("Give your date of birth."),
    "first_name": lambda: _("Give your name as it stands in your papers."),
    "last_name": lambda: _("Give your name as it stands in your papers."),
    "name": lambda: _("Give the registered name of your business."),
    "address": lambda: _("Give your address."),
    "registered_address": lambda: _("Give your address."),
    "email": lambda: _("Give your email address."),
    "phone": lambda: _("Give your telephone number."),
    "id_number": lambda: _("Give your social insurance number, or the number that your country has for it."),
    "ssn_last_4": lambda: _("Give the last four digits of your Social Security number."),
    "tax_id": lambda: _("Give the tax number of your business."),
    "registration_number": lambda: _("Give the tax number of your business."),
    "structure": lambda: _("Say in what legal form your business is."),
    "owners_provided": lambda: _("Name who owns the company."),
    "directors_provided": lambda: _("Name who directs the company."),
    "executives_provided": lambda: _("Name who directs the company."),
    "title": lambda: _("Say what your position in the company is."),
    "percent_ownership": lambda: _("Name who owns the company."),
    "settings": lambda: _("Complete your settings at Stripe."),
}
REASONS: Mapping[str, Says] = {
    "requirements.past_due": lambda: _("Stripe has waited for an answer of yours and has stopped your payouts."),
    "requirements.pending_verification": lambda: _("Stripe is looking at what you gave. That may take some days."),
    "under_review": lambda: _("Stripe is looking at your account. That may take some days."),
    "listed": lambda: _("Stripe is looking at your account. That may take some days."),
    "rejected": lambda: _("Stripe has refused your account. Write to Stripe, or to us, and we look at it together."),
    "platform_paused": lambda: _("We have stopped your payouts. Write to us and we look at it together."),
    "deauthorized": lambda: _("Your account at Stripe is no longer joined to us. Open another one to be paid."),
}


def asked(missing: Iterable[str]) -> list[str]:
    """One sentence for each thing that Stripe asks for, in its order; several names may be one thing."""
    return list(dict.fromkeys(_sentence(name) for name in missing))


def why_shut(reason: str | None) -> str | None:
    """Why an account is shut; None for one that is not, or not yet open."""
    if reason is None:
        return None
    known = next((says for name, says in REASONS.items() if reason.startswith(name)), None)
    return known() if known else _("Stripe has stopped your payouts. Its page says more.")


def _sentence(name: str) -> str:
    what = _bare(name)
    known = next((says for begin, says in SAID.items() if what == begin or what.startswith(f"{begin}.")), None)
    return known() if known else _("Answer one more question on Stripe’s page.")


def _bare(name: str) -> str:
    """The name without whose it is: "dob.day" of "person_1Abc.dob.day"."""
    if name.startswith("person_"):
        name = name.partition(".")[2]
    for whose in WHOSE:
        name = name.removeprefix(whose)
    return name

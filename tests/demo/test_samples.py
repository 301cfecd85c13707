"""The sample town as data: sixty coaches whom the site's own forms would take."""

from collections import Counter
from dataclasses import asdict

import pytest

from marketplace.coaches.forms import OFFER_FORMS, CredentialForm, ProfileForm
from marketplace.coaches.kinds import OfferKind
from marketplace.demo import samples
from marketplace.demo.samples import Sample
from marketplace.knowledge import catalogue

TOWN = samples.coaches()
NEAR, FAR = TOWN[:30], TOWN[30:]
HIPS = {"hip-drop", "weak-glutes"}


def test_there_are_sixty_coaches_and_no_two_share_a_name_an_address_or_a_text() -> None:
    assert len(TOWN) == 60
    for told in ("name", "headline", "about"):
        assert len({getattr(sample.profile, told) for sample in TOWN}) == 60
    assert len({sample.email for sample in TOWN}) == 60
    assert "coach@example.com" in {sample.email for sample in NEAR}


def test_reading_twice_gives_the_same_town() -> None:
    samples.coaches.cache_clear()
    assert samples.coaches() == TOWN


@pytest.mark.parametrize("sample", TOWN, ids=lambda sample: sample.profile.name)
def test_every_coach_could_have_typed_this_herself(sample: Sample) -> None:
    ProfileForm.model_validate(asdict(sample.profile) | {"languages": list(sample.profile.languages)}, strict=False)
    for certificate in sample.certificates:
        CredentialForm.model_validate(asdict(certificate))
    for offer in sample.offers:
        OFFER_FORMS[offer.kind].model_validate(asdict(offer))
    assert sample.offers
    assert set(sample.profile.issues) <= set(catalogue.issue_ids())
    assert set(sample.profile.main_issues) <= set(sample.profile.issues)


def test_hours_keep_to_the_grid_and_leave_room_for_what_is_sold() -> None:
    for sample in TOWN:
        windows = [window for day in sample.week.values() for window in day]
        assert windows
        assert all(0 <= start < end <= 1440 and start % 5 == end % 5 == 0 for start, end in windows)
        longest = max(end - start for start, end in windows)
        assert all(offer.minutes is None or offer.minutes <= longest for offer in sample.offers)


def test_many_around_ottawa_work_on_hips_and_somebody_there_works_on_everything() -> None:
    assert sum(bool(HIPS & set(sample.profile.main_issues)) for sample in NEAR) >= 8
    assert {issue for sample in NEAR for issue in sample.profile.issues} == set(catalogue.issue_ids())


def test_the_town_is_varied() -> None:
    for group in (NEAR, FAR):
        kinds = Counter(offer.kind for sample in group for offer in sample.offers)
        assert min(kinds[kind] for kind in OfferKind) >= 10
        assert {sample.profile.gender for sample in group} >= {"female", "male", "nonbinary"}
        assert {sample.profile.languages for sample in group} >= {("en",), ("fr",), ("en", "fr"), ("fr", "en")}
        prices = [offer.price for sample in group for offer in sample.offers]
        assert max(prices) >= 3 * min(prices)

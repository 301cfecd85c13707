"""No serious barrier on any page (axe), in light and dark, on a phone and a desk; the API keeps its own document."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Site

pytestmark = pytest.mark.browser

PUBLIC = (
    "/",
    "/coaches?near=Ottawa&issue=hip-drop",
    "/sign-in",
    "/register",
    "/terms",
    "/privacy",
    "/fr/",
    "/nowhere",
    "/favourites",
    "/compare",
    "/how-we-rank",
)
RUNNERS = ("/account", "/bookings", "/account/tokens", "/favourites", "/searches", "/bookings/feed")
GUIDES = (
    "/coaches/ca/on/ottawa",
    "/fr/coaches/ca/on/kenora",
    "/issues",
    "/issues/hip-drop",
    "/fr/issues/itb?near=Ottawwa",
)
COACHS = (
    "/coach",
    "/coach/calendar",
    "/coach/hours",
    "/coach/hours/away",
    "/coach/offers",
    "/coach/profile",
    "/coach/earnings",
    "/coach/bookings",
)
COACHS += ("/coach/found", "/fr/coach/profile", "/coach/calendars")


@pytest.mark.parametrize("width,scheme", [(360, "light"), (1280, "dark")])
def test_pages_have_no_serious_barrier(visit: Callable[..., Page], site: Site, width: int, scheme: str) -> None:
    barriers: list[str] = []
    for as_, paths in ((None, (*PUBLIC, *GUIDES)), ("runner@example.com", RUNNERS), ("coach@example.com", COACHS)):
        page = visit(paths[0], as_=as_, width=width, color_scheme=scheme, reduced_motion="reduce")
        if as_ is None:
            paths = (*paths, _first_coach(page))
        for path in paths:
            page.goto(path)
            barriers += [f"{path}: {barrier}" for barrier in _serious(page)]
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 1:
                barriers.append(f"{path}: {wide} px wider than the screen")
    assert not barriers, "\n".join(barriers)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_and_its_card_on_a_phone_have_no_serious_barrier(visit: Callable[..., Page], scheme: str) -> None:
    page = visit("/coaches?near=Ottawa", width=360, color_scheme=scheme, reduced_motion="reduce")
    page.get_by_role("button", name="Map", exact=True).click()
    page.locator(".pin").first.click()
    page.locator("[data-card]").wait_for()
    page.locator(".crowd").first.wait_for()
    assert not _serious(page)


def test_the_api_keeps_its_document_and_never_breaks(site: Site) -> None:
    """schemathesis: no 5xx, no answer that the document does not tell of."""
    token = site.command("tokens", "create", "runner@example.com").split()[-1]
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{site.url}/api/v1/openapi.json"]
    command += ["--url", site.url, "--header", f"Authorization: Bearer {token}", "--max-examples", "25", "--seed", "7"]
    command += ["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"]
    command[-1] += ",response_schema_conformance"
    command += ["--phases", "examples,coverage,fuzzing", "--no-color"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=site.data_dir)
    assert done.returncode == 0, done.stdout[-6000:]


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]} ({len(one['nodes'])})"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def _first_coach(page: Page) -> str:
    answer = page.request.get("/api/v1/coaches?near=Ottawa&limit=1").json()
    return str(answer["coaches"][0]["url"])

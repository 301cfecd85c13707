"""Pictures of the main pages at 360 and 1280 px, light and dark, of a demo that it starts (or of SITE_URL)."""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
STORY = (
    "My left hip drops when I run, my physio says, and my glutes never seem to fire. I live in Ottawa and want a 10K "
    "under an hour by spring. I have a plan; what I need is a pair of eyes on my form."
)
PASSWORD = "runsight-demo"
PAGES = {
    None: {
        "coaches": "/coaches?near=Ottawa&issue=hip-drop",
        "ranking": "/how-we-rank",
        "town": "/coaches/ca/on/ottawa",
        "town-without": "/fr/coaches/ca/on/kenora",
        "issues": "/issues",
        "issue": "/issues/hip-drop?near=Ottawa",
        "issue-french": "/fr/issues/itb?near=Ottawa",
        "terms": "/terms",
        "french": "/fr/",
    },
    "runner@example.com": {"account": "/account", "sessions": "/bookings"},
    "coach@example.com": {
        "desk": "/coach",
        "hours": "/coach/hours",
        "offers": "/coach/offers",
        "coach-profile": "/coach/profile",
        "found": "/coach/found",
        "earnings": "/coach/earnings",
        "mail": "/demo/mail",
    },
}


def main() -> None:
    """Take them all into var/screenshots, and the README's into docs/pictures."""
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    if url := os.environ.get("SITE_URL"):
        take(url, folder)
        return
    from tests.conftest import free_ports
    from tests.journeys.conftest import start, stop, wait_until_ready

    with tempfile.TemporaryDirectory() as data_dir:
        process = start(Path(data_dir), free_ports(3))
        try:
            take(wait_until_ready(process), folder)
        finally:
            stop(process)


def take(url: str, folder: Path) -> None:
    """Every page in every width and theme."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        for width in (360, 1280):
            for theme in ("light", "dark"):
                _round(browser, url, folder, width, theme)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder.relative_to(ROOT)}")


def _round(browser: Browser, url: str, folder: Path, width: int, theme: str) -> None:
    for person, pages in PAGES.items():
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            timezone_id="America/Toronto",
        )
        page = context.new_page()
        if person:
            page.goto("/sign-in")
            page.get_by_label("Email").fill(person)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
        else:
            _way_of_a_runner(page, folder, width, theme)
        for name, path in pages.items():
            page.goto(path)
            _picture(page, folder / f"{name}-{width}-{theme}.png")
        context.close()


def _way_of_a_runner(page: Page, folder: Path, width: int, theme: str) -> None:
    page.goto("/")
    _picture(page, folder / f"start-{width}-{theme}.png")
    page.locator("textarea[name=story]").fill(STORY)
    page.get_by_role("button", name="Find my coach").click()
    page.wait_for_load_state("networkidle")
    _picture(page, folder / f"results-{width}-{theme}.png")
    page.locator("article.coach h2 a").first.click()
    _picture(page, folder / f"profile-{width}-{theme}.png")


def _picture(page: Page, path: Path) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=True)
    if path.stem in {"start-1280-light", "results-1280-light", "desk-1280-light"}:
        shown = ROOT / "docs" / "pictures" / f"{path.stem.split('-')[0]}.png"
        shown.parent.mkdir(exist_ok=True)
        page.screenshot(path=shown)


if __name__ == "__main__":
    main()

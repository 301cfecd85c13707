"""The list of coaches and its map follow each other: by mouse, by keys, by thumb; without script the list is whole."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import eventually

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
HIPS = "/coaches?near=Ottawa&issue=hip-drop"


def names(page: Page) -> list[str]:
    return page.locator("article.coach h2").all_inner_texts()


def drawn(page: Page) -> Page:
    """The page once its pins stand."""
    page.locator(".pin").first.wait_for()
    return page


def moved(page: Page) -> None:
    """Look farther west, by hand."""
    page.locator("[data-frame]").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-search]")).to_be_visible()


def test_a_card_lights_its_pin_and_a_pin_its_card(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    pin = page.locator(".pin").first
    name = (pin.get_attribute("aria-label") or "").split(",")[0]
    card = page.locator("article.coach").filter(has_text=name)
    card.hover()
    expect(pin).to_have_class(re.compile(r"\blit\b"))
    page.mouse.move(5, 5)
    expect(pin).not_to_have_class(re.compile(r"\blit\b"))
    pin.hover()
    expect(card).to_have_class(re.compile(r"\blit\b"))
    pin.click()
    assert page.evaluate("document.activeElement.innerText") == name
    expect(card).to_be_in_viewport()


def test_a_coach_who_is_off_the_map_is_brought_into_view(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    slug = page.evaluate(
        """() => {
          const data = JSON.parse(document.querySelector("[data-swap=map]").textContent);
          return data.pins.find((pin) => Math.abs(pin.longitude - data.centre.longitude) > 2).slug;
        }"""
    )
    name = page.locator(f"#coach-{slug} h2").inner_text()
    page.locator(f"#coach-{slug} h2 a").focus()
    expect(page.locator("#map").get_by_role("button", name=re.compile(name))).to_be_in_viewport()
    expect(page.locator("[data-search]")).to_be_hidden()


def test_an_area_of_the_map_is_searched_and_back_returns(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    title, first, words = page.locator("h1").inner_text(), names(page), page.title()
    page.evaluate("window.stays = true")
    moved(page)
    before = page.locator("[data-frame]").bounding_box()
    page.get_by_role("button", name="Search this area").click()
    expect(page.locator("h1")).to_contain_text("in this area")
    assert "issue=hip-drop" in page.url and re.search(r"near=45\.\d{1,2}%2C-7\d\.\d{1,2}&within_km=\d+$", page.url)
    expect(page.locator(".understood")).to_contain_text("Area on the map")
    expect(page.get_by_role("status").filter(has_text="in this area")).to_have_count(1)
    expect(page.locator("[data-search]")).to_be_hidden()
    after = page.locator("[data-frame]").bounding_box()
    assert before and after and before["width"] == after["width"] and before["height"] == after["height"]
    assert names(page) != first and page.title() != words
    pins = page.evaluate(
        "JSON.parse(document.querySelector('[data-swap=map]').textContent).pins.map((pin) => pin.name)"
    )
    assert pins == names(page)
    french = page.locator(".bar-language").get_attribute("href") or ""
    assert french.startswith("/fr/") and "within_km" in french
    page.go_back()
    expect(page.locator("h1")).to_have_text(title)
    assert names(page) == first
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("in this area")
    assert page.evaluate("window.stays")


def test_the_list_follows_the_map_where_that_is_ticked_and_remembered(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    title = page.locator("h1").inner_text()
    page.get_by_label("Search as I move the map").check()
    page.locator("[data-frame]").focus()
    for _ in range(2):
        before = page.url
        page.keyboard.press("-")
        page.wait_for_url(lambda url, before=before: url != before)
    address = page.url
    page.go_back()
    expect(page.locator("h1")).to_have_text(title)
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("in this area")
    drawn(page).reload()
    drawn(page)
    assert page.get_by_label("Search as I move the map").is_checked()
    assert page.url == address


def test_a_chip_a_filter_and_the_next_page_change_list_and_map_in_place(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="Remove: Hip drop").click()
    expect(page.locator(".understood")).not_to_contain_text("Hip drop")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    first = names(page)
    page.get_by_role("link", name="More coaches").click()
    eventually(lambda: names(page) != first)
    assert page.evaluate("document.activeElement.dataset.swap") == "list"
    assert (
        drawn(page).evaluate("JSON.parse(document.querySelector('[data-swap=map]').textContent).pins[0].name")
        == names(page)[0]
    )
    page.locator("#narrow summary").click()
    page.locator("#narrow-near").fill("Montr")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show coaches").click()
    expect(page.locator(".understood")).to_contain_text("Montréal")
    expect(page.locator(".place-name.large", has_text="Montréal")).to_be_visible()
    assert page.evaluate("window.stays")


def test_what_cannot_be_loaded_is_said_and_tried_again(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    first, address = names(page), page.url
    page.route("**/coaches?*", lambda route: route.abort())
    moved(page)
    page.get_by_role("button", name="Search this area").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    assert (names(page), page.url) == (first, address)
    page.unroute("**/coaches?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("h1")).to_contain_text("in this area")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_the_keyboard_alone_reaches_all_of_the_map(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    page.locator("article.coach a").last.focus()
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.className + document.activeElement.innerText"))
        if "map-frame" in seen[-1]:
            break
    assert "Skip the map" in " ".join(seen) and "map-frame" in seen[-1]
    scale = page.locator(".leaflet-control-scale-line").inner_text()
    page.keyboard.press("+")
    expect(page.locator(".leaflet-control-scale-line")).not_to_have_text(scale)
    page.keyboard.press("-")
    expect(page.locator(".leaflet-control-scale-line")).to_have_text(scale)
    ranks = page.evaluate(
        "JSON.parse(document.querySelector('[data-swap=map]').textContent).pins.map((pin) => pin.name)"
    )
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.matches('.pin, .bubble') && document.activeElement.ariaLabel")
        if not label:
            break
        if label.split(",")[0] in ranks:
            reached.append(ranks.index(label.split(",")[0]))
    assert len(reached) > 3 and reached == sorted(reached)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText") == ranks[reached[-1]]
    page.locator("[data-frame]").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("Boolean(document.activeElement.closest('[data-swap=list]'))")
    page.locator(".skip-map").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('footer'))")


def test_on_a_phone_one_switch_leads_to_the_map_and_a_pin_to_the_short_of_a_coach(visit: Visit) -> None:
    page = visit(HIPS, width=360, has_touch=True)
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator("article.coach").first).to_be_hidden()
    pin = drawn(page).locator(".pin").first
    pin.tap()
    card = page.locator("[data-card]")
    name = (pin.get_attribute("aria-label") or "").split(",")[0]
    expect(card.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(card.locator(".coach-price")).to_be_visible()
    card.get_by_role("button", name="Close").click()
    expect(card).to_be_hidden()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == pin.get_attribute("aria-label")
    page.get_by_role("button", name="Farther").click()
    expect(page.locator("[data-search]")).to_be_visible()
    scale = page.locator(".leaflet-control-scale-line").inner_text()
    page.get_by_role("button", name="List", exact=True).click()
    expect(page.locator("article.coach").first).to_be_visible()
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator(".leaflet-control-scale-line")).to_have_text(scale)
    page.get_by_role("button", name="List", exact=True).click()
    page.get_by_role("link", name="Remove: Hip drop").click()
    expect(page.locator(".understood")).not_to_contain_text("Hip drop")
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator(".leaflet-control-scale-line")).not_to_have_text(scale)


def test_one_finger_scrolls_the_page_over_the_map_and_two_move_the_map(visit: Visit) -> None:
    page = visit(HIPS, width=360, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Map", exact=True).tap()
    drawn(page)
    start = page.evaluate("scrollY")
    fingers(page, [(180, 500)], (0, -160))
    eventually(lambda: page.evaluate("scrollY") > start + 40)
    expect(page.locator("[data-search]")).to_be_hidden()
    fingers(page, [(120, 300), (220, 320)], (60, 40))
    expect(page.locator("[data-search]")).to_be_visible()


def test_without_script_the_list_is_whole_and_its_links_lead_on(visit: Visit) -> None:
    for width in (360, 1280):
        page = visit(HIPS, width=width, java_script_enabled=False)
        assert page.locator("article.coach").count() == 20
        expect(page.locator("article.coach .coach-where").first).to_contain_text("km")
        for control in ("[data-map-switch]", "[data-area]", "[data-card]", "[data-problem]"):
            expect(page.locator(control)).to_be_hidden()
        page.get_by_role("link", name="Remove: Hip drop").click()
        expect(page.locator(".understood")).not_to_contain_text("Hip drop")


def test_without_a_tile_server_rings_names_and_scale_say_where_one_is(visit: Visit) -> None:
    page = drawn(visit(HIPS))
    assert page.locator("#map").get_attribute("data-tiles") == ""
    assert page.locator("path.ring").count() >= 3
    expect(page.locator(".ring-name").first).to_contain_text("km")
    for town in ("Ottawa", "Gatineau"):
        expect(page.locator(".place-name", has_text=re.compile(f"^{town}$"))).to_be_visible()
    expect(page.locator(".leaflet-control-scale-line")).to_contain_text("km")
    page.locator("[data-frame]").focus()
    for _ in range(4):
        page.keyboard.press("-")
        page.wait_for_timeout(400)
    expect(page.locator(".place-name", has_text=re.compile("^(Toronto|Montréal|New York City)$")).first).to_be_visible()


def test_who_is_beyond_the_page_has_a_count_that_leads_closer(visit: Visit) -> None:
    page = drawn(visit("/coaches"))
    crowd = page.locator(".crowd").first
    crowd.wait_for()
    assert re.fullmatch(r"(\d+ more coaches|Another coach) around .+", crowd.get_attribute("aria-label") or "")
    scale = page.locator(".leaflet-control-scale-line").inner_text()
    crowd.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-control-scale-line")).not_to_have_text(scale)
    expect(page.locator("[data-search]")).to_be_visible()


def fingers(page: Page, at: list[tuple[int, int]], by: tuple[int, int]) -> None:
    """Put fingers down, draw them all the same way, lift them."""
    device = page.context.new_cdp_session(page)
    steps = 8

    def points(step: int) -> list[dict[str, float]]:
        return [{"x": x + by[0] * step / steps, "y": y + by[1] * step / steps, "id": n} for n, (x, y) in enumerate(at)]

    device.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points(0)})
    for step in range(1, steps + 1):
        device.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points(step)})
        page.wait_for_timeout(20)
    device.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

"""What every page carries: its weight on the wire, room at 200 %, the other language."""

import pytest

from chibo.meetings import actions
from chibo.meetings.rules import Kind
from chibo.reorganisation import actions as reorganisation
from chibo.reorganisation.tests import make as reorganised
from chibo.testing import make
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter
from tests.browser.visitor import FIRST_VIEW, LATER_VIEW, MOST_REQUESTS


def test_the_secretarys_first_view_is_light_and_the_next_are_lighter(enter: Enter, cast: Cast) -> None:
    meeting = make.called(cast)
    secretary = enter("secretary")
    secretary.open("/")
    assert 1024 < secretary.load.bytes <= FIRST_VIEW
    assert len(secretary.load.requests) <= MOST_REQUESTS
    for path in ("", "hold/", "roll/", "votes/", "resolution/", "tasks/", "conclusion/", "officers/"):
        secretary.open(f"/meetings/{meeting.pk}/{path}")
        assert secretary.load.bytes <= LATER_VIEW


# A desk's 1280 pixels at 200 % are 640 wide, with two dots for each.
@pytest.mark.parametrize("who", ["secretary", "member", "attending", "officer", "operator"])
def test_at_twice_the_size_nothing_is_cut_off(enter: Enter, cast: Cast, who: str) -> None:
    meeting = make.called(cast, kind=Kind.EXTRAORDINARY)
    visitor = enter(who, width=640, zoom=2)
    visitor.open("/")
    if who != "operator":
        for name in ("Tasks", "Organisation", "Rules", "Search"):
            visitor.follow(name)
    if who == "secretary":
        for path in ("", "hold/", "roll/", "votes/", "resolution/", "tasks/"):
            visitor.open(f"/meetings/{meeting.pk}/{path}")


def test_the_other_language_on_a_refusal_leads_back_to_the_form(enter: Enter, cast: Cast, javascript: bool) -> None:
    draft = reorganised.draft(cast, reorganised.MERGE)
    officer, address = enter("officer", javascript=javascript), f"/reorganisations/{draft.pk}/"
    officer.open(address)
    reorganisation.submit(actor=cast.officer, reorganisation_id=draft.pk, at=cast.at)
    officer.unfold("Throw the draft away")
    officer.press("Throw the draft away", status=409)
    with officer.page.expect_navigation():
        officer.page.get_by_role("button", name="English").click()
    assert officer.address == address
    assert officer.page.locator("html").get_attribute("lang") == "en"
    with officer.page.expect_navigation():
        officer.page.get_by_role("button", name="Tiếng Việt").click()
    meeting = make.called(cast)
    secretary = enter("secretary", javascript=javascript)
    secretary.open(f"/meetings/{meeting.pk}/read/", status=405)
    secretary.follow("Go to my place")


def test_on_a_phone_at_200_percent_nothing_scrolls_sideways_and_buttons_have_words(enter: Enter, cast: Cast) -> None:
    coming = make.announced(cast, kind=Kind.EXTRAORDINARY)
    secretary = enter("secretary", width=180)

    def is_readable(path: str) -> None:
        page = secretary.page
        page.goto(path)
        too_wide = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.outerHTML)"
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
            path,
            page.locator("body *").evaluate_all(too_wide),
        )
        widths = "all => all.map(one => one.getBoundingClientRect().width)"
        buttons = page.locator("main .button:not(.button--link)").filter(visible=True)
        assert min([*buttons.evaluate_all(widths), secretary.width]) > secretary.width / 2, path

    for path in ("/", f"/meetings/{coming.pk}/", f"/meetings/{coming.pk}/change/", f"/meetings/{coming.pk}/hold/"):
        is_readable(path)
    make.name_clerk(cast, coming, "third")
    actions.open_meeting(actor=cast.secretary, meeting_id=coming.pk, at=cast.at)
    make.call_roll(cast, coming)
    for name in ("roll", "tasks", "votes", "resolution", "conclusion"):
        is_readable(f"/meetings/{coming.pk}/{name}/")


def test_on_a_phone_the_menu_is_folded_and_the_first_screen_goes_to_the_work(
    enter: Enter, cast: Cast, javascript: bool
) -> None:
    secretary = enter("secretary", javascript=javascript)
    secretary.open("/")
    heading = secretary.page.locator("h1").bounding_box()
    assert heading is not None
    assert heading["y"] < 300
    assert not secretary.page.locator(".menu__fold + ul").get_by_role("link").filter(visible=True).count()
    secretary.unfold("Menu")
    assert secretary.page.locator(".menu__fold + ul").get_by_role("link").filter(visible=True).count() == 7
    desk = enter("secretary", javascript=javascript, width=1280)
    desk.open("/")
    assert desk.page.locator(".menu__fold + ul").get_by_role("link").filter(visible=True).count() == 7
    assert not desk.page.locator(".menu summary").filter(visible=True).count()


def test_the_button_of_a_long_roll_is_in_reach_from_the_first_row_on(
    enter: Enter, cast: Cast, javascript: bool
) -> None:
    meeting = make.under_way(cast)
    secretary = enter("secretary", javascript=javascript)
    secretary.open(f"/meetings/{meeting.pk}/roll/")
    secretary.page.locator(".rollcall__row").first.evaluate("row => row.scrollIntoView()")
    button = secretary.button("Save the roll").bounding_box()
    assert button is not None
    assert button["y"] >= 0
    assert button["y"] + button["height"] <= 800
    page_height = secretary.page.evaluate("document.documentElement.scrollHeight")
    assert page_height > 3 * 800

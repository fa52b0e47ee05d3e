"""What every page carries: its weight on the wire, room at 200 %, the other language."""

import pytest

from chibo.meetings.rules import Kind
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
    meeting = make.called(cast)
    secretary = enter("secretary", javascript=javascript)
    secretary.open(f"/meetings/{meeting.pk}/hold/")
    secretary.press("End the meeting", status=409)
    with secretary.page.expect_navigation():
        secretary.page.get_by_role("button", name="English").click()
    assert secretary.address == f"/meetings/{meeting.pk}/hold/"
    assert secretary.page.locator("html").get_attribute("lang") == "en"
    with secretary.page.expect_navigation():
        secretary.page.get_by_role("button", name="Tiếng Việt").click()
    secretary.open(f"/meetings/{meeting.pk}/read/", status=405)
    secretary.follow("Go to my place")

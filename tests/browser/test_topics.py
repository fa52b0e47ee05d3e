"""What to talk about is weighed, taken onto an agenda and left, on a phone."""

from datetime import timedelta

from django.urls import reverse

from chibo.core import clock
from chibo.meetings import actions as meetings
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter


def test_a_suggestion_is_taken_and_another_left(enter: Enter, cast: Cast, javascript: bool) -> None:
    following = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    meetings.plan_month(actor=cast.secretary, unit_id=cast.na_phon.pk, month=following, at=cast.at)
    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("topics:of_unit", args=[cast.na_phon.pk]))
    secretary.page.locator("ol.list form button").first.click()
    secretary.page.wait_for_load_state()
    secretary.sees("It stands on the agenda.")
    secretary.open(reverse("topics:of_unit", args=[cast.na_phon.pk]))
    secretary.page.locator("ol.list summary").first.click()
    secretary.page.get_by_role("button", name="Không gợi ý nữa").first.click()
    secretary.page.wait_for_load_state()
    secretary.page.locator("ol.list details[open] input[type=text]").first.fill("Xóm đã làm xong.")
    secretary.page.locator("ol.list details[open] button").first.click()
    secretary.page.wait_for_load_state()
    secretary.sees("It stays away from now on.", "What was left, and why")

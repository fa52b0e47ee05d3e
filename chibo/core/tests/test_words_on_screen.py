"""Days, times and states as templates show them."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from chibo.core.templatetags import chibo as words

LATE_IN_UTC = datetime(2026, 12, 2, 18, 30, tzinfo=UTC)


def test_a_day_has_its_weekday_in_both_languages() -> None:
    with translation.override("vi"):
        assert words.day(date(2026, 12, 2)) == "thứ Tư, 02/12/2026"
        assert words.day(date(2026, 12, 6)) == "Chủ nhật, 06/12/2026"
    with translation.override("en"):
        assert words.day(date(2026, 12, 2)) == "Wednesday, 02/12/2026"


def test_an_instant_is_shown_as_the_clock_here_reads() -> None:
    with translation.override("vi"):
        assert words.moment(LATE_IN_UTC) == "01:30, thứ Năm, 03/12/2026"
        assert words.short_day(LATE_IN_UTC) == "03/12/2026"


@pytest.mark.parametrize(
    ("on", "written"),
    [
        (date(2026, 2, 3), "ngày 03 tháng 02 năm 2026"),
        (date(2026, 3, 3), "ngày 03 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_a_paper_carries_its_day_in_the_official_form(on: date, written: str) -> None:
    with translation.override("vi"):
        assert words.paper_day(on) == written


def test_a_large_count_has_its_thousands_apart() -> None:
    with translation.override("vi"):
        assert [words.grouped(n) for n in (0, 999, 2284, 5_600_000)] == ["0", "999", "2.284", "5.600.000"]
    with translation.override("en"):
        assert words.grouped(2284) == "2,284"


def test_a_month_is_named_by_its_number() -> None:
    with translation.override("vi"):
        assert words.month(date(2026, 12, 3)) == "tháng 12/2026"


def test_no_day_shows_nothing() -> None:
    assert {words.day(None), words.short_day(None), words.month(None), words.moment(None), words.hour(None)} == {""}


def test_a_state_is_always_said_in_words_and_escaped() -> None:
    assert words.status_tag("done", "<Xong>") == '<strong class="tag tag--done">&lt;Xong&gt;</strong>'


def test_an_unknown_state_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="done, now, late, wait"):
        words.status_tag("green", "Xong")

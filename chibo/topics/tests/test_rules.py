"""What speaks for a topic adds up, and what was left stays away."""

from datetime import date, timedelta

import pytest

from chibo.topics import rules
from chibo.topics.rules import Idea

pytestmark = pytest.mark.usefixtures("in_english")

MEETS = date(2026, 12, 3)


def points(idea: Idea | None) -> int:
    assert idea is not None
    return sum(one.points for one in idea.reasons)


def test_each_reason_adds_its_points() -> None:
    assert [points(rules.of_task("t", "x", days)) for days in (1, 29, 30, 65, 400)] == [3, 3, 4, 5, 6]
    assert [points(rules.of_opinion("o", "x", units=n, days_left=left)) for n, left in ((1, 30), (4, 30), (9, 3))] == [
        2,
        5,
        9,
    ]
    assert [points(rules.of_public("p", "x", n)) for n in (1, 2, 7, 40)] == [2, 3, 5, 7]
    assert [points(rules.of_criterion("c", "x", n)) for n in (1, 3)] == [2, 6]
    theme = next(one for one in rules.themes() if one.kinds == ("cell",))
    assert points(rules.of_theme(theme, "cell")) == 2
    assert rules.of_theme(theme, "grassroots_cell") is None
    assert rules.of_day("x", MEETS + timedelta(days=41), MEETS) is None
    assert points(rules.of_day("x", MEETS + timedelta(days=40), MEETS)) == 2


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("Giữ gìn môi trường ở khu dân cư", "Chuyên đề: giu gin moi truong o khu dan cu", True),
        ("Giữ gìn môi trường ở khu dân cư", "Giữ gìn đoàn kết", False),
        ("", "x", False),
        ("Gỡ vướng cho nhiệm vụ quá hạn: Sửa kênh", "Gỡ vướng cho nhiệm vụ quá hạn: Thu đảng phí", False),
        ("Gỡ vướng cho nhiệm vụ quá hạn: Sửa kênh mương", "Sửa kênh mương", True),
    ],
)
def test_titles_that_share_most_words_are_about_the_same(one: str, other: str, are: bool) -> None:
    assert rules.are_about_the_same(one, other) is are


def test_what_was_left_stays_away_and_a_need_that_stands_comes_back_with_what_speaks_against_it() -> None:
    need, theme = rules.of_task("task:1", "Sửa kênh mương", 40), rules.of_theme(rules.themes()[0], "cell")
    assert theme is not None
    discussed = {need.title: date(2026, 11, 3), theme.title: date(2026, 11, 3)}
    (only,) = rules.suggestions([need, theme], discussed=discussed, left=set(), meets_on=MEETS)
    assert only.idea == need
    assert only.points == points(need) - 2
    assert "still stands" in str(only.reasons[-1].sentence)
    assert rules.suggestions([need], discussed={}, left={"task:1"}, meets_on=MEETS) == []
    again = MEETS + timedelta(days=160)
    back = rules.suggestions([theme], discussed={theme.title: date(2026, 11, 3)}, left=set(), meets_on=again)
    assert [one.idea for one in back] == [theme]

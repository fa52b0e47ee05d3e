"""What speaks for a topic adds up; a planted need is among the first three; no theme comes twice in two quarters."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from chibo.topics import rules
from chibo.topics.rules import Idea, Source

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


# A scripted year of a hundred cells, each month with one planted need among ordinary noise


def noise(chance: random.Random, cell: int, month: int) -> Iterator[Idea]:
    """What every cell has: a late task now and then, opinions with time left, a criterion low once."""
    for n in range(chance.randint(0, 2)):
        yield rules.of_task(f"task:{cell}:{month}:{n}", f"việc thường {n}", chance.randint(1, 25))
    for n in range(chance.randint(0, 3)):
        yield rules.of_opinion(f"opinion:{cell}:{month}:{n}", f"ý kiến {n}", units=1, days_left=chance.randint(11, 30))
    if chance.random() < 0.3:
        yield rules.of_criterion(f"criterion:{cell}:{month}", "Tỷ lệ phát biểu", 1)
    for theme in rules.themes():
        if idea := rules.of_theme(theme, "cell"):
            yield idea


def planted(chance: random.Random, cell: int, month: int) -> Idea:
    key = f"planted:{cell}:{month}"
    return chance.choice(
        [
            rules.of_task(key, "Nạo vét kênh chính đã hẹn với dân", chance.randint(45, 150)),
            rules.of_opinion(key, "Cầu tràn hỏng", units=chance.randint(3, 9), days_left=chance.randint(0, 9)),
            rules.of_criterion(key, "Chuẩn bị nội dung", chance.randint(2, 3)),
            rules.of_public(key, "Đường vào nghĩa trang; Chợ phiên", chance.randint(6, 20)),
            rules.of_directive(key, "Chỉ thị 12", unit="Đảng bộ xã", days_left=chance.randint(-5, 60), material="…"),
        ]
    )


def test_a_planted_need_is_among_the_first_three_all_year_and_no_theme_comes_twice_without_cause() -> None:
    chance = random.Random(20261126)
    months = found_in = 0
    for cell in range(100):
        discussed: dict[str, date] = {}
        taken: dict[str, date] = {}
        for month in range(1, 13):
            meets_on = date(2026, month, 3)
            need = planted(chance, cell, month)
            ideas = [*noise(chance, cell, month), need]
            chance.shuffle(ideas)
            lately = {title: on for title, on in discussed.items() if meets_on - on <= rules.TWO_QUARTERS}
            shown = rules.suggestions(ideas, discussed=lately, left=set(), meets_on=meets_on)
            months += 1
            found_in += need in [one.idea for one in shown[:3]]
            for one in shown:
                if one.idea.source is Source.THEME:
                    before = taken.get(one.idea.key)
                    assert before is None or meets_on - before > rules.TWO_QUARTERS
            theme = next((one.idea for one in shown if one.idea.source is Source.THEME), None)
            for idea in (shown[0].idea, theme):
                if idea is not None:
                    discussed[idea.title] = meets_on
                    taken[idea.key] = meets_on
    assert months == 1200
    assert found_in >= 0.95 * months, f"{found_in} of {months}"

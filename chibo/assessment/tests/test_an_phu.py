"""Every line of the published table of An Phú, worked, and both sides of every threshold."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from chibo.assessment import queries, rules
from chibo.assessment.rules import Answer, Fact, Framework

FULL: dict[str, Fact] = {
    "members": Fraction(20),
    "minutes": Fraction(95),
    "attendance_share": Fraction(1),
    "absent_without_reason": Fraction(0),
    "longest_excused_streak": Fraction(0),
    "draft_resolution_ready": True,
    "leads_alone": False,
    "committee_met": True,
    "notice_share": Fraction(1),
    "superior_notified": True,
    "has_attending_superior": True,
    "papers_days_ahead": Fraction(1),
    "agenda_share": Fraction(1),
    "has_thematic": False,
    "spoke_share": Fraction(11, 20),
    "minutes_written": True,
    "criticism_held": True,
    "has_tasks_due": True,
    "tasks_met_share": Fraction(1),
    "conclusion_written": True,
    "resolution_adopted": True,
    "tasks_given": True,
    "minutes_adopted": True,
    "upload_days": Fraction(2),
}
"""A session of which nothing can be said against: everything that facts can earn is earned."""


@pytest.fixture(scope="module")
def an_phu() -> Framework:
    return rules.read(queries.shipped()["an-phu-2025"])


def points(framework: Framework, code: str, **facts: Fact) -> Decimal | None:
    return rules.points_by_facts(framework, FULL | facts)[code]


def test_the_groups_and_their_points_are_those_of_the_table(an_phu: Framework) -> None:
    assert [(one.title.vi[:2], int(one.points)) for one in an_phu.criteria] == [
        ("1.", 5), ("2.", 5), ("3.", 10), ("4.", 30), ("5.", 10), ("6.", 5), ("7.", 30), ("8.", 5),
    ]  # fmt: skip
    inside = {
        "chuan-bi": [3, 2, 2, 1, 2],
        "tien-hanh": [5, 10, 5, 2, 5, 1, 1, 1],
        "chu-tri": [2, 4, 3, 1],
        "nguyen-tac": [1, 2, 1, 1],
        "ket-thuc": [2, 2, 1],
    }
    for group in an_phu.criteria:
        if group.code in inside:
            assert [int(one.points) for one in group.children] == inside[group.code], group.code


@pytest.mark.parametrize(
    ("members", "minutes", "expected"),
    [
        (29, 90, 5), (29, 89, 4), (29, 75, 4), (29, 74, 3), (29, 60, 3), (29, 59, 2), (29, 45, 2), (29, 44, 1),
        (29, 0, 1),
        (30, 120, 5), (30, 119, 4), (30, 105, 4), (30, 104, 3), (30, 90, 3), (30, 89, 2), (30, 60, 2), (30, 59, 1),
    ],
)  # fmt: skip
def test_time(an_phu: Framework, members: int, minutes: int, expected: int) -> None:
    found = points(an_phu, "thoi-luong", members=Fraction(members), minutes=Fraction(minutes))
    assert found == expected


@pytest.mark.parametrize(
    ("came", "convened", "silent", "expected"),
    [
        (18, 20, 0, 4), (179, 200, 0, 3), (15, 20, 0, 3), (149, 200, 0, 2), (13, 20, 0, 2), (129, 200, 0, 1),
        (0, 20, 0, 1),
        (20, 20, 1, 1), (18, 20, 1, 1),
    ],
)  # fmt: skip
def test_attendance(an_phu: Framework, came: int, convened: int, silent: int, expected: int) -> None:
    share = Fraction(came, convened)
    assert points(an_phu, "ty-le-du-hop", attendance_share=share, absent_without_reason=Fraction(silent)) == expected


@pytest.mark.parametrize(("streak", "expected"), [(0, 1), (3, 1), (4, 0)])
def test_nobody_absent_too_often_running(an_phu: Framework, streak: int, expected: int) -> None:
    assert points(an_phu, "vang-lien-tuc", longest_excused_streak=Fraction(streak)) == expected


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("dinh-huong-thao-luan", {"draft_resolution_ready": True}, 2),
        ("dinh-huong-thao-luan", {"draft_resolution_ready": False}, 0),
        ("dinh-huong-thao-luan", {"draft_resolution_ready": None}, None),
        ("hop-chi-uy", {"committee_met": True}, 2),
        ("hop-chi-uy", {"committee_met": False}, 0),
        ("hop-chi-uy", {"committee_met": False, "leads_alone": True}, 2),
        ("thong-bao", {"notice_share": Fraction(1)}, 1),
        ("thong-bao", {"notice_share": Fraction(19, 20)}, 0),
        ("thong-bao", {"superior_notified": False}, 0),
        ("thong-bao", {"superior_notified": None, "has_attending_superior": False}, 1),
        ("gui-tai-lieu", {"papers_days_ahead": Fraction(1)}, 2),
        ("gui-tai-lieu", {"papers_days_ahead": Fraction(0)}, 0),
        ("du-trinh-tu", {"agenda_share": Fraction(1)}, 5),
        ("du-trinh-tu", {"agenda_share": Fraction(15, 16)}, 0),
        ("so-bien-ban", {"minutes_written": True}, 1),
        ("so-bien-ban", {"minutes_written": False}, 0),
        ("tu-tuong-phe-binh", {"criticism_held": True}, 1),
        ("tu-tuong-phe-binh", {"criticism_held": False}, 0),
        ("ket-luan", {"conclusion_written": True, "resolution_adopted": True}, 2),
        ("ket-luan", {"resolution_adopted": False}, 0),
        ("ket-luan", {"conclusion_written": False}, 0),
        ("thong-qua-bien-ban", {"minutes_adopted": True, "tasks_given": True}, 2),
        ("thong-qua-bien-ban", {"minutes_adopted": None}, None),
        ("thong-qua-bien-ban", {"tasks_given": False}, 0),
        ("cap-nhat-so-tay", {"upload_days": Fraction(2)}, 1),
        ("cap-nhat-so-tay", {"upload_days": Fraction(3)}, 0),
        ("cap-nhat-so-tay", {"upload_days": None}, None),
    ],
)
def test_a_line_read_from_facts(an_phu: Framework, code: str, facts: Mapping[str, Fact], expected: int | None) -> None:
    assert points(an_phu, code, **facts) == expected


@pytest.mark.parametrize(
    ("spoke", "of", "expected"),
    [(11, 20, 5), (501, 1000, 5), (10, 20, 4), (40, 100, 4), (399, 1000, 3), (30, 100, 3), (299, 1000, 2), (0, 20, 2)],
)
def test_speakers(an_phu: Framework, spoke: int, of: int, expected: int) -> None:
    # Exactly half is a hole of the table: its policy here is the lower step.
    assert points(an_phu, "ty-le-phat-bieu", spoke_share=Fraction(spoke, of)) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (Fraction(1), 30), (Fraction(90, 100), 30), (Fraction(899, 1000), 27), (Fraction(80, 100), 27),
        (Fraction(799, 1000), 24), (Fraction(70, 100), 24), (Fraction(699, 1000), 20), (Fraction(60, 100), 20),
        (Fraction(599, 1000), 15), (Fraction(50, 100), 15), (Fraction(499, 1000), 10), (Fraction(0), 10),
    ],
)  # fmt: skip
def test_results_of_the_last_resolution(an_phu: Framework, share: Fraction, expected: int) -> None:
    assert points(an_phu, "ket-qua-nhiem-vu", tasks_met_share=share) == expected


def test_a_month_without_a_thematic_session_has_its_five_points_in_full(an_phu: Framework) -> None:
    result = rules.evaluate(an_phu, {}, FULL)
    (mark,) = [one for one in result.marks if one.code == "noi-dung-chuyen-de"]
    assert mark.points == mark.of == 5
    assert not mark.is_applicable
    with_one = rules.evaluate(an_phu, {}, FULL | {"has_thematic": True})
    assert "noi-dung-chuyen-de" in with_one.unanswered


def judged(framework: Framework, share: Decimal = Decimal(1)) -> dict[str, Answer]:
    """Every judgement given full points, or a share of them."""
    found: dict[str, Answer] = {}
    for one in framework.leaves():
        if not one.reads:
            found[one.code] = Answer(share == 1) if one.kind == "yes_no" else Answer(one.points * share)
    return found


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("100", "tot"),
        ("90", "tot"),
        ("89.99", "kha"),
        ("70", "kha"),
        ("69.99", "trung-binh"),
        ("50", "trung-binh"),
        ("49.99", "kem"),
        ("0", "kem"),
    ],
)
def test_bands(an_phu: Framework, total: str, band: str) -> None:
    assert next(one.code for one in an_phu.bands if Decimal(total) >= one.at_least) == band


def test_a_faultless_session_has_a_hundred_points(an_phu: Framework) -> None:
    result = rules.evaluate(an_phu, judged(an_phu), FULL)
    assert result.total == 100
    assert (result.band.code, result.unanswered, result.remedies) == ("tot", (), ())


def test_a_worked_session(an_phu: Framework) -> None:
    # 29 members, 80 minutes (4), 16 of 20 came (3) with nobody absent too often (1), no draft (0 of 2), 45 % spoke (4),
    # 7 of 10 tasks met (24), everything else full: 100 - 1 - 1 - 2 - 1 - 6.
    facts = FULL | {
        "members": Fraction(29),
        "minutes": Fraction(80),
        "attendance_share": Fraction(16, 20),
        "draft_resolution_ready": False,
        "spoke_share": Fraction(45, 100),
        "tasks_met_share": Fraction(7, 10),
    }
    result = rules.evaluate(an_phu, judged(an_phu), facts)
    assert result.total == 89
    assert result.band.code == "kha"
    assert result.remedies == ("dinh-huong-thao-luan",)

"""The shipped frameworks, and what their gates, policies and years do."""

from decimal import Decimal
from fractions import Fraction

import pytest

from chibo.assessment import queries, rules
from chibo.assessment.rules import Answer
from chibo.assessment.tests.test_an_phu import FULL, judged

SHIPPED = sorted(queries.shipped())


@pytest.mark.parametrize("code", SHIPPED)
def test_a_shipped_framework_is_whole_and_says_where_it_is_from(code: str) -> None:
    framework = rules.read(queries.shipped()[code])
    assert framework.code == code
    assert framework.total == 100
    assert framework.source
    assert framework.doubt is not None
    assert sum(one.points for one in framework.leaves()) == 100
    result = rules.evaluate(framework, judged(framework), FULL)
    assert result.total == 100
    assert result.band.code == "tot"


@pytest.mark.parametrize("code", SHIPPED)
def test_facts_fill_in_at_least_sixty_of_a_hundred_points(code: str) -> None:
    framework = rules.read(queries.shipped()[code])
    # At the end of a session nobody knows yet of its adopted minutes and of the e-handbook.
    known = FULL | {"minutes_adopted": None, "upload_days": None}
    result = rules.evaluate(framework, {}, known)
    assert sum(one.of for one in result.marks if one.is_by_facts) >= 60


def test_the_weights_of_the_centre() -> None:
    framework = rules.read(queries.shipped()["trung-uong-42-hd"])
    assert [int(one.points) for one in framework.criteria] == [5, 5, 10, 40, 5, 30, 5]


def test_the_tree_and_the_ways_of_phu_tho_and_lao_cai() -> None:
    phu_tho = rules.read(queries.shipped()["phu-tho"])
    assert [int(one.points) for one in phu_tho.criteria] == [15, 20, 45, 20]
    assert (phu_tho.scores.self, phu_tho.scores.superior) == ("vote", "confirms")
    lao_cai = rules.read(queries.shipped()["lao-cai"])
    assert lao_cai.scores.self == "observer"
    assert lao_cai.reviews == (6, 12)
    assert all(one.remedy_below == Fraction(7, 10) for one in lao_cai.leaves())


@pytest.mark.parametrize(
    "short",
    [
        {"minutes": Fraction(80)},
        {"attendance_share": Fraction(8, 10)},
        {"spoke_share": Fraction(45, 100)},
        {"minutes_written": False},
    ],
)
def test_without_full_points_on_each_of_the_four_the_best_band_is_closed(short: dict[str, Fraction | bool]) -> None:
    framework = rules.read(queries.shipped()["binh-thuan"])
    assert rules.evaluate(framework, judged(framework), FULL).band.code == "tot"
    result = rules.evaluate(framework, judged(framework), FULL | short)
    assert result.total >= 90
    assert result.band.code == "kha"
    assert len(result.gates) == 1


def test_a_gate_leaves_a_lower_band_as_it_is() -> None:
    framework = rules.read(queries.shipped()["binh-thuan"])
    low = FULL | {"minutes": Fraction(30), "tasks_met_share": Fraction(0), "agenda_share": Fraction(1, 2)}
    assert rules.evaluate(framework, judged(framework, Decimal("0.5")), low).band.code == "trung-binh"


POLICY = """
code: thu
title: {vi: Thử, en: Trial}
issuer: {vi: Thử, en: Trial}
source: none
total: 100
open: true
scores: {self: committee, superior: none, stands: self}
deadlines: {self: 2, superior: 5}
bands: [{code: tot, title: {vi: Tốt, en: Good}, at_least: 50}, {code: kem, title: {vi: Kém, en: Poor}, at_least: 0}]
criteria:
  - code: mot
    title: {vi: Một, en: One}
    points: 40
    kind: group
    criteria:
      - {code: mot-a, title: {vi: A, en: A}, points: 30, kind: number}
      - code: mot-b
        title: {vi: B, en: B}
        points: 10
        kind: number
        applies_when: {has_thematic: "yes"}
        not_applicable: POLICY
  - code: hai
    title: {vi: Hai, en: Two}
    points: 60
    kind: number
bonus:
  - {code: them, title: {vi: Thêm, en: More}, points: 5, kind: number}
"""


@pytest.mark.parametrize(
    ("policy", "expected"),
    # 15 of 30 and 60 of 60; the 10 that nobody can earn: given; earned by its group at its rate (15/30 of 40); lost.
    [("count_as_full", 85), ("rescale", 80), ("leave_out", 75)],
)
def test_what_becomes_of_points_that_cannot_be_earned(policy: str, expected: int) -> None:
    framework = rules.read(POLICY.replace("POLICY", policy))
    answers = {"mot-a": Answer(Decimal(15)), "hai": Answer(Decimal(60)), "them": Answer(Decimal(0))}
    assert rules.evaluate(framework, answers, {"has_thematic": False}).total == expected


def test_where_nothing_of_a_group_applies_the_others_earn_its_points() -> None:
    text = POLICY.replace("POLICY", "rescale").replace(
        "points: 30, kind: number}",
        'points: 30, kind: number, applies_when: {has_thematic: "yes"}, not_applicable: rescale}',
    )
    framework = rules.read(text)
    result = rules.evaluate(framework, {"hai": Answer(Decimal(45))}, {"has_thematic": False})
    assert result.total == 75
    assert "them" in result.unanswered


def test_a_bonus_adds_and_never_exceeds_the_total() -> None:
    framework = rules.read(POLICY.replace("POLICY", "count_as_full"))
    full = {"mot-a": Answer(Decimal(30)), "hai": Answer(Decimal(58)), "them": Answer(Decimal(5))}
    assert rules.evaluate(framework, full, {"has_thematic": False}).total == 100
    assert rules.evaluate(framework, full | {"hai": Answer(Decimal(50))}, {"has_thematic": False}).total == 95


YEARS = [
    (["tot"] * 7 + ["kha"] * 5, "tot"),
    (["tot"] * 6 + ["kha"] * 6, "kha"),
    (["tot"] * 11 + ["trung-binh"], "kha"),
    (["tot"] * 11 + ["kem"], "trung-binh"),
    (["trung-binh"] * 7 + ["kem"] * 5, "trung-binh"),
    (["kem"] * 12, "kem"),
]


@pytest.mark.parametrize(("bands", "expected"), YEARS)
def test_the_year_of_phu_tho(bands: list[str], expected: str) -> None:
    found = rules.year_of(rules.read(queries.shipped()["phu-tho"]), bands)
    assert found is not None
    assert found.band.code == expected
    assert found.reasons


def test_a_year_without_a_session_comes_to_nothing() -> None:
    assert rules.year_of(rules.read(queries.shipped()["phu-tho"]), []) is None

"""Whether what was taken up shows beside like units: a planted effect is found, an absent one is not claimed."""

import random
from math import sqrt

import pytest

from chibo.programmes import rules
from chibo.programmes.rules import Subject, Verdict

RUNS_OF_FEW = 1_000


def nation(seed: int, units: int, effect: float) -> tuple[list[Subject], list[Subject]]:
    """Invented units. Each has its own level; a year lies around it by chance. Who had a bad year takes something up
    six times as often, and would have come up anyway; large units rise by themselves."""
    chance = random.Random(seed)
    took: list[Subject] = []
    others: list[Subject] = []
    for _n in range(units):
        kind = chance.choice(("cell", "grassroots_cell"))
        size = 3 + int(chance.lognormvariate(3, 0.5))
        level = chance.gauss(0.75 if kind == "cell" else 0.80, 0.08)
        before, after = level + chance.gauss(0, 0.06), level + chance.gauss(0, 0.06)
        after += 0.02 if size > 30 else 0
        if chance.random() < 0.02 * (3 if before < 0.70 else 0.5):
            took.append(Subject(kind, size, before, after + effect))
        else:
            others.append(Subject(kind, size, before, after))
    return took, others


def test_a_planted_effect_is_found_among_a_hundred_thousand_units() -> None:
    found = rules.compare(*nation(1, 100_000, 0.02))
    assert found.verdict is Verdict.MORE
    assert found.low < 0.02 < found.high
    assert found.pairs > 0.99 * found.takers
    lost = rules.compare(*nation(2, 100_000, -0.02))
    assert lost.verdict is Verdict.LESS


def test_before_and_after_alone_would_claim_what_is_not_there() -> None:
    took, others = nation(3, 100_000, 0.0)
    naive = sum(one.change for one in took) / len(took) - sum(one.change for one in others) / len(others)
    found = rules.compare(took, others)
    assert naive > 0.02
    assert abs(found.difference) < 0.005
    assert found.verdict is Verdict.NONE_SEEN


def test_an_absent_effect_is_claimed_at_most_five_times_in_a_hundred() -> None:
    claimed = sum(
        rules.compare(*nation(seed, 3_000, 0.0)).verdict in (Verdict.MORE, Verdict.LESS) for seed in range(200)
    )
    assert claimed <= 10


def test_few_or_unlike_units_are_not_enough_to_say() -> None:
    like = [Subject("cell", 20, 0.5 + n / 1000, 0.5) for n in range(100)]
    assert rules.compare([Subject("cell", 20, 0.55, 0.9)] * 9, like).verdict is Verdict.NOT_ENOUGH
    # Of another kind, of another size, or from far off: nobody to stand beside.
    for unlike in (Subject("school", 20, 0.55, 0.9), Subject("cell", 90, 0.55, 0.9), Subject("cell", 20, 0.9, 0.9)):
        found = rules.compare([unlike] * 50, like)
        assert (found.pairs, found.verdict) == (0, Verdict.NOT_ENOUGH)
    half = [Subject("cell", 20, 0.55, 0.9)] * 12 + [Subject("school", 20, 0.55, 0.9)] * 13
    assert rules.compare(half, like).verdict is Verdict.NOT_ENOUGH
    assert rules.compare([], like).verdict is Verdict.NOT_ENOUGH
    assert rules.compare(half, []).verdict is Verdict.NOT_ENOUGH


@pytest.mark.parametrize("value", [0.0, 0.31, 0.5, 0.99])
def test_the_nearest_are_those_that_a_search_of_all_would_find(value: float) -> None:
    chance = random.Random(7)
    others = [Subject("cell", 20, chance.random(), 0.0) for _n in range(300)]
    one = Subject("cell", 20, value, 1.0)
    found = rules.compare([one], others)
    nearest = sorted(others, key=lambda other: abs(other.before - value))[:4]
    assert found.difference == pytest.approx(one.change - sum(other.change for other in nearest) / 4)


@pytest.mark.parametrize(("takers", "others"), [(10, 400), (60, 15), (100, 40)])
def test_an_absent_effect_is_claimed_once_in_a_hundred_however_few_stand_beside(takers: int, others: int) -> None:
    """Few others stand beside many: then differences go up and down together, and say less than their number."""

    def unit(dice: random.Random) -> Subject:
        before = dice.gauss(60, 10)
        return Subject("cell", 23, before, 60 + (before - 60) / 2 + dice.gauss(0, 8))

    claimed = 0
    for seed in range(RUNS_OF_FEW):
        dice = random.Random(seed)
        found = rules.compare([unit(dice) for _ in range(takers)], [unit(dice) for _ in range(others)])
        claimed += found.verdict in (Verdict.MORE, Verdict.LESS)
    # One in a hundred, and three standard deviations of so many runs.
    assert claimed <= RUNS_OF_FEW / 100 + 3 * sqrt(RUNS_OF_FEW / 100)


def test_few_different_units_beside_many_are_not_enough() -> None:
    took = [Subject("cell", 23, 50.0, 60.0 + n % 3) for n in range(40)]
    beside = [Subject("cell", 23, 50.0, 50.0 + n) for n in range(5)]
    found = rules.compare(took, beside)
    assert found.others == 5
    assert found.verdict is Verdict.NOT_ENOUGH


def test_the_caliper_is_of_ones_own_kind() -> None:
    """What scatters widely in another kind widens no search here."""
    wide = [Subject("school", 20, n / 100, 0.5) for n in range(100)]
    narrow = [Subject("cell", 20, 0.5 + n / 10_000, 0.5) for n in range(100)]
    took = [Subject("cell", 20, 0.52, 0.9)] * 10 + [Subject("school", 20, 0.52, 0.9)] * 10
    found = rules.compare(took, [*wide, *narrow])
    assert found.pairs == 10


def test_one_unit_that_stands_beside_in_two_months_is_one() -> None:
    months = [f"cell:2026-0{n}" for n in range(1, 10)]
    beside = [Subject(month, 23, 50.0, 50.0, unit) for month in months for unit in range(4)]
    took = [Subject(month, 23, 50.0, 60.0 + n) for n, month in enumerate(months)] * 2
    found = rules.compare(took, beside)
    assert (found.pairs, found.others, found.verdict) == (18, 4, Verdict.NOT_ENOUGH)


def test_of_many_that_began_at_the_same_value_not_the_same_few_stand_beside_all() -> None:
    """Shares of six tasks have seven values: an effect is found only if many different units stand beside."""

    def unit(dice: random.Random, effect: float) -> Subject:
        before, after = (sum(dice.random() < 0.7 + more for _n in range(6)) / 6 for more in (0.0, effect))
        return Subject("cell", 23, before, after)

    dice = random.Random(1)
    found = rules.compare([unit(dice, 0.06) for _ in range(1_000)], [unit(dice, 0.0) for _ in range(10_000)])
    assert found.others > 1_000
    assert found.verdict is Verdict.MORE
    claimed = 0
    for seed in range(200):
        dice = random.Random(seed)
        said = rules.compare([unit(dice, 0.0) for _ in range(60)], [unit(dice, 0.0) for _ in range(400)])
        claimed += said.verdict in (Verdict.MORE, Verdict.LESS)
    assert claimed <= 2 + 3 * sqrt(2)

"""A month without clashes is found whenever there is one, with the fewest changes; held against a solver."""

import random
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]  # ships no types

from chibo.supervision.rules.planning import Cell, Choice, HalfDay, Slot, cost, half_day, plan

FIRST = [date(2026, 12, day) for day in range(1, 8)]
FAR = 10**6


def evening(day: int) -> Slot:
    return Slot(date(2026, 12, day), HalfDay.EVENING)


def cell(key: str, day: int, *people: str, days: tuple[int, ...] = (1, 2, 3, 4)) -> Cell[str, str]:
    return Cell(key, evening(day), tuple(date(2026, 12, one) for one in days), people)


def test_what_does_not_clash_stays_as_it_is() -> None:
    found = plan([cell("a", 3, "Hùng"), cell("b", 3, "Lộc"), cell("c", 2, "Hùng")])
    assert {key: (one.slot, one.person) for key, one in found.choices.items()} == {
        "a": (evening(3), "Hùng"),
        "b": (evening(3), "Lộc"),
        "c": (evening(2), "Hùng"),
    }


def test_of_two_on_one_evening_one_moves_by_a_day() -> None:
    found = plan([cell("a", 3, "Hùng"), cell("b", 3, "Hùng")])
    assert sorted(one.slot.on.day for one in found.choices.values()) in ([2, 3], [3, 4])


def test_somebody_stands_in_where_no_day_is_left() -> None:
    found = plan([cell("a", 3, "Hùng", days=(3,)), cell("b", 3, "Hùng", "Lộc", days=(3,))])
    assert (found.choices["a"].person, found.choices["b"].person) == ("Hùng", "Lộc")


def test_what_cannot_be_is_named_and_the_others_are_planned() -> None:
    found = plan([cell(key, 3, "Hùng", days=(2, 3)) for key in "abc"])
    assert len(found.choices) == 2
    assert found.without == ("c",)


def test_a_chain_of_changes_is_followed() -> None:
    # Each can only make room if the next one does; only the last has a free evening.
    cells = [
        cell("a", 1, "Hùng", days=(1,)),
        cell("b", 1, "Hùng", days=(1, 2)),
        cell("c", 2, "Hùng", days=(2, 3)),
        cell("d", 3, "Hùng", days=(3, 4)),
    ]
    found = plan(cells)
    assert [found.choices[key].slot.on.day for key in "abcd"] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("at", "half"),
    [("07:30", "morning"), ("11:59", "morning"), ("12:00", "afternoon"), ("16:59", "afternoon"), ("17:00", "evening")],
)
def test_half_days(at: str, half: str) -> None:
    assert half_day(time.fromisoformat(at)) == half


def by_solver(cells: list[Cell[int, int]]) -> tuple[int, int]:
    """How many cells can have a place, and the least cost of giving them one, by a solver of assignments."""
    places: dict[Choice[int], int] = {}
    edges = [
        [
            (places.setdefault(choice, len(places)), cost(one, choice))
            for person in one.people
            for on in one.days
            for choice in [Choice(Slot(on, one.now.half), person)]
        ]
        for one in cells
    ]
    # A place of its own for each cell, so dear that it is only taken where no other is left.
    table = [[FAR * FAR] * (len(places) + len(cells)) for _cell in cells]
    for n, row in enumerate(edges):
        for place, price in row:
            table[n][place] = price
        table[n][len(places) + n] = FAR
    rows, columns = linear_sum_assignment(table)
    prices = [table[row][column] for row, column in zip(rows, columns, strict=True)]
    placed = [price for price in prices if price < FAR]
    return len(placed), sum(placed)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_it_plans_as_many_cells_as_a_solver_at_the_same_cost(seed: int) -> None:
    chance = random.Random(seed)
    people = range(chance.randint(1, 5))
    cells = []
    for n in range(chance.randint(1, 14)):
        days = tuple(sorted(chance.sample(FIRST, chance.randint(1, 4))))
        who = tuple(chance.sample(people, chance.randint(1, len(people))))
        half = chance.choice([HalfDay.MORNING, HalfDay.EVENING, HalfDay.EVENING])
        cells.append(Cell(n, Slot(chance.choice(days), half), days, who))
    found = plan(cells)
    taken = list(found.choices.values())
    assert len(set(taken)) == len(taken), "somebody is in two places"
    for key, choice in found.choices.items():
        assert choice.slot.on in cells[key].days
        assert choice.person in cells[key].people
    paid = sum(cost(cells[key], choice) for key, choice in found.choices.items())
    most, least = by_solver(cells)
    assert len(found.choices) == most
    if most == len(cells):
        assert paid == least


def test_twelve_hundred_cells_and_two_hundred_members_who_all_meet_on_one_evening() -> None:
    # Six cells each and six evenings: there is exactly room, and nobody stands in.
    cells = [Cell(n, evening(3), tuple(FIRST[:6]), (n % 200,)) for n in range(1200)]
    found = plan(cells)
    assert not found.without
    assert len(set(found.choices.values())) == 1200

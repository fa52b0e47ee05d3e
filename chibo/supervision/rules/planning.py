"""A month in which nobody has to be in two cells at once: the fewest moves and stand-ins that make one.

Whoever attends goes to one meeting in half a day (morning, afternoon, evening). Then a schedule is a matching of cells
with pairs of a person and a half-day, and the cheapest one is found by shortest augmenting paths: each cell that finds
its place taken pushes others aside along the cheapest chain of changes, until one of them has a place that was free.
"""

import heapq
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

MOVE, A_DAY, STAND_IN = 100, 2, 120
"""What a change costs: another day (and each day of distance), somebody else. Both together is the last resort."""


class HalfDay(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def half_day(at: time) -> HalfDay:
    """Which half of a day, or its evening, a meeting takes: from noon the afternoon, from 17:00 the evening."""
    if at.hour < 12:
        return HalfDay.MORNING
    return HalfDay.AFTERNOON if at.hour < 17 else HalfDay.EVENING


@dataclass(frozen=True, slots=True)
class Slot:
    on: date
    half: HalfDay


@dataclass(frozen=True, slots=True)
class Cell[K: Hashable, P: Hashable]:
    """A meeting to be attended: when it is set for, the days to which it may move, who may go (its own member first).

    What has been held or announced for good has one day only.
    """

    key: K
    now: Slot
    days: tuple[date, ...]
    people: tuple[P, ...]


@dataclass(frozen=True, slots=True)
class Choice[P: Hashable]:
    """When a meeting is and who goes."""

    slot: Slot
    person: P


@dataclass(frozen=True, slots=True)
class Plan[K: Hashable, P: Hashable]:
    """The schedule by cell, and the cells for which there is no place left whatever is moved."""

    choices: Mapping[K, Choice[P]]
    without: tuple[K, ...]


def cost(cell: Cell[Hashable, Hashable], choice: Choice[Hashable]) -> int:
    """What a choice costs a cell: nothing where it stays as it is."""
    shift = abs((choice.slot.on - cell.now.on).days)
    moved = MOVE + A_DAY * shift if shift else 0
    return moved + STAND_IN * cell.people.index(choice.person)


def plan[K: Hashable, P: Hashable](cells: Sequence[Cell[K, P]]) -> Plan[K, P]:
    """The cheapest schedule without clashes for as many cells as can have one.

    If all of them can, all of them do (a maximum matching); ties are broken by the order of the cells.
    """
    matching = _Matching(cells)
    without = tuple(cell.key for n, cell in enumerate(cells) if not matching.place(n))
    choices = {cells[n].key: matching.places[right] for n, right in matching.of_cell.items()}
    return Plan(choices, without)


class _Matching[K: Hashable, P: Hashable]:
    """Cells on the left, choices (a person in a half-day) on the right; potentials keep costs from going below 0."""

    def __init__(self, cells: Sequence[Cell[K, P]]) -> None:
        index: dict[Choice[P], int] = {}
        self.edges: list[list[tuple[int, int]]] = []
        for cell in cells:
            found = []
            for person in cell.people:
                for on in cell.days:
                    choice = Choice(Slot(on, cell.now.half), person)
                    found.append((index.setdefault(choice, len(index)), cost(cell, choice)))
            self.edges.append(found)
        self.places = list(index)
        self.of_cell: dict[int, int] = {}
        self.of_place: dict[int, int] = {}
        self.left = [0] * len(cells)
        self.right = [0] * len(index)

    def place(self, first: int) -> bool:
        """Gives a cell its place along the cheapest chain of changes; False if there is no chain to a free place."""
        self.left[first] = min((price - self.right[place] for place, price in self.edges[first]), default=0)
        reached: dict[int, int] = {}
        came_from: dict[int, int] = {}
        settled: set[int] = set()
        walked = {first: 0}
        queue: list[tuple[int, int]] = []
        self._look(first, 0, reached, came_from, queue)
        while queue:
            far, place = heapq.heappop(queue)
            if place in settled:
                continue
            settled.add(place)
            if place not in self.of_place:
                self._adjust(far, reached, settled, walked)
                self._push(place, came_from)
                return True
            holder = self.of_place[place]
            walked[holder] = far
            self._look(holder, far, reached, came_from, queue)
        return False

    def _look(
        self, cell: int, far: int, reached: dict[int, int], came_from: dict[int, int], queue: list[tuple[int, int]]
    ) -> None:
        for place, price in self.edges[cell]:
            there = far + price - self.left[cell] - self.right[place]
            if there < reached.get(place, there + 1):
                reached[place], came_from[place] = there, cell
                heapq.heappush(queue, (there, place))

    def _adjust(self, far: int, reached: dict[int, int], settled: set[int], walked: dict[int, int]) -> None:
        """Keeps every cost at nought or more, and at nought on what is matched."""
        for cell, at in walked.items():
            self.left[cell] += far - at
        for place in settled:
            self.right[place] -= far - reached[place]

    def _push(self, place: int, came_from: Mapping[int, int]) -> None:
        """Gives the free place at the end of the chain, and each place before it, to the cell that reached it."""
        while True:
            cell = came_from[place]
            before = self.of_cell.get(cell)
            self.of_cell[cell], self.of_place[place] = place, cell
            if before is None:
                return
            place = before

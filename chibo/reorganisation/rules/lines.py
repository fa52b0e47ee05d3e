"""From the lines of a decision to what becomes of each unit, and what is still wrong with them. Plain Python.

A line speaks of units by their codes, those that are founded by the same decision among them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from chibo.core.names import fold
from chibo.core.period import Period
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.org.rules import Founding, Inheritance, Restructuring


class What(StrEnum):
    """What a line does to its unit."""

    FOUND = "found"  # the unit begins
    RENAME = "rename"
    MOVE = "move"  # below another
    MERGE = "merge"  # it ends and goes on, whole, in another
    SPLIT = "split"  # it ends, and a part of it goes on in another; a line for each part
    CEDE = "cede"  # it stays, and a part of it goes on in another
    CONVERT = "convert"  # it ends and goes on, whole, in a new unit of another kind
    DISSOLVE = "dissolve"  # it ends without an heir


ENDING = frozenset((What.MERGE, What.SPLIT, What.CONVERT, What.DISSOLVE))
INHERITING = frozenset((What.MERGE, What.SPLIT, What.CEDE))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the decision does.

    `unit` is the code of the unit it is about; `name` and `kind` what it is to be; `above` the code of its new superior
    unit; `heir` the code of the unit in which it goes on. A conversion names its new code as `heir`. `n` is the line's
    number in the file or the draft.
    """

    n: int
    what: What
    unit: str
    name: str = ""
    kind: str = ""
    above: str = ""
    heir: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit as it stands on the day before the decision takes effect. `changed_on` is the latest day on which it got
    its name or its place, or gave a part away."""

    unit_id: UUID
    code: str
    kind: str
    name: str
    above: str
    during: Period
    changed_on: date | None


@dataclass(frozen=True, slots=True)
class KindOf:
    """A kind of unit: where it stands (the highest first), whether it has members, and when there are such units."""

    rank: int
    has_members: bool
    during: Period


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not right, and how to mend it. `is_blocking`: with it nothing is applied."""

    what: Said
    mend: Said
    unit: str = ""
    n: int | None = None
    is_blocking: bool = True


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the things of a unit: its heirs as they were named, the first of whom keeps its papers.

    `is_whole`: all goes to the one heir by itself; else it is told matter by matter. `ends`: the unit is no more.
    """

    heirs: tuple[UUID, ...]
    is_whole: bool
    ends: bool


@dataclass(slots=True)
class Plan:
    """What the lines come to: for the tree, for what units hold, and what is wrong."""

    structure: Restructuring
    fates: dict[UUID, Fate]
    ids: dict[str, UUID]
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not any(one.is_blocking for one in self.problems)


def codes_of(lines: Iterable[Line]) -> set[str]:
    """Every code that lines speak of."""
    return {code for line in lines for code in (line.unit, line.above, line.heir) if code}


class _Reading:
    """One reading of the lines against the tree of the day."""

    def __init__(
        self,
        lines: Sequence[Line],
        standing: Mapping[str, Standing],
        kinds: Mapping[str, KindOf],
        on: date,
        taken: Collection[str],
        new_id: Callable[[], UUID],
    ) -> None:
        self.lines, self.standing, self.kinds, self.on, self.taken = lines, standing, kinds, on, taken
        self.problems: list[Problem] = []
        self.of: dict[str, list[Line]] = defaultdict(list)
        self.founded: dict[str, Line] = {}
        for line in lines:
            code = line.heir if line.what is What.CONVERT else line.unit
            if line.what in (What.FOUND, What.CONVERT):
                self._take(code, line)
            if line.what is not What.FOUND:
                self.of[line.unit].append(line)
        self.ids = {code: one.unit_id for code, one in standing.items()}
        self.ids |= {code: new_id() for code in self.founded}
        self.ended = {code for code, own in self.of.items() if any(line.what in ENDING for line in own)}

    def wrong(self, line: Line, what: Said, mend: Said) -> None:
        self.problems.append(Problem(what, mend, unit=line.unit, n=line.n))

    def _take(self, code: str, line: Line) -> None:
        if not code:
            self.wrong(line, _("The new unit has no code."), _("Write a short code that no other unit has."))
        elif code != (plain := "-".join(fold(code).split())):
            self.wrong(
                line,
                _("The code {code} has blanks, capitals or marks.").format(code=code),
                _("Write it in small letters and figures, for example {plain}.").format(plain=plain),
            )
        elif code in self.founded:
            self.wrong(
                line,
                _("Two lines found a unit with the code {code}.").format(code=code),
                _("Give one of the two another code, or take its line out."),
            )
        elif code in self.standing or code in self.taken:
            self.wrong(
                line,
                _("A unit with the code {code} is there already.").format(code=code),
                _("Choose a new code; to let a unit that is there go on, do not found it."),
            )
        else:
            self.founded[code] = line

    # Where things stand once the decision has taken effect

    def kind_after(self, code: str) -> str:
        line = self.founded.get(code)
        return line.kind if line else self.standing[code].kind

    def above_after(self, code: str) -> str:
        line = self.founded.get(code)
        if line:
            if line.above or line.what is What.FOUND:
                return line.above
            return self._follow(self.standing[line.unit].above) if line.unit in self.standing else ""
        for own in self.of.get(code, ()):
            if own.what is What.MOVE:
                return own.above
        return self._follow(self.standing[code].above)

    def _follow(self, above: str) -> str:
        """The superior unit itself, or, where it goes on whole in another, that other."""
        seen = set()
        while above in self.ended and above not in seen:
            seen.add(above)
            heir = self.sole_heir(above)
            if not heir:
                break
            above = heir
        return above

    def sole_heir(self, code: str) -> str:
        """In which unit all of an ended one goes on; empty where it is divided or has no heir."""
        for line in self.of.get(code, ()):
            if line.what in (What.MERGE, What.CONVERT):
                return line.heir
        return ""

    def is_there_after(self, code: str) -> bool:
        return code in self.founded or (code in self.standing and code not in self.ended)

    # What is wrong

    def check(self) -> None:
        for line in self.lines:
            if line.what is not What.FOUND:
                self._check_unit(line)
            if line.what in (What.FOUND, What.CONVERT):
                self._check_founding(line)
            if line.what is What.MOVE:
                self._check_above(line, line.unit, line.above)
            if line.what in INHERITING:
                self._check_heir(line)
            if line.what is What.RENAME:
                self._check_name(line)
        for code, own in self.of.items():
            self._check_together(code, own)
        self._check_circles()

    def _check_unit(self, line: Line) -> None:
        one = self.standing.get(line.unit)
        if one is None:
            if line.unit in self.founded:
                self.wrong(
                    line,
                    _("{code} is founded by this same decision.").format(code=line.unit),
                    _("Found it as it is to be, in one line."),
                )
            else:
                self.wrong(
                    line,
                    _("No unit has the code {code} on that day.").format(code=line.unit or "–"),
                    _("Check the code in the list of units, or the day of the decision."),
                )
            return
        if self.on not in one.during or one.during.since == self.on or one.during.until is not None:
            self.wrong(
                line,
                _("{name} does not exist through that day.").format(name=one.name),
                _("Check the day: the unit must have been there the day before, and not have ended since."),
            )
        elif one.changed_on is not None and one.changed_on >= self.on:
            self.wrong(
                line,
                _("{name} was changed on {day} already, that is on the day of the decision or later.").format(
                    name=one.name, day=f"{one.changed_on:%d/%m/%Y}"
                ),
                _("Choose a later day, or correct that change first."),
            )

    def _check_name(self, line: Line) -> None:
        if not line.name:
            self.wrong(line, _("The new name is missing."), _("Write the name as the decision has it."))

    def _check_founding(self, line: Line) -> None:
        kind = self.kinds.get(line.kind)
        if kind is None:
            self.wrong(line, _("The kind of the new unit is missing."), _("Choose one of the kinds of units."))
            return
        if self.on not in kind.during:
            self.wrong(
                line, _("There were no units of this kind on that day."), _("Choose another kind, or check the day.")
            )
        if line.what is What.FOUND:
            self._check_name(line)
        code = line.heir if line.what is What.CONVERT else line.unit
        if code in self.founded and (line.what is What.FOUND or line.unit in self.standing):
            self._check_above(line, code, self.above_after(code))

    def _check_above(self, line: Line, code: str, above: str) -> None:
        if not above:
            top = min(kind.rank for kind in self.kinds.values())
            if line.what is What.MOVE or self._rank(code) > top:
                self.wrong(line, _("The superior unit is missing."), _("Write the code of the unit above it."))
            return
        if not self._is_usable(line, above):
            return
        if code in self.ids and self._rank(above) >= self._rank(code):
            self.wrong(
                line,
                _("A unit of this kind does not stand below {code}.").format(code=above),
                _("Choose a superior unit of a higher kind."),
            )

    def _rank(self, code: str) -> int:
        kind = self.kinds.get(self.kind_after(code))
        return kind.rank if kind else 0

    def _is_usable(self, line: Line, code: str) -> bool:
        if code not in self.ids:
            self.wrong(
                line,
                _("No unit has the code {code} on that day.").format(code=code),
                _("Found it in a line of its own, or write the code of one that is there."),
            )
        elif not self.is_there_after(code):
            self.wrong(
                line,
                _("{code} ends by this same decision.").format(code=code),
                _("Write the code of a unit that goes on."),
            )
        elif code in self.standing and self.standing[code].during.until is not None:
            self.wrong(line, _("{code} has ended.").format(code=code), _("Write the code of a unit that goes on."))
        elif code in self.standing and self.on not in self.standing[code].during:
            self.wrong(
                line,
                _("{code} does not exist on that day.").format(code=code),
                _("Write the code of a unit that is there on the day of the decision, or check the day."),
            )
        else:
            return True
        return False

    def _check_heir(self, line: Line) -> None:
        if not line.heir:
            self.wrong(
                line, _("In which unit it goes on is missing."), _("Write the code of the unit that takes it over.")
            )
            return
        if line.heir == line.unit:
            self.wrong(line, _("A unit does not go on in itself."), _("Write the code of another unit."))
            return
        if not self._is_usable(line, line.heir) or line.unit not in self.standing:
            return
        own, heir = self.kinds.get(self.standing[line.unit].kind), self.kinds.get(self.kind_after(line.heir))
        if own and heir and own.has_members and not heir.has_members:
            self.wrong(
                line,
                _("Members belong to a cell, and {code} is none.").format(code=line.heir),
                _("Let it go on in a cell."),
            )

    def _check_together(self, code: str, own: Sequence[Line]) -> None:
        whats = {line.what for line in own}
        ending = whats & ENDING
        last = own[-1]
        if ending and whats - ENDING:
            self.wrong(
                last,
                _("One line ends {code}, another one renames it, moves it or takes a part of it.").format(code=code),
                _("Take one of the two out: a unit either ends or goes on."),
            )
        elif len(ending) > 1 or any(
            sum(line.what is what for line in own) > 1 for what in whats - {What.SPLIT, What.CEDE}
        ):
            self.wrong(
                last,
                _("Two lines say different things of {code}.").format(code=code),
                _("Leave one of them; a unit that goes on in several others is split, a line for each."),
            )
        elif len({line.heir for line in own if line.what in INHERITING}) < sum(line.what in INHERITING for line in own):
            self.wrong(
                last, _("The same heir of {code} is named twice.").format(code=code), _("Leave one of the two lines.")
            )

    def _check_circles(self) -> None:
        moved = [line.unit for line in self.lines if line.what is What.MOVE]
        for code in dict.fromkeys([*self.founded, *moved]):
            seen, step = {code}, code
            while step in self.ids and (step in self.founded or step in self.standing):
                step = self.above_after(step)
                if step in seen:
                    line = self.founded.get(code) or self.of[code][0]
                    self.wrong(
                        line,
                        _("{code} would stand below itself.").format(code=code),
                        _("Choose a superior unit that does not stand below it."),
                    )
                    break
                seen.add(step)

    # What it comes to

    def plan(self, below: Mapping[str, Sequence[str]]) -> Plan:
        ids = self.ids
        moved = [(line.unit, line.above) for line in self.lines if line.what is What.MOVE]
        told = {code for code, _above in moved} | self.ended
        for code in sorted(self.ended):
            heir = self.sole_heir(code)
            for child in below.get(code, ()):
                if child not in told:
                    self._child_of_ended(code, child, heir, moved)
        fates = {}
        inherited = []
        for code, own in self.of.items():
            lines = [line for line in own if line.what in INHERITING or line.what is What.CONVERT]
            if code not in self.ids or not (lines or code in self.ended):
                continue
            heirs = [line.heir for line in lines if line.heir in self.ids]
            whole = bool(self.sole_heir(code))
            fates[self.ids[code]] = Fate(tuple(self.ids[one] for one in heirs), whole, code in self.ended)
            inherited += [Inheritance(self.ids[code], self.ids[one], whole) for one in heirs]
        structure = Restructuring(
            founded=self._foundings(),
            renamed=[
                (self.ids[line.unit], line.name)
                for line in self.lines
                if line.what is What.RENAME and line.unit in self.ids
            ],
            moved=[(ids[code], ids[above]) for code, above in moved if code in ids and above in ids],
            inherited=inherited,
            ended=[self.ids[code] for code in self._deepest_first() if code in self.ids],
        )
        return Plan(structure, fates, self.ids, self.problems)

    def _child_of_ended(self, code: str, child: str, heir: str, moved: list[tuple[str, str]]) -> None:
        if heir and heir in self.ids and self._rank(heir) < self._rank(child):
            moved.append((child, heir))
            return
        name, above = self.standing[child].name, self.standing[code].name
        self.problems.append(
            Problem(
                _("{name} stands below {above}, which ends.").format(name=name, above=above),
                _("Say in a line where it moves, or what becomes of it."),
                unit=child,
            )
        )

    def _foundings(self) -> list[Founding]:
        """Those above before those below them."""

        def depth(code: str) -> int:
            n, step = 0, code
            while step in self.founded and n < len(self.founded):
                n, step = n + 1, self.above_after(step)
            return n

        found = []
        for code in sorted(self.founded, key=lambda one: (depth(one), self.founded[one].n)):
            line = self.founded[code]
            above = self.above_after(code)
            name = line.name or (self.standing[line.unit].name if line.unit in self.standing else "")
            found.append(Founding(self.ids[code], code, line.kind, name, self.ids.get(above)))
        return found

    def _deepest_first(self) -> list[str]:
        return sorted(self.ended & set(self.standing), key=lambda code: -self._rank_before(code))

    def _rank_before(self, code: str) -> int:
        kind = self.kinds.get(self.standing[code].kind)
        return kind.rank if kind else 0


def read(
    lines: Sequence[Line],
    standing: Mapping[str, Standing],
    kinds: Mapping[str, KindOf],
    below: Mapping[str, Sequence[str]],
    *,
    on: date,
    taken: Collection[str],
    new_id: Callable[[], UUID],
) -> Plan:
    """What the lines of a decision come to on its day.

    `standing` has every unit that a line speaks of or that stands directly below one that ends, by code; `below` the
    codes of the latter by the code above; `taken` the codes of units of any day. A unit below one that goes on whole in
    another follows it by itself. Nothing raises: what is wrong stands in `Plan.problems`, each with its mend.
    """
    reading = _Reading(lines, standing, kinds, on, taken, new_id)
    reading.check()
    return reading.plan(below)

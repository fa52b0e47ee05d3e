"""Who and what goes where, and what is still left over or lacking then."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chibo.core.words import Said, ngettext
from chibo.core.words import say as _
from chibo.reorganisation.rules.lines import Fate, Problem


@dataclass(frozen=True, slots=True)
class Thing:
    """A member or an open matter of a unit that ends or gives a part away."""

    id: UUID
    label: str
    unit_id: UUID


def destinations(
    things: Iterable[Thing], fates: Mapping[UUID, Fate], told: Mapping[UUID, UUID]
) -> tuple[dict[UUID, UUID], list[Thing]]:
    """Where each thing goes (its id: the unit), and those of units that end of which nobody has said where.

    What was told counts; else all goes to the heir of a unit that goes on whole in another; what a unit that stays is
    not told to give away stays.
    """
    going, left = {}, []
    for thing in things:
        fate = fates[thing.unit_id]
        if thing.id in told:
            if told[thing.id] != thing.unit_id:
                going[thing.id] = told[thing.id]
        elif fate.is_whole and fate.heirs:
            going[thing.id] = fate.heirs[0]
        elif fate.ends:
            left.append(thing)
    return going, left


def members_left(left: Sequence[Thing], codes: Mapping[UUID, str], most: int = 50) -> list[Problem]:
    """A line for each member without a unit; past `most` of them one line for the rest."""
    return _left(
        left,
        codes,
        most,
        _("{label} is left without a unit."),
        _("Say in the list of members to which unit this person goes."),
        lambda n: ngettext("{n} more member is left so.", "{n} more members are left so.", n),
    )


def matters_left(left: Sequence[Thing], codes: Mapping[UUID, str], most: int = 50) -> list[Problem]:
    """A line for each open task without a unit; past `most` of them one line for the rest."""
    return _left(
        left,
        codes,
        most,
        _("The open task “{label}” is left without a unit."),
        _("Say in the list of tasks which unit takes it over, or settle it before the day."),
        lambda n: ngettext("{n} more open task is left so.", "{n} more open tasks are left so.", n),
    )


def _left(
    left: Sequence[Thing],
    codes: Mapping[UUID, str],
    most: int,
    what: Said,
    mend: Said,
    more: Callable[[int], Said],
) -> list[Problem]:
    found = [Problem(what.format(label=thing.label), mend, unit=codes.get(thing.unit_id, "")) for thing in left[:most]]
    if len(left) > most:
        found.append(Problem(more(len(left) - most), mend))
    return found


@dataclass(frozen=True, slots=True)
class CellAfter:
    """A cell as it will be: its code and name, its official members, whether somebody leads it."""

    code: str
    name: str
    official: int
    has_head: bool


def doubts_of(cells: Iterable[CellAfter], *, fewest: int) -> list[Problem]:
    """What does not stop the decision and yet needs a hand: cells without a secretary, or with fewer official members
    than `fewest`."""
    found = []
    for cell in cells:
        if cell.official < fewest:
            found.append(
                Problem(
                    ngettext(
                        "{name} would have {n} official member.",
                        "{name} would have {n} official members.",
                        cell.official,
                    ).format(name=cell.name),
                    _("A cell has at least {fewest}. Let more members go there, or merge it with another cell.").format(
                        fewest=fewest
                    ),
                    unit=cell.code,
                    is_blocking=False,
                )
            )
        if not cell.has_head:
            found.append(
                Problem(
                    _("{name} would have no secretary.").format(name=cell.name),
                    _("Name one in the list of offices, or enter who is appointed once the decision is applied."),
                    unit=cell.code,
                    is_blocking=False,
                )
            )
    return found

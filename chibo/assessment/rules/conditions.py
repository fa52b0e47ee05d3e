"""The facts that a framework may read, and the conditions it sets on them: `at least 90 %`, `below 3`, `yes`.

A fact is a number or a share (both exact, as Fraction), true or false, or None: not known. A condition on what is not
known is itself not known, and whatever hangs on it waits for a person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from chibo.core.words import Said
from chibo.core.words import say as _

type Fact = Fraction | bool | None


class Type(StrEnum):
    NUMBER = "number"
    SHARE = "share"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class FactKind:
    """What a fact is made of, and what it tells, in words."""

    type: Type
    words: Said


FACTS: dict[str, FactKind] = {
    "minutes": FactKind(Type.NUMBER, _("length of the session in minutes")),
    "members": FactKind(Type.NUMBER, _("number of members of the cell")),
    "attendance_share": FactKind(Type.SHARE, _("share of those convened who came")),
    "absent_without_reason": FactKind(Type.NUMBER, _("number of members absent without reason")),
    "longest_excused_streak": FactKind(
        Type.NUMBER, _("most regular meetings in a row that any member missed with reason")
    ),
    "content_prepared_share": FactKind(Type.SHARE, _("share of prepared parts handed in before the meeting")),
    "draft_resolution_ready": FactKind(Type.BOOL, _("draft resolution handed in before the meeting")),
    "committee_met": FactKind(Type.BOOL, _("the committee met before, and it is written down")),
    "leads_alone": FactKind(Type.BOOL, _("the cell has only a secretary")),
    "notice_share": FactKind(Type.SHARE, _("share of those invited who were given notice")),
    "superior_notified": FactKind(Type.BOOL, _("the superior's member was given notice")),
    "has_attending_superior": FactKind(Type.BOOL, _("a superior's member follows the cell")),
    "papers_days_ahead": FactKind(Type.NUMBER, _("days that the papers lay before the members ahead")),
    "agenda_share": FactKind(Type.SHARE, _("share of the parts of the agenda that were dealt with")),
    "has_thematic": FactKind(Type.BOOL, _("the month has a thematic session")),
    "spoke_share": FactKind(Type.SHARE, _("share of those present who spoke")),
    "minutes_written": FactKind(Type.BOOL, _("minutes are written")),
    "criticism_held": FactKind(Type.BOOL, _("criticism and self-criticism are written down")),
    "tasks_met_share": FactKind(Type.SHARE, _("share of the tasks due that were carried out")),
    "has_tasks_due": FactKind(Type.BOOL, _("tasks were due")),
    "conclusion_written": FactKind(Type.BOOL, _("the chair's conclusion is written down")),
    "resolution_adopted": FactKind(Type.BOOL, _("a resolution was carried")),
    "tasks_given": FactKind(Type.BOOL, _("tasks were given")),
    "minutes_adopted": FactKind(Type.BOOL, _("minutes are adopted")),
    "upload_days": FactKind(Type.NUMBER, _("days until the conclusion was in the e-handbook")),
}
"""Every fact by its name; what each says of a session is worked out in queries.facts."""

SHARE = "share"
"""What the share that a person entered is called in the steps of its own criterion."""

_HOW = {"at least": "ge", "more than": "gt", "at most": "le", "below": "lt", "exactly": "eq"}
_WRITTEN = re.compile(r"(at least|more than|at most|below|exactly) (\d{1,9}(?:\.\d{1,4})?) ?(%)?")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on one fact: `how` is ge, gt, le, lt, eq (with a number) or is (with true or false)."""

    fact: str
    how: str
    value: Fraction | bool

    def holds(self, fact: Fact) -> bool | None:
        """Whether it holds of a value; None for a fact that is not known."""
        if fact is None:
            return None
        match self.how:
            case "is":
                return fact is self.value
            case "ge":
                return fact >= self.value
            case "gt":
                return fact > self.value
            case "le":
                return fact <= self.value
            case "lt":
                return fact < self.value
            case _:
                return fact == self.value


type When = tuple[tuple[int, ...], ...]
"""Conditions by their place in a framework's list: one of these lines must hold, each with all of its conditions.

Without a line at all it always holds.
"""


def condition(fact: str, written: str) -> Condition | Said:
    """A condition as it is written; a sentence where it cannot be read, or does not fit its fact."""
    kind = FACTS[fact].type if fact in FACTS else Type.SHARE
    if written in ("yes", "no"):
        if kind is not Type.BOOL:
            return _("“{fact}” is a number; write for example “at least 3”.").format(fact=fact)
        return Condition(fact, "is", written == "yes")
    found = _WRITTEN.fullmatch(" ".join(written.split()))
    if found is None:
        return _(
            "“{written}” is no condition. Write “at least”, “more than”, “at most”, “below” or “exactly” and a number, "
            "for a share with %, or “yes” or “no”."
        ).format(written=written)
    how, number, percent = found.groups()
    if kind is Type.BOOL:
        return _("“{fact}” is either so or not; write “yes” or “no”.").format(fact=fact)
    if (kind is Type.SHARE) != bool(percent):
        return (
            _("“{fact}” is a share; write it with %, for example “at least 90 %”.").format(fact=fact)
            if kind is Type.SHARE
            else _("“{fact}” is a number and no share; write it without %.").format(fact=fact)
        )
    value = Fraction(number) / 100 if percent else Fraction(number)
    if percent and value > 1:
        return _("A share is never above 100 %.")
    return Condition(fact, _HOW[how], value)


def holds(when: When, known: Sequence[bool | None]) -> bool | None:
    """Whether one of the lines holds with all its conditions; None where that hangs on something not known."""
    if not when:
        return True
    is_open = False
    for line in when:
        worst: bool | None = True
        for place in line:
            one = known[place]
            if one is False:
                worst = False
                break
            if one is None:
                worst = None
        if worst:
            return True
        if worst is None:
            is_open = True
    return None if is_open else False

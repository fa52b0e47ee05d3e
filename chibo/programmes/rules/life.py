"""The life of an entry in plain Python: what may follow when, and what each step lacks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chibo.core.words import Said
from chibo.core.words import say as _

LONGEST = 4_000
LONGEST_CYCLE = timedelta(days=10 * 366)
MOST_FIELDS, MOST_CRITERIA = 12, 20
LONGEST_FIELD = 100


class Nature(StrEnum):
    """What a programme begins with; its life is the same."""

    FOUR_GOOD = "four_good"
    MODEL_CELL = "model_cell"
    MASS_MOBILISATION = "mass_mobilisation"
    OTHER = "other"


class State(StrEnum):
    """How far an entry is. Declined, failed and withdrawn end it; recognised stands until it is withdrawn."""

    PREPARING = "preparing"
    REGISTERED = "registered"
    RUNNING = "running"
    RECOGNISED = "recognised"
    DECLINED = "declined"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


IN_HAND = (State.REGISTERED, State.RUNNING, State.RECOGNISED)
"""The states in which an entry counts as undertaken."""


class CheckKind(StrEnum):
    """By whom and when an entry was looked at: by the unit itself, or appraised by the committee above."""

    SELF = "self"
    MIDTERM = "midterm"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Start:
    """What a programme of one nature begins with."""

    title: str
    gist: str
    asks_members: bool
    fields: list[str]
    criteria: dict[str, list[str]]


@cache
def starts() -> Mapping[str, Start]:
    """By nature; read once per process."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "natures.yaml").read_text("utf-8"))
    return {nature: Start(**one) for nature, one in found.items()}


def criteria_for(criteria: Mapping[str, Sequence[str]], kind: str) -> list[str]:
    """The criteria that hold for a kind of unit: those of every kind first, then its own."""
    return [*criteria.get("", ()), *criteria.get(kind, ())]


# A programme and its rounds


def why_not_call(
    title: str, gist: str, fields: Sequence[str], criteria: Mapping[str, Sequence[str]]
) -> dict[str, list[Said]]:
    """What a programme lacks, by field; empty if nothing."""
    wrong: dict[str, list[Said]] = {}
    if not title.strip():
        wrong["title"] = [_("Write what the programme is called.")]
    if not gist.strip():
        wrong["gist"] = [_("Write in a few sentences what units are to do, and why.")]
    if len(fields) > MOST_FIELDS or len({one.casefold() for one in fields}) < len(fields):
        wrong["fields"] = [_("Name each field once, at most {n} of them.").format(n=MOST_FIELDS)]
    elif long := next((one for one in fields if len(one) > LONGEST_FIELD), None):
        why = _("A field is named in at most {n} letters. Shorten: “{field}…”")
        wrong["fields"] = [why.format(n=LONGEST_FIELD, field=long[:40])]
    for kind, lines in criteria.items():
        if len(lines) > MOST_CRITERIA:
            name = f"criteria_{kind}" if kind else "criteria"
            wrong[name] = [_("Write at most {n} criteria.").format(n=MOST_CRITERIA)]
    return wrong


def why_not_open_cycle(
    title: str, registers_until: date, ends_on: date, today: date, *, is_ended: bool, is_taken: bool
) -> dict[str, list[Said]]:
    """What keeps a round from being opened, by field; empty if nothing. `is_taken`: another round has this name."""
    wrong: dict[str, list[Said]] = {}
    if is_ended:
        wrong["title"] = [_("This programme has ended. Call for a new one.")]
    elif not title.strip():
        wrong["title"] = [_("Write what this round is called, such as its year.")]
    elif is_taken:
        wrong["title"] = [_("There is a round of this name already.")]
    if registers_until < today:
        wrong["registers_until"] = [_("That day is over. Choose today or a later day.")]
    if ends_on <= registers_until:
        wrong["ends_on"] = [_("A round ends after the last day to register.")]
    elif ends_on > today + LONGEST_CYCLE:
        wrong["ends_on"] = [_("A round lasts ten years at most.")]
    return wrong


# An entry


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What a unit writes down: what it wants to reach, how that is measured, and where it stands at the beginning."""

    title: str
    aim: str
    measure: str
    baseline: Decimal | None
    target: Decimal | None
    fields: tuple[str, ...] = ()
    adapted: str = ""


def why_not_keep(
    given: Undertaking, fields: Collection[str], *, is_copy: bool, is_taken: bool = False
) -> dict[str, list[Said]]:
    """What may not even be kept, by field; empty if all may. `is_taken`: the unit has entered another of this name."""
    wrong: dict[str, list[Said]] = {}
    if not given.title.strip():
        wrong["title"] = [_("Write what your model is called.")]
    elif is_taken:
        wrong["title"] = [_("Your unit has entered something of this name already.")]
    if not set(given.fields) <= set(fields):
        wrong["fields"] = [_("Choose among the fields of the programme.")]
    if given.adapted.strip() and not is_copy:
        wrong["adapted"] = [_("Only what was taken from another unit is adapted.")]
    return wrong


def what_is_missing(
    given: Undertaking, fields: Collection[str], *, is_copy: bool, asks_members: bool, is_said: bool
) -> dict[str, list[Said]]:
    """What keeps a registration from being handed in, by field; empty if nothing does.

    `asks_members`: the programme wants the members' opinion first; `is_said`: it is written down.
    """
    wrong = why_not_keep(given, fields, is_copy=is_copy)
    if not given.aim.strip():
        wrong["aim"] = [_("Write what you want to reach.")]
    if not given.measure.strip():
        wrong["measure"] = [_("Write by what one sees it: something that can be counted.")]
    if given.baseline is None:
        wrong["baseline"] = [_("Write the number at the beginning; nought is a number too.")]
    if given.target is None:
        wrong["target"] = [_("Write the number that you want to reach.")]
    elif given.target == given.baseline:
        wrong["target"] = [_("The number to be reached is the one at the beginning.")]
    if fields and not given.fields:
        wrong["fields"] = [_("Choose at least one field.")]
    if is_copy and not given.adapted.strip():
        wrong["adapted"] = [_("Write what you do otherwise than the unit from which you took it.")]
    if asks_members and not is_said:
        wrong[""] = [_("Collect the members' opinions in a meeting first, and write down how they voted.")]
    return wrong


def why_not_register(state: State, registers_until: date, today: date) -> Said | None:
    """Why an entry may not be handed in or changed now; None if it may."""
    if state is not State.PREPARING:
        return _("This registration is handed in. It stands as it is.")
    if today > registers_until:
        return _("The last day to register is over. Ask the committee for another round.")
    return None


def why_not_opinion(*, in_favour: int, against: int, abstained: int, entitled: int) -> Said | None:
    """Why the members' opinion may not be written down so; None if it may. Most of all who came are to be in favour:
    who said nothing was not."""
    total = in_favour + against + abstained
    if not total:
        return _("Write how many were in favour, against, and abstained.")
    if total > entitled:
        return _("{total} opinions were entered, but only {n} came to the meeting. Count again.").format(
            total=total, n=entitled
        )
    if in_favour * 2 <= entitled:
        return _("Most members were not in favour. Change the registration and ask them again.")
    return None


def why_not_answer(state: State, *, accepts: bool, why: str) -> Said | None:
    """Why a committee may not accept or decline a registration so; None if it may."""
    if state is not State.REGISTERED:
        return _("This registration is not waiting for an answer.")
    if not accepts and not why.strip():
        return _("Write why it is declined; the unit reads it.")
    return None


def why_not_check(
    state: State, kind: CheckKind, *, words: str, value: Decimal | None, passes: bool | None
) -> dict[str, list[Said]]:
    """What a check lacks, by field; empty if nothing."""
    if state is not State.RUNNING:
        return {"": [_("Only what was accepted and is under way is checked.")]}
    wrong: dict[str, list[Said]] = {}
    if not words.strip():
        wrong["words"] = [_("Write what was done, and what was seen of it.")]
    if value is None:
        wrong["value"] = [_("Write the number as it is now.")]
    if kind is CheckKind.FINAL and passes is None:
        wrong["passes"] = [_("Say whether it reached what it undertook.")]
    return wrong


def why_not_recognise(state: State, *, is_passed: bool, is_recognised_here: bool, decision: str) -> Said | None:
    """Why a committee may not recognise an entry; None if it may."""
    if is_recognised_here:
        return _("This committee has recognised it already.")
    if state not in (State.RUNNING, State.RECOGNISED) or not is_passed:
        return _("It is recognised once a final appraisal has said that it reached what it undertook.")
    if not decision.strip():
        return _("Write the number of the decision.")
    return None


def why_not_withdraw(state: State, *, why: str) -> Said | None:
    """Why an entry, or what was recognised, may not be withdrawn; None if it may."""
    if state in (State.DECLINED, State.FAILED, State.WITHDRAWN):
        return _("This entry has ended already.")
    if not why.strip():
        return _("Write why; it stands in the entry.")
    return None


def why_not_kit(state: State) -> Said | None:
    """Why a unit may not show others how it did it; None if it may."""
    if state is not State.RECOGNISED:
        return _("Others are shown how it is done once a committee has recognised it.")
    return None


def share_reached(baseline: Decimal | None, target: Decimal | None, now: Decimal | None) -> Decimal | None:
    """How much of the way from the starting value to the aim is gone, in whole hundredths; None where it cannot be
    said."""
    if baseline is None or target is None or now is None or baseline == target:
        return None
    return round(100 * (now - baseline) / (target - baseline), 0)

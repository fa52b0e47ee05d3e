"""An inspection step by step, and what stands in the way of each."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.regulations.rules import Words

A_MONTH = timedelta(days=30)
"""So much earlier than its day an inspection is perhaps held; a day further off was mistyped."""


class InspectionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"


YES, NO, NOT_APPLICABLE = "yes", "no", "not_applicable"
SHORTEST_SEED = 8


@cache
def checklist() -> dict[str, Words]:
    """What an inspection of a cell looks at, by code, in its order; read once per process."""
    text = (Path(__file__).parent.parent / "checklist.yaml").read_text("utf-8")
    return {code: Words.of(words) for code, words in yaml.safe_load(text).items()}


def why_not_draw(*, year: int, today: date, seed: str, count: int, cells: int, is_drawn: bool) -> dict[str, list[Said]]:
    """Why a year's cells may not be drawn, by field; empty if they may."""
    if is_drawn:
        return {"seed": [_("The cells of this year are drawn already, under a seed that is published.")]}
    wrong: dict[str, list[Said]] = {}
    if not today.year <= year <= today.year + 1:
        wrong["year"] = [_("Only this year and the next are planned.")]
    if len(seed.strip()) < SHORTEST_SEED:
        wrong["seed"] = [
            _(
                "Take a seed of at least {n} letters or figures that nobody could choose, such as the numbers drawn "
                "that day."
            ).format(n=SHORTEST_SEED)
        ]
    if not 1 <= count <= cells:
        wrong["count"] = [_("Write a number from 1 to {cells}.").format(cells=cells)]
    return wrong


def why_not_hold(state: InspectionState, on: date, *, held_on: date, today: date) -> Said | None:
    """Why the result of an inspection may not be written; None if it may."""
    if state is not InspectionState.PLANNED:
        return _("The result of this inspection is written already.")
    if held_on > today:
        return _("That day is still to come. Write the day of the inspection.")
    if held_on < on - A_MONTH:
        return _("That is long before the day that was set ({day}). Look at the year.").format(day=f"{on:%d/%m/%Y}")
    return None


def what_is_missing(
    answers: Mapping[str, str], found: Mapping[str, tuple[str, date | None]], held_on: date
) -> dict[str, list[Said]]:
    """What the result of an inspection lacks, by the code of its line: each is answered, each “no” has its remedy."""
    wrong: dict[str, list[Said]] = {}
    for code in checklist():
        if answers.get(code) not in (YES, NO, NOT_APPLICABLE):
            wrong[code] = [_("Choose yes, no, or does not apply.")]
        elif answers[code] == NO:
            text, due_on = found.get(code, ("", None))
            if not text.strip():
                wrong[code] = [_("Write what was found and how it is to be mended.")]
            elif due_on is None:
                wrong[code] = [_("Write by when it is to be mended.")]
            elif due_on < held_on:
                wrong[code] = [_("It is mended after the inspection. Choose a later day.")]
    return wrong


def why_not_answer_finding(*, is_closed: bool, answer: str) -> Said | None:
    """Why a cell's answer to a finding may not be kept; None if it may."""
    if is_closed:
        return _("This finding has been looked at again and is closed.")
    if not answer.strip():
        return _("Write what was done.")
    return None


def why_not_recheck(*, is_closed: bool, result: str) -> Said | None:
    """Why a finding may not be closed; None if it may."""
    if is_closed:
        return _("This finding has been looked at again and is closed.")
    if not result.strip():
        return _("Write what was seen when it was looked at again.")
    return None

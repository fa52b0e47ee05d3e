"""What a unit could practise: what was low in its own sessions, and what inspections have found wanting."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.assessment import queries as assessment
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.org.models import Unit
from chibo.regulations.rules import Words
from chibo.supervision import queries as supervision
from chibo.supervision import rules as supervision_rules
from chibo.training import rules
from chibo.training.rules import Exercise, Need, Suggested, Whom

A_YEAR = timedelta(days=366)
_WHOM = {
    Role.SECRETARY: Whom.SECRETARY,
    Role.DEPUTY: Whom.SECRETARY,
    Role.COMMITTEE_MEMBER: Whom.COMMITTEE_MEMBER,
    Role.ATTENDING: Whom.ATTENDING,
}


@dataclass(frozen=True, slots=True)
class Typical:
    """What inspections below a committee have found wanting most often this year, how often, and what to practise."""

    title: Words
    times: int
    exercises: list[Exercise]


def unit_to_train(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """A unit whose needs a viewer may see. Raises NotThere for every other."""
    rows = access.visible(viewer, Capability.SEE_TRAINING, Unit.objects.on(on).named(on), field="")
    unit = rows.select_related("kind").filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def units_to_train(viewer: Actor, on: date) -> list[Unit]:
    """The units whose needs a viewer sees: those of whose committees he is a member or an officer."""
    return list(access.visible(viewer, Capability.SEE_TRAINING, Unit.objects.on(on).named(on), field=""))


def suggested(viewer: Actor, unit: Unit, today: date) -> list[Suggested]:
    """Exercises for a cell by its own scores and findings of the last year, with the reasons of each."""
    access.require(viewer, Capability.SEE_TRAINING, unit)
    low = [Need(one.criterion.code, one.criterion.title, one.times) for one in assessment.low_lately(viewer, unit)]
    found = [Need(code, words) for code, words in supervision.found_wanting(viewer, unit, today - A_YEAR)]
    return rules.suggested(list(rules.exercises().values()), low, found)


def typical(viewer: Actor, unit: Unit, year: int) -> list[Typical]:
    """The typical findings of a year below a committee, the most frequent first; no unit is named."""
    access.require(viewer, Capability.SEE_TRAINING, unit)
    codes = {words: code for code, words in supervision_rules.checklist().items()}
    return [
        Typical(words, times, [one for one in rules.exercises().values() if codes[words] in one.findings])
        for words, times in supervision.again_and_again(viewer, unit, year)
    ]


def whom(viewer: Actor) -> Whom | None:
    """As what a viewer practises, by the first role that he holds; None where it is any."""
    held = {one.role for one in access.held_by(viewer) if one.matter is None}
    return next((whom for role, whom in _WHOM.items() if role in held), None)

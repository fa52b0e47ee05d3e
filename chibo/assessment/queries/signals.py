"""What is worth a second look in a cell, for its leaders and for who follows it."""

from dataclasses import dataclass
from uuid import UUID

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import rules
from chibo.assessment.models import Scoring, SignalAnswer, Tier
from chibo.assessment.queries import scores
from chibo.assessment.rules import Session, Signal
from chibo.core.actor import Actor
from chibo.meetings import queries as meetings
from chibo.meetings.models import Attendance, Contribution, Meeting, Part
from chibo.meetings.rules import CAME, Kind, State
from chibo.org.models import Unit


@dataclass(frozen=True, slots=True)
class Told:
    """A signal, the meeting it is about, and what was answered to it."""

    signal: Signal
    meeting: Meeting
    answer: SignalAnswer | None


def signals_of(viewer: Actor, unit: Unit) -> list[Told]:
    """The signals of a unit's last regular meetings; five queries. Asks who may see them."""
    access.require(viewer, Capability.SEE_SIGNALS, unit)
    rows = Meeting.objects.filter(unit=unit, kind=Kind.REGULAR, state__in=[State.ENDED, State.LOCKED])
    held = list(rows.order_by("-on")[: rules.MEETINGS])
    if not held:
        return []
    found = rules.signals(_sessions(viewer, held))
    answers = {one.sign: one for one in SignalAnswer.objects.select_related("by").filter(meeting=held[0])}
    return [Told(one, held[0], answers.get(one.sign)) for one in found]


def _sessions(viewer: Actor, held: list[Meeting]) -> list[Session]:
    """What the signals look at; a score that the viewer is not to see yet counts as none."""
    ids = [one.pk for one in held]
    speakers: dict[UUID, set[UUID]] = {pk: set() for pk in ids}
    spoke = Contribution.objects.filter(meeting__in=ids, person__isnull=False)
    for meeting_id, person_id in spoke.values_list("meeting_id", "person_id"):
        if person_id is not None:
            speakers[meeting_id].add(person_id)
    came = dict.fromkeys(ids, 0)
    for meeting_id in Attendance.objects.filter(meeting__in=ids, status__in=CAME).values_list("meeting_id", flat=True):
        came[meeting_id] += 1
    material: dict[UUID, list[str]] = {pk: [] for pk in ids}
    prepared = Part.objects.filter(meeting__in=ids, is_prepared=True).exclude(holds="resolution").order_by("position")
    for meeting_id, text in prepared.values_list("meeting_id", "material"):
        material[meeting_id].append(text)
    sheets = Scoring.objects.select_related("framework").filter(
        meeting__in=meetings.unsealed(viewer, Meeting.objects.filter(pk__in=ids)),
        tier=Tier.SELF,
        replaced_by=None,
        handed_in_at__isnull=False,
    )
    scored = {one.meeting_id: one for one in sheets}
    return [
        Session(
            conclusion=one.conclusion,
            material="\n".join(material[one.pk]),
            speakers=frozenset(speakers[one.pk]),
            came=came[one.pk],
            points=scored[one.pk].total if one.pk in scored else None,
            is_judged_full=one.pk in scored and _is_judged_full(scored[one.pk]),
        )
        for one in held
    ]


def _is_judged_full(scoring: Scoring) -> bool:
    """Whether every criterion that facts did not fill in was given full points."""
    leaves = {one.code for one in scores.frozen(scoring.framework).leaves()}
    judged = [
        mark
        for mark in scores.marks_of(scoring).marks
        if mark.code in leaves and mark.is_applicable and not mark.is_by_facts
    ]
    return bool(judged) and all(mark.points == mark.of for mark in judged)

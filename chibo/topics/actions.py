"""What becomes of a suggestion: taken onto an agenda in one step, or left with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import Edit, NotThere, Refused, Stale
from chibo.documents.actions import refuse_classified
from chibo.learning import actions as learning
from chibo.learning import queries as learning_queries
from chibo.meetings import actions as meetings
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind, Outcome, State
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.topics import queries, rules
from chibo.topics.models import Choice, SharedTheme, YearPlan
from chibo.topics.rules import Idea, PlanLine, Source

MOST_LETTERS = 300  # of the title of a part


@transaction.atomic
def take(*, actor: Actor, meeting_id: UUID, key: str, at: datetime) -> Part:
    """Takes a suggestion onto the agenda of a meeting, with its material in the hands of who takes it.

    What is suggested is worked out for the next meeting, as it was on the page, onto whichever it is taken.
    """
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PREPARE_MEETING, meeting.unit)
    today = clock.day_of(at)
    idea = _idea(actor, meeting.unit, key, queries.next_day(meeting.unit, today), today)
    part = meetings.add_part(
        actor=actor,
        meeting_id=meeting_id,
        title=idea.title[:MOST_LETTERS],
        owner_id=actor.person_id if idea.material else None,
        due_on=None,
        at=at,
    )
    if idea.material:
        part = meetings.write_part(
            actor=actor, part_id=part.pk, material=idea.material, seen_version=part.version, at=at
        )
    is_first = not Choice.objects.filter(unit=meeting.unit, key=key).exists()
    choice = Choice.objects.create(
        unit=meeting.unit, key=key, title=idea.title[:MOST_LETTERS], part=part, by_id=actor.person_id, at=at
    )
    if idea.source is Source.SHARED and is_first and not meeting.unit.is_practice:
        SharedTheme.objects.filter(pk=key.removeprefix(queries.SHARED)).update(uses=F("uses") + 1)
    audit.record(actor, Verb.TOPIC_TAKEN, choice, at=at, unit_id=meeting.unit_id, key=key, meeting=str(meeting.pk))
    return part


def _idea(actor: Actor, unit: Unit, key: str, meets_on: date, today: date) -> Idea:
    try:
        return queries.one(actor, unit, key, meets_on, today).idea
    except NotThere:
        raise Refused(_("This is suggested no longer. Open the suggestions again.")) from None


@transaction.atomic
def leave(*, actor: Actor, unit_id: UUID, key: str, meets_on: date, reason: str, at: datetime) -> Choice:
    """Leaves a suggestion with a reason; it stays away as long as its cause lasts."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.PREPARE_MEETING, unit)
    if why := rules.why_not_leave(reason):
        raise Refused(fields={"reason": [why]})
    refuse_classified(reason=reason)
    idea = _idea(actor, unit, key, meets_on, clock.day_of(at))
    choice = Choice.objects.create(
        unit=unit,
        key=key,
        title=idea.title[:MOST_LETTERS],
        is_left=True,
        reason=reason.strip(),
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.TOPIC_LEFT, choice, at=at, unit_id=unit.pk, key=key, reason=reason.strip())
    return choice


@transaction.atomic
def mark_studied(*, actor: Actor, meeting_id: UUID, at: datetime) -> int:
    """Notes that a cell has studied the directives that stood on the agenda of a meeting that was held and were dealt
    with there; returns how many. It may be done twice."""
    meeting = Meeting.objects.locked(meeting_id)
    done = queries.with_origins(meeting.parts.filter(outcome=Outcome.DONE, section="conduct"))
    dealt_with = Choice.objects.filter(unit=meeting.unit, part__in=done, key__startswith=queries.DIRECTIVE)
    taken = {UUID(key.removeprefix(queries.DIRECTIVE)) for key in dealt_with.values_list("key", flat=True)}
    # What was withdrawn meanwhile, or sent after the day of the meeting, is not among these.
    waiting = [one.directive.pk for one in learning_queries.open_orders(meeting.unit, meeting.on)]
    ids = [pk for pk in waiting if pk in taken]
    for pk in ids:
        learning.mark_studied(actor=actor, directive_id=pk, unit_id=meeting.unit_id, on=meeting.on, at=at)
    return len(ids)


@transaction.atomic
def share(
    *, actor: Actor, meeting_id: UUID, title: str, aim: str, questions: str, experience: str, at: datetime
) -> SharedTheme:
    """Puts the theme of a good thematic session into the library, by who leads the cell: its consent is this deed."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.PREPARE_MEETING, meeting.unit)
    reason = rules.why_not_share(
        is_thematic=meeting.kind == Kind.THEMATIC,
        is_locked=meeting.state == State.LOCKED,
        is_held_well=bool(queries.held_well([meeting])),
        is_sealed=queries.is_sealed(meeting, clock.day_of(at)),
    )
    if reason:
        raise Refused(reason)
    if SharedTheme.objects.filter(meeting=meeting).exists():
        raise Refused(_("This session is in the library already."))
    if wrong := rules.why_not_shared_so(title, aim, questions):
        raise Refused(fields=wrong)
    refuse_classified(title=title, aim=aim, questions=questions, experience=experience)
    found = SharedTheme.objects.create(
        unit=meeting.unit,
        meeting=meeting,
        kind_id=meeting.unit.kind_id,
        title=canonical(title),
        aim=aim.strip(),
        questions=questions.strip(),
        experience=experience.strip(),
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.THEME_SHARED, found, at=at, unit_id=meeting.unit_id)
    return found


@transaction.atomic
def withdraw(*, actor: Actor, theme_id: UUID, at: datetime) -> SharedTheme:
    """Takes a theme out of the library; agendas onto which it was taken keep it."""
    rows = SharedTheme.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=theme_id, withdrawn_at=None).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.PREPARE_MEETING, found.unit)
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    audit.record(actor, Verb.THEME_WITHDRAWN, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def write_plan(
    *, actor: Actor, unit_id: UUID, year: int, lines: Sequence[PlanLine], seen_version: int, at: datetime
) -> YearPlan:
    """Keeps the plan of a unit for a year, in the order of its months.

    `seen_version` is the one that was shown, 0 for none. Raises Stale with both texts where somebody else wrote
    meanwhile.
    """
    unit = Unit.objects.select_for_update(no_key=True).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.PLAN_TOPICS, unit)
    if reason := rules.why_not_plan(lines):
        raise Refused(reason)
    for line in lines:
        refuse_classified(title=line.title, aim=line.aim, questions=line.questions)
    known = YearPlan.objects.filter(unit=unit, year=year).first()
    in_order = sorted(lines, key=lambda line: line.month)
    if known is None and seen_version:
        raise Refused(_("This plan is no longer there; what you typed is below. Open the page again."))
    if known is not None and known.version != seen_version:
        raise Stale(
            _("Somebody changed this plan while you were writing. Nothing was overwritten: compare both texts."),
            edit=Edit(
                label=_("Plan of the year"),
                stands=_in_lines(known.as_lines()),
                typed=_in_lines(in_order),
                version=known.version,
            ),
        )
    plan = known or YearPlan(unit=unit, year=year, version=0)
    plan.lines = [asdict(line) for line in in_order]
    plan.version, plan.by_id, plan.at = plan.version + 1, actor.person_id, at
    plan.save()
    audit.record(actor, Verb.PLAN_WRITTEN, plan, at=at, unit_id=unit.pk, year=year)
    return plan


def _in_lines(lines: Iterable[PlanLine]) -> str:
    return "\n".join(f"{line.month:02d}: {line.title}\n{rules.material(line.aim, line.questions)}" for line in lines)


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID], on: date) -> list[Effect]:
    """Lets the heirs of units that end (by unit: the heir) keep the themes that these have shared, and from the year of
    a day on their plans; an heir with a plan of that year keeps his own, of several the latest."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    themes = SharedTheme.objects.select_for_update(of=("self",)).filter(unit__in=to)
    effects = org.reassign("topics_sharedtheme", "unit_id", {one.pk: to[one.unit_id] for one in themes})
    plans = YearPlan.objects.select_for_update(of=("self",)).filter(year__gte=on.year)
    has = set(plans.filter(unit__in=to.values()).values_list("unit_id", "year"))
    moved: dict[UUID, UUID] = {}
    for one in plans.filter(unit__in=to).order_by("-at", "pk"):
        heir = to[one.unit_id]
        if (heir, one.year) not in has:
            has.add((heir, one.year))
            moved[one.pk] = heir
    return effects + org.reassign("topics_yearplan", "unit_id", moved)

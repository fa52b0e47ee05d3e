"""Plays a practice month through the actions that its pages call, step by step as the guide says."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from chibo.assessment import actions as scoring
from chibo.assessment import queries as scores
from chibo.assessment.models import Tier
from chibo.assessment.rules import Given
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.meetings import actions as meetings
from chibo.meetings import queries
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import AttendanceStatus, Nature, VoteMatter
from chibo.people.models import Person, Title
from chibo.tasks import actions as tasks
from chibo.tasks.rules import Outcome
from chibo.testing.make import JUDGED, part_that_holds
from chibo.training import actions
from chibo.training import queries as training
from chibo.training.models import Practice
from chibo.training.rules import Place, Stage, Step

MOST_STEPS = 40


def player(practice: Practice) -> Actor:
    person = Person.objects.get(user=practice.account_id)
    return Actor(name=person.name, user_id=person.user_id, person_id=person.pk)


def step_of(practice: Practice) -> Step:
    """What the guide says now."""
    found = Practice.objects.select_related("account__person", "root").get(pk=practice.pk)
    with clock.set_to(found.now(clock.real_now())):
        step = training.guide(found).step
    assert step is not None
    return step


def play(practice: Practice, owner: Actor, *, until: Stage = Stage.DONE) -> list[Step]:
    """Plays until a stage begins; returns the steps on the way."""
    steps: list[Step] = []
    while (step := step_of(practice)).stage != until:
        assert len(steps) < MOST_STEPS, steps[-3:]
        steps.append(step)
        if step.moves_to:
            actions.move_on(actor=owner, at=clock.real_now())
            continue
        assert step.place is not None
        assert step.thing is not None
        practice.refresh_from_db()
        with clock.set_to(practice.now(clock.real_now())):
            _DO[step.place](practice, player(practice), step)
            actions.follow_up(practice=practice)
    return steps


def _meeting(step: Step) -> Meeting:
    return Meeting.objects.select_related("unit").get(pk=_id(step))


def _change(practice: Practice, actor: Actor, step: Step) -> None:
    one = _meeting(step)
    meetings.change_meeting(
        actor=actor,
        meeting_id=one.pk,
        on=one.on,
        time=one.time,
        place="Nhà văn hóa",
        topic="",
        seen_version=one.version,
        at=clock.now(),
    )


def _assign(practice: Practice, actor: Actor, step: Step) -> None:
    part = Part.objects.get(pk=_id(step))
    third = Person.objects.get(offices__title=Title.COMMITTEE_MEMBER, offices__unit=practice.cell)
    meetings.assign_part(
        actor=actor,
        part_id=part.pk,
        title=part.title,
        owner_id=third.pk,
        due_on=part.due_on,
        seen=part.given_as,
        at=clock.now(),
    )


def _write(practice: Practice, actor: Actor, step: Step) -> None:
    part = Part.objects.get(pk=_id(step))
    meetings.hand_in(actor=actor, part_id=part.pk, material="Làm xong rãnh.", seen_version=part.version, at=clock.now())


def _meet(practice: Practice, actor: Actor, step: Step) -> None:
    assert actor.person_id
    meetings.record_preparatory_meeting(
        actor=actor,
        meeting_id=_id(step),
        held_on=clock.today(),
        attendee_ids=[actor.person_id],
        agreed="Thống nhất.",
        seen_version=0,
        at=clock.now(),
    )


def _announce(practice: Practice, actor: Actor, step: Step) -> None:
    meetings.announce(actor=actor, meeting_id=_id(step), at=clock.now())


def _open(practice: Practice, actor: Actor, step: Step) -> None:
    meetings.open_meeting(actor=actor, meeting_id=_id(step), at=clock.now())


def _name(practice: Practice, actor: Actor, step: Step) -> None:
    deputy = Person.objects.get(offices__title=Title.DEPUTY, offices__unit=practice.cell)
    meetings.name_chair_and_clerk(
        actor=actor, meeting_id=_id(step), chair_id=actor.person_id, clerk_id=deputy.pk, guests="", at=clock.now()
    )


def _call(practice: Practice, actor: Actor, step: Step) -> None:
    called = [(line.membership.pk, AttendanceStatus.PRESENT, "") for line in queries.roll(_meeting(step))]
    meetings.call_roll(actor=actor, meeting_id=_id(step), called=called, at=clock.now())


def _speak(practice: Practice, actor: Actor, step: Step) -> None:
    part = Part.objects.get(pk=_id(step))
    meetings.record_contribution(
        actor=actor,
        meeting_id=part.meeting_id,
        part_id=part.pk,
        person_id=actor.person_id,
        guest="",
        nature=Nature.OPINION,
        gist=step.said,
        at=clock.now(),
    )


def _resolve(practice: Practice, actor: Actor, step: Step) -> None:
    one = _meeting(step)
    if getattr(one, "resolution", None) is None or not one.resolution.clauses.exists():
        meetings.write_clause(actor=actor, meeting_id=one.pk, text="Làm xong rãnh.", at=clock.now())
        return
    meetings.take_vote(
        actor=actor,
        meeting_id=one.pk,
        subject="Thông qua nghị quyết",
        matter=VoteMatter.ORDINARY,
        part_id=part_that_holds(one, "resolution").pk,
        in_favour=8,
        against=0,
        abstained=0,
        not_voting=0,
        is_on_resolution=True,
        at=clock.now(),
    )


def _give(practice: Practice, actor: Actor, step: Step) -> None:
    others = Person.objects.filter(memberships__unit=practice.cell).exclude(user=practice.account_id)
    for n, who in enumerate([*others.order_by("pk")[:2].values_list("pk", flat=True), actor.person_id]):
        assert who
        meetings.give_task(
            actor=actor,
            meeting_id=_id(step),
            title=f"Việc thứ {n + 1}",
            expected="",
            due_on=clock.today() + timedelta(days=17),
            assignee_ids=[who],
            clause_id=None,
            at=clock.now(),
        )


def _conclude(practice: Practice, actor: Actor, step: Step) -> None:
    one = _meeting(step)
    meetings.conclude(
        actor=actor,
        meeting_id=one.pk,
        conclusion="Thống nhất.",
        lessons="",
        seen_version=one.version,
        at=clock.now(),
    )


def _end(practice: Practice, actor: Actor, step: Step) -> None:
    meetings.end_meeting(actor=actor, meeting_id=_id(step), at=clock.now())


def _score(practice: Practice, actor: Actor, step: Step) -> None:
    one, at = _meeting(step), clock.now()
    side = scores.side(one, Tier.SELF)
    view = scores.view(side.framework, side.sheet, scores.month_of(None, one, at))
    judged = {line.criterion.code for line in view.lines if line.says is None and line.is_applicable}
    low = {code: Given(remedy="Nhắc từng đồng chí.") for code in view.result.remedies}
    given = low | {code: Given(JUDGED[code]) for code in judged}
    kept = scoring.save_sheet(actor=actor, meeting_id=one.pk, tier=Tier.SELF, given=given, seen_version=0, at=at)
    scoring.hand_in(actor=actor, meeting_id=one.pk, tier=Tier.SELF, seen_version=kept.version, at=at)


def _minutes(practice: Practice, actor: Actor, step: Step) -> None:
    one = _meeting(step)
    revision = queries.latest_revision(one)
    assert revision
    if one.locked_at:
        meetings.issue_resolution(actor=actor, meeting_id=one.pk, at=clock.now())
    elif one.minutes.read_back_at:
        meetings.adopt_minutes(actor=actor, meeting_id=one.pk, seen_revision=revision.number, at=clock.now())
    else:
        meetings.read_back(actor=actor, meeting_id=one.pk, seen_revision=revision.number, at=clock.now())


def _report(practice: Practice, actor: Actor, step: Step) -> None:
    tasks.report_task(actor=actor, task_id=_id(step), outcome=Outcome.DONE, text="Đã làm xong.", at=clock.now())


def _id(step: Step) -> UUID:
    assert step.thing is not None
    return step.thing


_DO: dict[Place, Callable[[Practice, Actor, Step], None]] = {
    Place.CHANGE: _change,
    Place.ASSIGN: _assign,
    Place.PART: _write,
    Place.PREPARATORY: _meet,
    Place.ANNOUNCE: _announce,
    Place.HOLD: _open,
    Place.OFFICERS: _name,
    Place.ROLL: _call,
    Place.SPEAK: _speak,
    Place.RESOLUTION: _resolve,
    Place.TASKS: _give,
    Place.CONCLUDE: _conclude,
    Place.END: _end,
    Place.SHEET: _score,
    Place.MINUTES: _minutes,
    Place.TASK: _report,
}

"""Whose practice it is, and how far its month is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from chibo.assessment import queries as assessment
from chibo.assessment.models import Tier
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.models import KeptForm
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting, Minutes, Resolution
from chibo.meetings.rules import Kind, State
from chibo.org.models import Unit
from chibo.tasks.models import Task
from chibo.tasks.rules import State as TaskState
from chibo.training import rules
from chibo.training.models import Practice
from chibo.training.rules import Month, Stage, Step


@dataclass(frozen=True, slots=True)
class Guide:
    """What comes next in a practice, and the address of the page with it ("" where the clock is moved on)."""

    practice: Practice
    now: datetime
    step: Step | None
    url: str

    @property
    def is_over(self) -> bool:
        """Whether the whole month was played."""
        return self.step is not None and self.step.stage is Stage.DONE


def of_owner(viewer: Actor) -> Practice | None:
    """The practice that belongs to a viewer's account, or as whose account he is seen."""
    rows = Practice.objects.select_related("owner", "account__person", "root", "cell")
    return rows.filter(owner_id=viewer.user_id).first() if viewer.user_id else None


def played(owner_id: UUID, practice_id: str) -> Practice | None:
    """The practice in which a session is, if it still belongs to whom the session does."""
    rows = Practice.objects.select_related("owner", "account__person", "root", "cell")
    return rows.filter(pk=practice_id, owner_id=owner_id).first()


def kept_in(owner_id: UUID, form_id: UUID) -> Practice | None:
    """The practice of an owner for whose account a form was kept; None for any other form."""
    kept = KeptForm.objects.filter(pk=form_id).values("user_id")
    rows = Practice.objects.select_related("owner", "account__person", "root", "cell")
    return rows.filter(owner_id=owner_id, account_id__in=kept).first()


def unused(real: datetime) -> QuerySet[Practice]:
    """Practices with which nobody has gone on for long."""
    return Practice.objects.filter(set_at__lt=real - rules.KEPT_UNUSED).order_by("set_at")


def units_of(practice: Practice) -> list[UUID]:
    """The units of a practice."""
    return list(Unit.objects.filter(path__startswith=practice.root.path).values_list("pk", flat=True))


def guide(practice: Practice) -> Guide:
    """What comes next, at the present instant of the practice."""
    now = clock.now().astimezone(clock.HERE)
    month = month_of(practice, now)
    step = rules.next_step(month) if month else None
    url = reverse(step.place.value, args=[step.thing]) if step and step.place and step.thing else ""
    return Guide(practice, now, step, url)


def month_of(practice: Practice, now: datetime) -> Month | None:
    """The facts of the month that is practised; None where its meeting is gone."""
    rows = Meeting.objects.select_related("unit", "preparatory", "resolution", "minutes")
    meeting = rows.filter(unit=practice.cell_id, kind=Kind.REGULAR).order_by("on").first()
    if meeting is None:
        return None
    month = Month(
        meeting=meeting.pk,
        state=State(meeting.state),
        on=meeting.on,
        begins_at=clock.instant(meeting.on, meeting.time.hour, meeting.time.minute),
        now=now,
        has_place=bool(meeting.place),
        has_met=hasattr(meeting, "preparatory"),
    )
    if meeting.is_open:
        return _with_the_evening(month, meeting)
    if meeting.is_over:
        return _with_what_follows(month, practice, meeting)
    return _with_parts(month, practice, meeting)


def _me(practice: Practice) -> UUID:
    """The person whom the practising one plays."""
    return practice.account.person.pk


def _with_parts(month: Month, practice: Practice, meeting: Meeting) -> Month:
    waiting = list(meeting.parts.filter(is_prepared=True, handed_in_at=None))
    me = _me(practice)
    theirs = [one.due_on or meeting.on for one in waiting if one.owner_id not in (None, me)]
    return replace(
        month,
        nobodys=next((one.pk for one in waiting if one.owner_id is None), None),
        mine=next((one.pk for one in waiting if one.owner_id == me), None),
        mine_is_called=next((one.title for one in waiting if one.owner_id == me), ""),
        mine_is_the_draft=next((one.holds == "resolution" for one in waiting if one.owner_id == me), False),
        nobodys_is_called=next((one.title for one in waiting if one.owner_id is None), ""),
        theirs_due_on=max(theirs, default=None),
    )


def _with_the_evening(month: Month, meeting: Meeting) -> Month:
    texts, said = rules.texts().said, meeting.contributions.count()
    unsaid = texts[said] if said < len(texts) else None
    resolution: Resolution | None = getattr(meeting, "resolution", None)
    given = list(Task.objects.filter(origin_id=meeting.pk).exclude(state=TaskState.CANCELLED).order_by("pk"))
    least = meetings.rule(meeting, "meeting.minutes.alone")
    assert isinstance(least, int)
    return replace(
        month,
        has_officers=meeting.chair_id is not None and meeting.clerk_id is not None,
        is_called=all(line.attendance for line in meetings.roll(meeting)),
        discussion=meeting.parts.filter(holds="discussion").values_list("pk", flat=True).first(),
        unsaid=unsaid.gist if unsaid else "",
        unsaid_by=unsaid.who if unsaid else "",
        clauses=resolution.clauses.count() if resolution else 0,
        is_voted=bool(resolution and resolution.vote_id),
        tasks=len(given),
        incomplete_task=next((one.pk for one in given if one.due_on is None or not one.assignees.exists()), None),
        has_conclusion=bool(meeting.conclusion.strip()),
        last_minute=meeting.opened_at and meeting.opened_at + timedelta(minutes=least),
    )


def _with_what_follows(month: Month, practice: Practice, meeting: Meeting) -> Month:
    side = assessment.side(meeting, Tier.SELF)
    minutes: Minutes | None = getattr(meeting, "minutes", None)
    resolution: Resolution | None = getattr(meeting, "resolution", None)
    to_issue = resolution and resolution.vote and resolution.vote.is_carried and resolution.paper_id is None
    open_tasks = Task.objects.filter(origin_id=meeting.pk, state=TaskState.OPEN)
    own = open_tasks.filter(assignees__person=_me(practice)).order_by("pk").first()
    following = meetings.next_regular(practice.cell_id, meeting.on + timedelta(days=1))
    return replace(
        month,
        is_scored=bool(side.scoring and side.scoring.handed_in_at),
        is_read_back=bool(minutes and minutes.read_back_at),
        is_issued=not to_issue,
        unreported=open_tasks.exclude(assignees__person=_me(practice)).count(),
        own_task=own.pk if own else None,
        next_meeting=following.pk if following else None,
        next_on=following.on if following else None,
    )

"""The lists of tasks, one task with its history, and the ledger that opens the next meeting."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.org.models import Unit, child_below
from chibo.people.models import Membership, Office, Person, Status, Title, Transfer
from chibo.tasks import rules
from chibo.tasks.models import Assignee, Extension, Question, Task, TaskQuerySet, TaskReport
from chibo.tasks.rules import Standing, State

_WORKING = (Status.OFFICIAL, Status.PROBATIONARY, Status.EXEMPT)
_LEADERS = (Title.SECRETARY, Title.DEPUTY)


# The lists


def visible(viewer: Actor) -> TaskQuerySet:
    """The tasks that a viewer may see, without their people."""
    return access.visible(viewer, Capability.SEE_TASKS, Task.objects.all())


def search(viewer: Actor, words: str) -> TaskQuerySet:
    """Tasks in whose title each of these words stands: what is not over first, at most access.MOST_FOUND of them."""
    found = access.found(viewer, Capability.SEE_TASKS, Task.objects.found_by(words))
    return Task.objects.filter(pk__in=found).what_is_due_first()


def _listed(tasks: TaskQuerySet) -> TaskQuerySet:
    return tasks.what_is_due_first().prefetch_related(_assignees())


def _assignees() -> "Prefetch[str]":
    return Prefetch(
        "assignees",
        Assignee.objects.select_related("person").order_by("-is_lead", "person__sort_key", "id"),
    )


def _open_questions() -> "Prefetch[str]":
    """As `waiting`: what the list of questions shows of them."""
    rows = Question.objects.filter(answered_at=None).select_related("by").order_by("at", "id")
    return Prefetch("questions", rows, to_attr="waiting")


def mine(viewer: Actor) -> TaskQuerySet:
    """What a viewer is to do: two queries."""
    own = Assignee.objects.filter(task=OuterRef("pk"), person=viewer.person_id, person__isnull=False)
    return _listed(visible(viewer).filter(Exists(own)))


def given_by_me(viewer: Actor) -> TaskQuerySet:
    """What a viewer gave to others: two queries."""
    return _listed(visible(viewer).filter(given_by_id=viewer.person_id, given_by__isnull=False))


def of_my_unit(viewer: Actor) -> TaskQuerySet:
    """All tasks that a viewer may see: of his unit, for an officer of the units below too. Two queries."""
    return _listed(visible(viewer))


def unit_of_tasks(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """A unit whose tasks a viewer may see, by its last name by a day. Raises NotThere for the unseen."""
    units = access.visible(viewer, Capability.SEE_TASKS, Unit.objects.last_named(on), field="")
    unit = units.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    return unit


def waiting_for_above(viewer: Actor) -> TaskQuerySet:
    """Tasks about which a question waits for somebody else above: four queries, three on a page."""
    waiting = visible(viewer).filter(_has_open_question(~Q(to_unit__in=offices_of(viewer))))
    return _listed(waiting).prefetch_related(_open_questions())


def asked_of(viewer: Actor, unit_id: UUID | None = None) -> TaskQuerySet:
    """Tasks about which a question waits for a viewer's own answer, as an officer of this unit or of any.

    Nothing for who is no officer there. Four queries, three on a page.
    """
    offices = [one for one in offices_of(viewer) if unit_id in (None, one)]
    return _listed(visible(viewer).filter(_has_open_question(Q(to_unit__in=offices)))).prefetch_related(
        _open_questions()
    )


def offices_of(viewer: Actor) -> list[UUID]:
    """The units whose officer a viewer is today: one query."""
    return [one.unit_id for one in access.held_by(viewer) if one.role == Role.OFFICER]


def _has_open_question(which: Q) -> Exists:
    return Exists(Question.objects.filter(which, task=OuterRef("pk"), answered_at=None))


def to_remind(viewer: Actor, unit_id: UUID, *, due_until: date, on: date) -> TaskQuerySet:
    """Open tasks that the meeting of a unit on a day asks for, and of which nobody was reminded today."""
    has_assignee = Exists(Assignee.objects.filter(task=OuterRef("pk")))
    due = Q(due_on=None) | Q(due_on__lte=due_until)
    rows = visible(viewer).filter(has_assignee, due, unit_id=unit_id, state=State.OPEN, given_on__lt=due_until)
    return rows.exclude(reminded_on__gte=on).order_by("id")


def overdue(viewer: Actor, unit: Unit, on: date) -> TaskQuerySet:
    """The tasks of a unit and all below it that are open after their due day, the oldest first. Two queries."""
    rows = visible(viewer).filter(unit__path__startswith=unit.path, state=State.OPEN, due_on__lt=on)
    return rows.prefetch_related(_assignees()).order_by("due_on", "id")


def overdue_by_child(viewer: Actor, unit: Unit, on: date) -> dict[UUID, int]:
    """How many tasks are overdue below each unit directly below one, its own under its own id: one query."""
    child = child_below(unit)
    rows = visible(viewer).filter(unit__path__startswith=unit.path, state=State.OPEN, due_on__lt=on)
    counted = rows.order_by().values(child=child).annotate(n=Count("pk"))
    return {UUID(row["child"]) if row["child"] else unit.pk: row["n"] for row in counted}


# One task


def get(viewer: Actor, task_id: UUID) -> Task:
    """A task with its people and its history. Raises NotThere if there is none that the viewer may see."""
    task = (
        visible(viewer)
        .filter(pk=task_id)
        .select_related("unit", "given_by", "settled_by")
        .prefetch_related(
            _assignees(),
            Prefetch(
                "reports", TaskReport.objects.select_related("by").prefetch_related("files").order_by("-at", "-id")
            ),
            Prefetch("extensions", Extension.objects.select_related("by").order_by("-at", "-id")),
            Prefetch("questions", Question.objects.select_related("by", "answered_by").order_by("-at", "-id")),
        )
        .first()
    )
    if task is None:
        raise NotThere(_("There is no such task, or none that is yours to see."))
    return task


def get_to_correct(viewer: Actor, task_id: UUID) -> Task:
    """A task whose wording the viewer may change now. Raises NotThere, Forbidden, or Refused with the reason."""
    task = get(viewer, task_id)
    access.require(viewer, Capability.GIVE_TASK, task.unit, matter=task.matter)
    if reason := rules.why_not_correct(task.state):
        raise Refused(reason)
    return task


def possible_assignees(unit_id: UUID, on: date) -> QuerySet[Person]:
    """Who can be given a task of a unit on a day: its members but for the suspended and those working elsewhere, its
    guests, and where it has no members of its own who holds an office in it or is its officer."""
    members = Membership.objects.on(on).filter(unit_id=unit_id, status__in=_WORKING).values("person_id")
    guests = Transfer.objects.guests_on(on).filter(to_unit_id=unit_id).values("person_id")
    of_committee = {"unit_id": unit_id, "unit__kind__has_members": False}
    leaders = Office.objects.on(on).filter(**of_committee).values("person_id")
    officers = Grant.objects.on(on).filter(role=Role.OFFICER, **of_committee).values("user__person")
    able = Q(pk__in=members) | Q(pk__in=guests) | Q(pk__in=leaders) | Q(pk__in=officers)
    return Person.objects.filter(able).order_by("sort_key", "id")


def assignable(task: Task, on: date) -> list[Person]:
    """Who can do a task that came from `get`: those who have it, and whom it can be given to on a day."""
    have_it = Q(pk__in=[one.person_id for one in task.assignees.all()])
    able = possible_assignees(task.unit_id, max(task.given_on, on)).values("pk")
    return list(Person.objects.filter(have_it | Q(pk__in=able)).order_by("sort_key", "id"))


def unit_above(unit: Unit) -> UUID | None:
    """The unit directly above today."""
    above = unit.ancestor_ids
    return above[-1] if above else None


def is_officer_of(viewer: Actor, unit_id: UUID) -> bool:
    """Whether a viewer is an officer of this very unit today: one query."""
    return _is_officer(access.held_by(viewer), unit_id)


def _is_officer(held: Iterable[access.Held], unit_id: UUID) -> bool:
    return any(one.role == Role.OFFICER and one.unit_id == unit_id for one in held)


def why_not_settle_ones_own(viewer: Actor, task: Task, assignee_ids: Collection[UUID], on: date) -> Said | None:
    """Why a viewer does not settle a task on a day; None if he may. A query only where he does it himself."""
    is_assignee = viewer.person_id in assignee_ids
    can_others = is_assignee and bool(able_leader_ids(task.unit_id, on).difference(assignee_ids))
    return rules.why_not_settle_ones_own(is_assignee=is_assignee, can_others=can_others)


def doable(viewer: Actor, task: Task, on: date) -> frozenset[str]:
    """The names of the actions that a viewer may do today to a task that came from `get`.

    It asks the rules that the actions ask, so no button leads to a refusal. One query, two where he does the task.
    """
    held = access.held_by(viewer)

    def may(capability: Capability) -> bool:
        return any(reach.covers(task.unit, task.matter) for reach in access.reach_of(held, capability))

    waiting = next((question for question in task.questions.all() if question.answered_at is None), None)
    names = set()
    if waiting is not None and _is_officer(held, waiting.to_unit_id) and may(Capability.ANSWER_TASK):
        names.add("answer")
    if task.is_over:
        return frozenset(names)
    assignee_ids = {one.person_id for one in task.assignees.all()}
    leads = may(Capability.SETTLE_TASK)
    why_not_report = rules.why_not_report(
        task.state, is_assignee=viewer.person_id in assignee_ids, may_speak_for_them=leads
    )
    if why_not_report is None and may(Capability.REPORT_TASK):
        names.add("report")
    if leads:
        if rules.why_not_settle(task.state) is None:
            is_own = why_not_settle_ones_own(viewer, task, assignee_ids, on)
            names |= {"return"} if is_own else {"accept", "return"}
        names |= {"extend"} if task.state == State.OPEN and task.due_on is not None else set()
    if may(Capability.GIVE_TASK):
        names |= {"cancel"} if rules.why_not_correct(task.state) else {"cancel", "correct"}
    if waiting is None and unit_above(task.unit) is not None and may(Capability.RAISE_TASK):
        names.add("raise")
    why_not_remind = rules.why_not_remind(task.state, task.reminded_on, on, has_assignee=bool(assignee_ids))
    if why_not_remind is None and may(Capability.REMIND_TASK):
        names.add("remind")
    return frozenset(names)


# Who is told


def assignee_ids(task_id: UUID) -> set[UUID]:
    return set(Assignee.objects.filter(task_id=task_id).values_list("person_id", flat=True))


def leader_ids(unit_id: UUID, on: date) -> set[UUID]:
    """The secretary and the deputies of a unit on a day."""
    return set(Office.objects.on(on).filter(unit_id=unit_id, title__in=_LEADERS).values_list("person_id", flat=True))


def able_leader_ids(unit_id: UUID, on: date) -> set[UUID]:
    """Those of them who can settle a task: who belong to the Party on that day, are not suspended, and can sign in."""
    belongs = Membership.objects.on(on).filter(person=OuterRef("person")).exclude(status=Status.SUSPENDED)
    led = Office.objects.on(on).filter(unit_id=unit_id, title__in=_LEADERS, person__user__is_active=True)
    return set(led.filter(Exists(belongs)).values_list("person_id", flat=True))


def officer_ids(unit_id: UUID, on: date) -> set[UUID]:
    """The officers of a unit's committee on a day, as far as they stand in the register."""
    officers = Grant.objects.on(on).filter(unit_id=unit_id, role=Role.OFFICER, user__person__isnull=False)
    return set(officers.values_list("user__person", flat=True))


def nearest_officer_ids(unit: Unit, on: date) -> set[UUID]:
    """The officers who keep a unit on a day: of the nearest unit above that has some, or of itself at the root."""
    above = unit.ancestor_ids or [unit.pk]
    rows = Grant.objects.on(on).filter(unit_id__in=above, role=Role.OFFICER, user__person__isnull=False)
    found = set(rows.values_list("unit_id", "user__person"))
    nearest = next((pk for pk in reversed(above) if any(pk == one for one, _person in found)), None)
    return {person for pk, person in found if pk == nearest and person}


# For the meeting


def incomplete(origin_ids: Collection[UUID]) -> list[Said]:
    """What the tasks of these origins lack before their meeting can be closed, a sentence each; one query."""
    has_assignee = Exists(Assignee.objects.filter(task=OuterRef("pk")))
    tasks = Task.objects.filter(origin_id__in=origin_ids).exclude(state=State.CANCELLED)
    lacking = tasks.annotate(has_assignee=has_assignee).filter(Q(due_on=None) | Q(has_assignee=False)).order_by("id")
    return rules.what_is_missing(
        rules.Given(title, due_on is not None, has_assignee)
        for title, due_on, has_assignee in lacking.values_list("title", "due_on", "has_assignee")
    )


def of_origin(origin_ids: Collection[UUID]) -> list[Task]:
    """The tasks given by these origins, with their people, in the order in which they were given: two queries."""
    tasks = Task.objects.filter(origin_id__in=origin_ids).exclude(state=State.CANCELLED)
    return list(tasks.prefetch_related(_assignees()).order_by("id"))


@dataclass(frozen=True, slots=True)
class LatestReport:
    """The last thing that was reported on a task; `returned_because` is empty unless it was given back."""

    outcome: rules.Outcome
    text: str
    by: str
    at: datetime
    returned_because: str


@dataclass(frozen=True, slots=True)
class Row:
    """One task in the ledger: task · status · result. `assignees` are names, who leads first."""

    task_id: UUID
    title: str
    expected: str
    given_on: date
    due_on: date | None
    origin_label: str
    assignees: tuple[str, ...]
    state: State
    outcome: rules.Outcome | None
    standing: Standing
    settlement: str
    report: LatestReport | None

    @property
    def status(self) -> Said:
        return self.standing.words

    @property
    def is_returned(self) -> bool:
        """Whether the latest report was given back, and none came since."""
        return self.state == State.OPEN and self.report is not None and bool(self.report.returned_because)

    @property
    def result(self) -> str:
        """What became of it: the unit's own word, else the latest report that was not given back, else nothing yet."""
        reported = self.report.text if self.report and not self.is_returned else ""
        return self.settlement or reported


def ledger(unit_id: UUID, *, on: date, since: datetime | None, as_of: date | None = None) -> list[Row]:
    """The table that opens the meeting of a unit on a day: three queries, the oldest due day first.

    Every task given before that day that is not over, and those that came to an end after `since`, when the regular
    meeting before ended (None: there was none, so all). A task stays in it until it is settled. The caller has asked
    who may see it. How the tasks stand is told as of that day, or of an earlier one.
    """
    told_already = Q(settled_at__lte=since) if since else Q(pk__in=[])
    tasks = (
        Task.objects.filter(unit_id=unit_id, given_on__lt=on)
        .exclude(told_already)
        .prefetch_related(
            _assignees(),
            Prefetch(
                "reports",
                TaskReport.objects.select_related("by").order_by("task_id", "-at", "-id").distinct("task_id"),
            ),
        )
        .order_by(F("due_on").asc(nulls_first=True), "given_on", "id")
    )
    return [_row(task, as_of or on) for task in tasks]


def _row(task: Task, on: date) -> Row:
    report = next(iter(task.reports.all()), None)
    return Row(
        task_id=task.pk,
        title=task.title,
        expected=task.expected,
        given_on=task.given_on,
        due_on=task.due_on,
        origin_label=task.origin_label,
        assignees=tuple(one.person.name for one in task.assignees.all()),
        state=State(task.state),
        outcome=rules.Outcome(task.outcome) if task.outcome else None,
        standing=task.standing_on(on),
        settlement=task.settlement,
        report=_latest(report) if report else None,
    )


def _latest(report: TaskReport) -> LatestReport:
    return LatestReport(
        outcome=rules.Outcome(report.outcome),
        text=report.text,
        by=report.by.name if report.by else "",
        at=report.at,
        returned_because=report.returned_because,
    )

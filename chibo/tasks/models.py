"""Tasks, those who do them, what was reported, more time, and questions to the unit above."""

from datetime import date
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from chibo.core.keys import uuid7
from chibo.core.words import Said
from chibo.documents.models import File
from chibo.org.models import Fold, Unit, Words, holds
from chibo.people.models import Person
from chibo.tasks import rules
from chibo.tasks.rules import OVER, Outcome, Standing, State

# Plain codes, so that a migration does not depend on the rules of its day.
STATES = [state.value for state in State]
ENDS = sorted(state.value for state in OVER)
OUTCOMES = [outcome.value for outcome in Outcome]


class TaskQuerySet(models.QuerySet["Task"]):
    def found_by(self, words: str) -> Self:
        """Tasks in whose title each of these words stands, marks and case aside."""
        return self.filter(holds("search", words))

    def what_is_due_first(self) -> Self:
        """What is not over first, by due day; then the rest, the latest first."""
        return self.order_by(F("settled_at").desc(nulls_first=True), F("due_on").asc(nulls_first=True), "id")


class Task(models.Model):
    """Something a unit gave somebody to do, perhaps by a day.

    In a meeting a task is written down as it is given, so it may lack a due day or an assignee for a while. `matter` is
    the one thing (a meeting) whose clerk may correct it. Since `recorded_at` its words stand in locked minutes.
    `settled_*` hold for cancelled tasks too. `version` counts the wordings.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=300)
    search = models.GeneratedField(expression=Fold("title"), output_field=models.TextField(), db_persist=True)
    expected = models.TextField(blank=True)
    given_on = models.DateField()
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="tasks_given")
    due_on = models.DateField(null=True)
    origin_kind = models.CharField(max_length=30, blank=True)
    origin_id = models.UUIDField(null=True, db_index=True)
    origin_label = models.CharField(max_length=200, blank=True)
    matter = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=State.OPEN.value)
    outcome = models.CharField(max_length=10, blank=True)
    settlement = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gte=F("given_on")), name="a_task_is_not_due_before_it_is_given"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="a_task_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=ENDS, settled_at__isnull=False) | Q(~Q(state__in=ENDS), settled_at=None),
                name="a_task_that_is_over_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SETTLED.value, outcome__in=OUTCOMES)
                | Q(~Q(state=State.SETTLED.value), outcome=""),
                name="only_a_settled_task_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "settled_at"], name="tasks_of_a_unit"),
            GinIndex(Words("search"), name="task_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    def standing_on(self, day: date) -> Standing:
        return rules.standing(self.state, self.outcome, self.due_on, day)

    def days_left_on(self, day: date) -> Said | None:
        return rules.days_left(self.state, self.due_on, day)


class Assignee(models.Model):
    """Somebody who does a task; one of them leads."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="assignees")
    person = models.ForeignKey(Person, models.PROTECT, related_name="assigned")
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("task", "person", name="a_person_has_a_task_once"),
            models.UniqueConstraint("task", condition=Q(is_lead=True), name="a_task_has_one_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.task_id}"


class TaskReport(models.Model):
    """How it went, as told by one of those who do the task or by the secretary for them. `returned_*`: given back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="reports")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="task_reports")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10)
    text = models.TextField()
    returned_at = models.DateTimeField(null=True)
    returned_because = models.TextField(blank=True)
    files = models.ManyToManyField(File, through="ReportFile", related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="a_report_has_a_known_outcome"),
        ]
        indexes = [models.Index(fields=["task", "-at"], name="reports_of_a_task")]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def outcome_in_words(self) -> Said:
        return rules.OUTCOMES[Outcome(self.outcome)]


class ReportFile(models.Model):
    """A file that goes with a report."""

    report = models.ForeignKey(TaskReport, models.CASCADE, related_name="+")
    file = models.OneToOneField(File, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.report_id} · {self.file_id}"


class Extension(models.Model):
    """More time, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="extensions")
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="an_extension_gives_more_time"),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} → {self.to_on}"


class Question(models.Model):
    """Something about a task that its unit cannot settle, put to the unit above; and the answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, models.CASCADE, related_name="questions")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "task", condition=Q(answered_at=None), name="a_task_waits_for_one_answer_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["to_unit"], name="open_questions", condition=Q(answered_at=None))]

    def __str__(self) -> str:
        return self.text[:60]

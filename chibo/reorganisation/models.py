"""Decisions that change many units on one day: their lines, who and what goes where, and what they did."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chibo.accounts.models import User
from chibo.core.keys import uuid7
from chibo.core.refusals import NotThere
from chibo.org.models import Kind, Unit
from chibo.people.models import Person
from chibo.reorganisation import rules
from chibo.reorganisation.rules import State, What

STATE_WORDS = {
    State.DRAFT: _("draft"),
    State.SUBMITTED: _("waits for approval"),
    State.APPROVED: _("approved, waits for its day"),
    State.APPLIED: _("applied"),
    State.UNDONE: pgettext_lazy("a reorganisation", "undone"),
}
WHAT_WORDS = {
    What.FOUND: _("found"),
    What.RENAME: _("rename"),
    What.MOVE: _("move below another unit"),
    What.MERGE: _("merge into another unit"),
    What.SPLIT: _("split"),
    What.CEDE: _("give a part to another unit"),
    What.CONVERT: _("change the kind"),
    What.DISSOLVE: _("dissolve"),
}


class Sort(models.TextChoices):
    """What an allocation is about."""

    MEMBER = "member", _("member")
    TASK = "task", _("open task")
    OFFICE = "office", _("office or role")


class ReorganisationQuerySet(models.QuerySet["Reorganisation"]):
    def locked(self, reorganisation_id: UUID) -> "Reorganisation":
        """One of them, its row locked until the transaction ends. Raises NotThere."""
        found = self.select_for_update(of=("self",)).select_related("root").filter(pk=reorganisation_id).first()
        if found is None:
            raise NotThere
        return found


class Reorganisation(models.Model):
    """One decision: what it does on its day to units below `root` (None: anywhere in the forest).

    `version` counts what was written into the draft. `note` says why it was sent back or undone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    root = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="reorganisations")
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=200)
    on = models.DateField()
    state = models.CharField(max_length=12, choices=STATE_WORDS.items(), default=State.DRAFT.value)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("root", models.F("on").desc(), name="reorganisations_below_a_unit")]
        constraints = [
            models.CheckConstraint(
                name="two_persons_apply_a_reorganisation",
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("submitted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def state_words(self) -> object:
        return STATE_WORDS[State(self.state)]


class Line(models.Model):
    """One thing that the decision does; units by their codes (rules.Line)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="lines")
    n = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=WHAT_WORDS.items())
    unit = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    kind = models.ForeignKey(Kind, models.PROTECT, null=True, blank=True)
    above = models.CharField(max_length=40, blank=True)
    heir = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("n", "id")
        constraints = [
            models.UniqueConstraint("reorganisation", "n", name="lines_of_a_reorganisation_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.n}. {self.what} {self.unit}"

    @property
    def as_rule(self) -> rules.Line:
        return rules.Line(
            n=self.n,
            what=What(self.what),
            unit=self.unit,
            name=self.name,
            kind=self.kind_id or "",
            above=self.above,
            heir=self.heir,
        )


class Allocation(models.Model):
    """To which unit (by its code) a member or an open task goes, or who holds an office there from the day on.

    `thing` is the id of the person or the task; `title` the office or role.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="allocations")
    sort = models.CharField(max_length=10, choices=Sort.choices)
    thing = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.CharField(max_length=40)
    title = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "reorganisation",
                "thing",
                name="a_member_or_task_goes_to_one_unit",
                condition=~models.Q(sort=Sort.OFFICE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sort} {self.thing} → {self.unit}"


class Done(models.Model):
    """What an applied reorganisation did to one row (org.rules.Effect), so that it can be undone."""

    reorganisation = models.ForeignKey(Reorganisation, models.CASCADE, related_name="effects")
    table = models.CharField(max_length=40)
    row = models.UUIDField()
    column = models.CharField(max_length=40, blank=True)
    was = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column} {self.was}"

"""What became of suggestions, the themes that cells have shared, and the plans of a year."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from chibo.core.keys import uuid7
from chibo.meetings.models import Meeting, Part
from chibo.org.models import Fold, Kind, Unit, Words
from chibo.people.models import Person
from chibo.topics.rules import PlanLine


class Choice(models.Model):
    """What a cell made of one suggestion: taken onto an agenda (its `part`), or left, with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="+")
    is_left = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="what_is_left_says_why", condition=Q(is_left=False) | (Q(is_left=True) & ~Q(reason=""))
            )
        ]
        indexes = [models.Index("unit", models.F("at").desc(), name="choices_of_a_unit")]

    def __str__(self) -> str:
        return self.title[:60]


class SharedTheme(models.Model):
    """A theme of which a cell held a good session and which it lets others take, with what helped (`experience`).

    `kind` is that of the cell: it is suggested to units of the same kind. `uses` counts the units that took it since.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="+")
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    aim = models.TextField()
    questions = models.TextField()
    experience = models.TextField(blank=True)
    search = models.GeneratedField(expression=Fold("title"), output_field=models.TextField(), db_persist=True)
    uses = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                "kind", models.F("uses").desc(), models.F("at").desc(),
                name="shared_themes_of_a_kind", condition=Q(withdrawn_at=None),
            ),
            GinIndex(Words("search"), name="shared_theme_words"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title[:60]


class YearPlan(models.Model):
    """What a unit is to talk about in a year; that of a committee is suggested to all below it.

    `lines` is a list of {month, title, aim, questions} in the order of the months.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    lines = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("unit", "year", name="a_unit_has_one_plan_a_year")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"

    def as_lines(self) -> list[PlanLine]:
        return [PlanLine(**line) for line in self.lines]

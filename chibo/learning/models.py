"""What was sent down, what committees between added, how far each unit is; and what there is to read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.core.keys import uuid7
from chibo.documents.models import File
from chibo.learning.rules import Nature, Stage
from chibo.org.models import Unit
from chibo.people.models import Person

NATURE_WORDS = {
    Nature.DIRECTIVE: _("to be studied and reported on"),
    Nature.GUIDANCE: _("guidance on what to talk about"),
}
STAGE_WORDS = {
    Stage.SENT: _("sent, not received yet"),
    Stage.RECEIVED: _("received"),
    Stage.STUDIED: _("studied"),
    Stage.REPORTED: _("reported on"),
}


class Directive(models.Model):
    """What a committee sends to the units below it, to all or to some `kinds` of them, to be dealt with `until` a day.

    `gist` says in its own words what it asks, `questions` open the discussion. `ended_on` is when it was withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    nature = models.CharField(max_length=10, choices=NATURE_WORDS.items())
    title = models.CharField(max_length=300)
    gist = models.TextField()
    questions = models.TextField(blank=True)
    kinds = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    sent_on = models.DateField()
    until = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("unit", models.F("until").desc(), name="directives_of_a_unit")]

    def __str__(self) -> str:
        return self.title[:60]


class Adaptation(models.Model):
    """What a committee between adds for the units below it: its plan, and its own day, not after the one above."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    directive = models.ForeignKey(Directive, models.PROTECT, related_name="adaptations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    plan = models.TextField()
    until = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("directive", "unit", name="a_unit_adapts_a_directive_once")]

    def __str__(self) -> str:
        return self.plan[:60]


class Receipt(models.Model):
    """How far one unit is with a directive; without a row it has only been sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    directive = models.ForeignKey(Directive, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=STAGE_WORDS.items(), default=Stage.RECEIVED)
    studied_on = models.DateField(null=True, blank=True)
    changes = models.TextField(blank=True)
    who = models.TextField(blank=True)
    needs = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("directive", "unit", name="a_unit_receives_a_directive_once", include=["stage"]),
            models.CheckConstraint(
                name="what_was_studied_has_its_day",
                condition=Q(stage=Stage.RECEIVED) | Q(studied_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_report_says_what_changes", condition=~Q(stage=Stage.REPORTED) | ~Q(changes="")
            ),
        ]
        indexes = [models.Index("unit", name="receipts_of_a_unit")]

    def __str__(self) -> str:
        return f"{self.stage} {self.directive}"


class Material(models.Model):
    """Something to read that a committee keeps for the units below it, of all or some `kinds`; its newest edition
    counts. It may belong to a directive. `ended_on` is when it was taken out of use."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    directive = models.ForeignKey(Directive, models.PROTECT, null=True, blank=True, related_name="materials")
    title = models.CharField(max_length=300)
    kinds = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("unit", models.F("id").desc(), name="materials_of_a_unit")]

    def __str__(self) -> str:
        return self.title[:60]


class Edition(models.Model):
    """One edition of a material, as it was published: its `text` is read first, since it weighs nothing; a file and a
    recording may go with it. `what_changed` says why it follows the one before."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    material = models.ForeignKey(Material, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    what_changed = models.TextField(blank=True)
    file = models.OneToOneField(File, models.PROTECT, null=True, blank=True, related_name="+")
    audio = models.OneToOneField(File, models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("material", "number", name="editions_of_a_material_are_counted"),
            models.CheckConstraint(
                name="a_later_edition_says_what_changed", condition=Q(number=1) | ~Q(what_changed="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.material} {self.number}"


class Reading(models.Model):
    """A material on the reading list of a month (its first day), set by a committee for the units below it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    material = models.ForeignKey(Material, models.PROTECT, related_name="readings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    month = models.DateField()
    why = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", "month", "material", name="a_month_lists_a_material_once"),
            models.CheckConstraint(name="a_reading_list_is_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.material}"

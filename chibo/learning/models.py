"""What was sent down, what committees between added, and how far each unit is."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.core.keys import uuid7
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

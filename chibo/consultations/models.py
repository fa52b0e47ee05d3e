"""Drafts that are open for comments, what was said of them, and the points with their answers."""

from datetime import date
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.consultations.rules import Decision
from chibo.core.keys import uuid7
from chibo.org.models import Unit
from chibo.people.models import Person

DECISION_WORDS = {
    Decision.TAKEN: _("taken"),
    Decision.PARTLY: _("taken in part"),
    Decision.NOT: _("not taken"),
}


class Consultation(models.Model):
    """A draft of a committee, open until a day to the units below it, and to the public where `is_public`.

    `text` is what was laid open and never changes: a comment names a paragraph by its number in it. `new_text` is what
    came of it, once every point has its answer, and `changes` (a list of rules.Change) what that changed, worked out
    once. `ended_at` is when comments were ended before their time; `counted` is how much came from the public on
    `counted_on`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    text = models.TextField()
    code = models.CharField(max_length=16, unique=True)
    is_public = models.BooleanField(default=False)
    opens_on = models.DateField()
    closes_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    counted_on = models.DateField(null=True, blank=True)
    counted = models.PositiveIntegerField(default=0)
    new_text = models.TextField(blank=True)
    changes = models.JSONField(default=list, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="what_is_concluded_has_its_new_text", condition=Q(concluded_at=None) | ~Q(new_text="")
            )
        ]
        indexes = [models.Index("unit", models.F("closes_on").desc(), name="consultations_of_a_unit")]

    def __str__(self) -> str:
        return self.title[:60]

    def is_open_on(self, day: date) -> bool:
        """Whether comments are taken on a day: until its last one, unless they were ended before."""
        return self.ended_at is None and day <= self.closes_on


class Point(models.Model):
    """What several comments on one paragraph (0: on the whole) have in common, and the answer to it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="points")
    paragraph = models.PositiveSmallIntegerField()
    gist = models.TextField()
    decision = models.CharField(max_length=10, choices=DECISION_WORDS.items(), blank=True)
    why = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="what_is_not_wholly_taken_says_why",
                condition=~Q(decision__in=[Decision.PARTLY, Decision.NOT]) | ~Q(why=""),
            )
        ]
        indexes = [models.Index("consultation", "paragraph", name="points_of_a_draft")]

    def __str__(self) -> str:
        return self.gist[:60]


class Comment(models.Model):
    """What a cell (`unit`) or somebody of the public says about a paragraph (0: about the whole).

    Of the public nothing is kept of who it was, nor the hour: the id is random, and of the day only its week stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    paragraph = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    week = models.DateField()
    point = models.ForeignKey(Point, models.SET_NULL, null=True, blank=True, related_name="comments")

    class Meta:
        indexes = [
            models.Index("consultation", "paragraph", name="comments_without_a_point", condition=Q(point=None)),
            models.Index("unit", "consultation", name="comments_of_a_unit", condition=Q(unit__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.text[:60]

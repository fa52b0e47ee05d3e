"""What became of suggestions."""

from django.db import models
from django.db.models import Q

from chibo.core.keys import uuid7
from chibo.meetings.models import Part
from chibo.org.models import Unit
from chibo.people.models import Person


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

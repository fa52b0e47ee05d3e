"""One line for each change, written in the change's own transaction, never altered afterwards."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from chibo.core.keys import uuid7


class Entry(models.Model):
    """Who did what to which thing of which unit, when, and the facts of it.

    Ids are plain: the audit lies below every domain and outlives what it tells of. Its rows are closed to UPDATE and
    DELETE by a trigger, but for `delivered_at`, which says that every reaction has had its turn.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=120)
    verb = models.CharField(max_length=60)
    unit_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    facts = models.JSONField(default=dict)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index("object_id", "id", name="audit_of_a_thing"),
            models.Index("unit_id", "id", name="audit_of_a_unit"),
            models.Index("id", name="audit_undelivered", condition=models.Q(delivered_at=None)),
            BrinIndex("at", name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.object_id}"


class Delivery(models.Model):
    """How one reaction fared with one entry; rows exist only for what was done or has failed."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="deliveries")
    reaction = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("entry", "reaction", name="a_reaction_meets_an_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} × {self.attempts}"

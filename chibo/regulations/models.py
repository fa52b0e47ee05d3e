"""Values that committees set for the units below them, over what is shipped."""

from django.db import models

from chibo.core.fields import PeriodField
from chibo.core.keys import uuid7
from chibo.org.models import Unit


class Value(models.Model):
    """What a committee set an open key to, for a unit and all below it, in a period.

    `kind` narrows it to one kind of unit (empty: all kinds). One value per key, unit and kind at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="regulation_values")
    kind = models.CharField(max_length=30, blank=True)
    value = models.JSONField()
    during = PeriodField()
    issuer = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    set_at = models.DateTimeField()

    unit_name: str | None

    def __str__(self) -> str:
        return f"{self.key} {self.unit}"

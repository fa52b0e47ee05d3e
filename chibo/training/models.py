"""Practices: whose, which tree, and what its clock shows."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.keys import uuid7
from chibo.org.models import Unit
from chibo.training import rules


class Practice(models.Model):
    """A practice of one account: a tree of invented units below `root`, in whose `cell` it acts as `account`.

    `account` has no password: the session of the owner acts as it, openly. The clock of the practice was set to `at` at
    the real instant `set_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="practices")
    account = models.OneToOneField(User, models.CASCADE, related_name="practice")
    root = models.OneToOneField(Unit, models.CASCADE, related_name="+")
    cell = models.OneToOneField(Unit, models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    at = models.DateTimeField()
    set_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", name="one_practice_at_a_time"),
            models.CheckConstraint(condition=~Q(owner=models.F("account")), name="nobody_practises_as_himself"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.cell_id}"

    def now(self, real: datetime) -> datetime:
        """What its clock shows at a real instant."""
        return rules.clock_at(self.at.astimezone(clock.HERE), self.set_at, real)

"""Grants: powers that do not follow from a membership or an office by themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from chibo.accounts.models import User
from chibo.core.fields import PeriodField
from chibo.core.keys import uuid7
from chibo.org.models import Unit
from chibo.people.models import InPeriod


class Role(models.TextChoices):
    """A named set of capabilities; which, is in policy.csv."""

    MEMBER = "member", _("member")
    PROBATIONARY = "probationary", _("probationary member")
    CLERK = "clerk", _("clerk of the meeting")
    OBSERVER = "observer", _("observer of the meeting")
    COLLECTOR = "collector", _("collector of dues")
    COMMITTEE_MEMBER = "committee_member", _("committee member")
    DEPUTY = "deputy", _("deputy secretary")
    SECRETARY = "secretary", _("secretary")
    ATTENDING = "attending", _("attending superior")
    OFFICER = "officer", _("officer of a committee")
    OPERATOR = "operator", _("system operator")


class Grant(models.Model):
    """A role given to an account for a unit in a period.

    With `subtree` it reaches everything below the unit; with `matter` it reaches one thing of the unit only (the clerk
    of one meeting).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="grants")
    subtree = models.BooleanField(default=False)
    matter = models.UUIDField(null=True, blank=True)
    during = PeriodField()

    objects = InPeriod.as_manager()

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.unit}"


class Reading(models.Model):
    """That somebody above looked, in a month, at one field of what a unit had handed in. Who it was is kept nowhere.

    `field` is the name that the room of the field gives it; `month` is its first day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    field = models.CharField(max_length=80)
    month = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint("unit", "month", "field", name="a_field_is_read_once_a_month")]

    def __str__(self) -> str:
        return f"{self.unit} {self.field} {self.month:%Y-%m}"

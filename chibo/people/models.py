"""Persons, their memberships, offices and committees, each with its days."""

from datetime import date
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from chibo.accounts.models import User
from chibo.core.fields import PeriodField
from chibo.core.keys import uuid7
from chibo.core.names import canonical, person_sort_key
from chibo.org.models import Fold, Unit, UnitName


class Person(models.Model):
    """Somebody in the register. Of a person only what the work of a cell needs is kept (privacy/register.csv)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=900, db_collation="C", db_index=True)
    search = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)
    born_on = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")

    class Meta:
        indexes = [GinIndex(fields=["search"], name="person_search", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def called(cls, name: str, **fields: object) -> Self:
        """An unsaved person with the name in its one spelling and its sort key."""
        name = canonical(name)
        return cls(name=name, sort_key=person_sort_key(name), **fields)


class Status(models.TextChoices):
    """How somebody belongs to his unit (domain: Charter rules; who counts where is in meetings.rules)."""

    OFFICIAL = "official", _("official member")
    PROBATIONARY = "probationary", _("probationary member")
    EXEMPT = "exempt", _("exempt from work and meetings")
    SUSPENDED = "suspended", _("suspended")
    ELSEWHERE = "elsewhere", _("temporarily transferred elsewhere")


class InPeriod[Row: models.Model](models.QuerySet[Row]):
    def on(self, day: date) -> Self:
        """What holds on a day."""
        return self.filter(during__contains=day)

    def with_unit_name(self, day: date) -> Self:
        """With `unit_name`, what each row's unit is called on a day."""
        names = UnitName.objects.filter(unit=models.OuterRef("unit"), during__contains=day)
        return self.annotate(unit_name=models.Subquery(names.values("name")[:1]))

    def with_first_unit_name(self) -> Self:
        """With `unit_name`, what each row's unit was called when the row began, the newest row first."""
        names = UnitName.objects.filter(unit=models.OuterRef("unit"), during__overlap=models.OuterRef("during"))
        first = names.order_by("during").values("name")[:1]
        return self.annotate(unit_name=models.Subquery(first)).order_by("-during", "pk")


class Membership(models.Model):
    """To which unit a person belongs, and how, in a period; one at a time. A change of status is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    status = models.CharField(max_length=20, choices=Status.choices)
    during = PeriodField()

    objects = InPeriod.as_manager()

    unit_name: str

    def __str__(self) -> str:
        return f"{self.person} {self.status} {self.unit}"


class Committee(models.Model):
    """The elected leaders of a unit for a term (chi ủy, đảng ủy)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="committees")
    term = models.CharField(max_length=20)
    during = PeriodField()

    objects = InPeriod.as_manager()

    def __str__(self) -> str:
        return f"{self.unit} {self.term}"


class Title(models.TextChoices):
    """Offices in a unit."""

    SECRETARY = "secretary", _("secretary")
    DEPUTY = "deputy", _("deputy secretary")
    COMMITTEE_MEMBER = "committee_member", _("committee member")


class Office(models.Model):
    """An office that a person holds in a unit in a period; a person may hold several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offices")
    title = models.CharField(max_length=30, choices=Title.choices)
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, blank=True, related_name="offices")
    during = PeriodField()

    objects = InPeriod.as_manager()

    unit_name: str

    def __str__(self) -> str:
        return f"{self.person} {self.title} {self.unit}"

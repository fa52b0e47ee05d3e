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


class CardKey(models.Func):
    """The SQL twin of `rules.card_key`: the figures of a card number without the noughts that programs drop."""

    template = "ltrim(regexp_replace(%(expressions)s, '[^0-9A-Za-z]', '', 'g'), '0')"
    output_field = models.TextField()


class Person(models.Model):
    """Somebody in the register. Of a person only what the work of a cell needs is kept (privacy/register.csv)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=900, db_collation="C", db_index=True)
    search = models.GeneratedField(expression=Fold("name"), output_field=models.TextField(), db_persist=True)
    born_on = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    card_number = models.CharField(max_length=20, blank=True)
    card_key = models.GeneratedField(
        expression=CardKey("card_number"), output_field=models.TextField(), db_persist=True
    )
    joined_on = models.DateField(null=True, blank=True)
    official_on = models.DateField(null=True, blank=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="person_search", opclasses=["gin_trgm_ops"]),
            models.Index("search", "born_on", name="person_by_name_and_birth"),
            models.Index("card_key", name="person_by_card", condition=~models.Q(card_key="")),
        ]

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


class Import(models.Model):
    """A list of members that an office sent as a spreadsheet, from its first reading to its undoing.

    Its rows are kept, never the file; on `clear_on` the rows go. `sheets` tells of each sheet its name, its head and
    which cell it is of; `columns` holds by shape of head what each column is; `choices` what was chosen on screen for
    a name of a cell that was open. `done` counts the rows of the step under way.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("the columns are to be checked")
        READING = "reading", _("being read")
        READY = "ready", _("ready to be entered")
        APPLYING = "applying", _("being entered")
        APPLIED = "applied", _("entered")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.MAPPING)
    list_day = models.DateField()
    default_status = models.CharField(max_length=20, blank=True)
    sheets = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True)
    applied_at = models.DateTimeField(null=True)
    clear_on = models.DateField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("unit", "at", name="the_lists_of_a_unit")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has something to do with it."""
        return self.state in (self.State.READING, self.State.APPLYING, self.State.UNDOING)


class ImportRow(models.Model):
    """One row of a list: where it stood, its cells as read, what was understood, and what became of it.

    `doubts` are those of the row by itself, `open` those against the file, the tree and the register. `n` counts the
    rows of the whole file from 1.
    """

    class Verdict(models.TextChoices):
        READ = "read", _("read")
        NEW = "new", _("to be entered")
        THERE = "there", _("already in the register")
        DOUBT = "doubt", _("in doubt")
        LEFT_OUT = "left_out", _("no member's row")
        ENTERED = "entered", _("entered")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    of = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    n = models.PositiveIntegerField()
    sheet = models.PositiveSmallIntegerField()
    row = models.PositiveIntegerField()
    cells = models.JSONField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.READ)
    name = models.CharField(max_length=120, default="")
    search = models.CharField(max_length=240, default="")
    born_on = models.DateField(null=True)
    cell = models.CharField(max_length=250, default="")
    unit = models.ForeignKey(Unit, models.SET_NULL, null=True, related_name="+", db_index=False)
    status = models.CharField(max_length=20, choices=Status.choices, default="")
    joined_on = models.DateField(null=True)
    official_on = models.DateField(null=True)
    card_number = models.CharField(max_length=20, default="")
    card_key = models.CharField(max_length=20, default="")
    email = models.CharField(max_length=254, default="")
    doubts = models.JSONField(default=list)
    open = models.JSONField(default=list)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="import_rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "n"], name="a_row_stands_once_in_its_list")]
        indexes = [models.Index("of", "verdict", "n", name="the_rows_by_verdict")]

    def __str__(self) -> str:
        return f"{self.sheet}:{self.row} {self.name}"


class ListShape(models.Model):
    """What the columns of one kind of list of a unit hold, as somebody confirmed it: the next file needs no asking."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    shape = models.CharField(max_length=64)
    columns = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "shape"], name="a_shape_is_known_once_to_a_unit")]

    def __str__(self) -> str:
        return self.shape


class MergedPerson(models.Model):
    """Somebody who stood in the register twice: where the old link leads, under the old id."""

    id = models.UUIDField(primary_key=True, editable=False)
    into = models.ForeignKey(Person, models.CASCADE, related_name="merged")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} → {self.into_id}"


class Apart(models.Model):
    """Two who look like one and are said to be different; `one` has the smaller id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    one = models.ForeignKey(Person, models.CASCADE, related_name="+")
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="two_are_told_apart_once"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="nobody_is_told_apart_from_himself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"

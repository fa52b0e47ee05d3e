"""Persons, their memberships, offices and committees, each with its days."""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from chibo.accounts.models import User
from chibo.core.fields import PeriodField
from chibo.core.keys import uuid7
from chibo.core.names import canonical, person_sort_key
from chibo.core.period import Period
from chibo.org.models import Fold, Unit, UnitName, Words


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
            GinIndex(Words("search"), name="person_words"),
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


class Ending(models.TextChoices):
    """Why somebody belongs to no unit any more. Of a decision only its number and day are kept, never its reasons."""

    DIED = "died", _("died")
    LEFT = "left", _("left the Party at his own request")
    STRUCK_OFF = "struck_off", _("struck off the list")
    EXPELLED = "expelled", _("expelled")
    MOVED_OUT = "moved_out", _("transferred to a unit outside this system")


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
    """To which unit a person belongs, and how, in a period; one at a time. A change of status is a new row.

    `decision` is the one by which he belongs so (exempt, suspended), `ending` why this was his last row, with its own.
    Both follow: the one into whatever goes on with the same status, the other into the last row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    status = models.CharField(max_length=20, choices=Status.choices)
    decision = models.CharField(max_length=60, blank=True, db_default="")
    decided_on = models.DateField(null=True, blank=True)
    during = PeriodField()
    ending = models.CharField(max_length=20, choices=Ending.choices, blank=True, db_default="")
    ending_decision = models.CharField(max_length=60, blank=True, db_default="")
    ending_decided_on = models.DateField(null=True, blank=True)

    objects = InPeriod.as_manager()

    unit_name: str

    def __str__(self) -> str:
        return f"{self.person} {self.status} {self.unit}"

    CUT = ("during", "ending", "ending_decision", "ending_decided_on")
    """What `cut_on` changes of a row."""

    def cut_on(self, since: date, **changes: Any) -> "Membership":
        """Ends on a day; returns, unsaved, the next row from that day on, with what changes.

        The decision by which he belongs so goes on with the status, and what was said of the end goes to the last row.
        """
        going_on = {
            "person_id": self.person_id,
            "unit": self.unit,
            "status": self.status,
            "decision": self.decision,
            "decided_on": self.decided_on,
            "during": Period(since, self.during.until),
            "ending": self.ending,
            "ending_decision": self.ending_decision,
            "ending_decided_on": self.ending_decided_on,
        }
        self.during = self.during.until_day(since)
        self.ending, self.ending_decision, self.ending_decided_on = "", "", None
        return Membership(**going_on | changes)


class Committee(models.Model):
    """The elected leaders of a unit for a term (chi ủy, đảng ủy).

    On `ends_on` the term has run out, and the committee leads on until the next is elected: `during` ends with that.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="committees")
    term = models.CharField(max_length=20)
    ends_on = models.DateField(null=True, blank=True)
    during = PeriodField()

    objects = InPeriod.as_manager()

    unit_name: str

    def __str__(self) -> str:
        return f"{self.unit} {self.term}"

    @property
    def ends(self) -> date | None:
        """When the term runs out, or ended before that; None where neither is known."""
        return min((day for day in (self.ends_on, self.during.until) if day), default=None)


class Title(models.TextChoices):
    """Offices in a unit."""

    SECRETARY = "secretary", _("secretary")
    DEPUTY = "deputy", _("deputy secretary")
    COMMITTEE_MEMBER = "committee_member", _("committee member")


MEMBER_OF_A_CELLS_COMMITTEE = _("member of the cell's committee")
"""What the office of a committee member is called in a cell."""


class How(models.TextChoices):
    """How an office was come by."""

    ELECTED = "elected", _("elected")
    APPOINTED = "appointed", _("appointed")


class Office(models.Model):
    """An office that a person holds in a unit in a period; a person may hold several."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="offices")
    title = models.CharField(max_length=30, choices=Title.choices)
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, blank=True, related_name="offices")
    how = models.CharField(max_length=20, choices=How.choices, blank=True, db_default="")
    decision = models.CharField(max_length=60, blank=True, db_default="")
    decided_on = models.DateField(null=True, blank=True)
    during = PeriodField()

    objects = InPeriod.as_manager()

    unit_name: str

    def __str__(self) -> str:
        return f"{self.person} {self.title} {self.unit}"

    @property
    def called(self) -> str:
        """What the office is called in its unit."""
        is_in_a_cell = self.title == Title.COMMITTEE_MEMBER and self.unit.kind_id.endswith("cell")
        return str(MEMBER_OF_A_CELLS_COMMITTEE if is_in_a_cell else self.get_title_display())


class TransferQuerySet(models.QuerySet["Transfer"]):
    def running(self) -> Self:
        """Those that are not settled: the letter is under way, or the guest has not returned."""
        return self.filter(state__in=[Transfer.State.OPEN, Transfer.State.STAYING])

    def settled(self) -> Self:
        """Those that are over, the latest first."""
        return self.filter(state__in=[Transfer.State.DONE, Transfer.State.WITHDRAWN]).order_by("-closed_on", "-pk")

    def named(self) -> Self:
        """With the person, and `from_name` and `to_name`: what the units are called, or were last."""

        def name(field: str) -> models.Subquery:
            names = UnitName.objects.filter(unit=models.OuterRef(field)).order_by("-during")
            return models.Subquery(names.values("name")[:1])

        return self.annotate(from_name=name("from_unit"), to_name=name("to_unit")).select_related("person")

    def guests_on(self, day: date) -> Self:
        """Those by which somebody is the guest of another unit on a day."""
        return self.filter(kind=Transfer.Kind.TEMPORARY, during__contains=day)

    def late_on(self, day: date) -> Self:
        """Letters that nobody has received by their day, and guests whose time is over."""
        letter = models.Q(state=Transfer.State.OPEN, due_on__lt=day)
        return self.filter(letter | models.Q(state=Transfer.State.STAYING, ends_on__lte=day))


class Transfer(models.Model):
    """A letter that introduces a member to another unit, for good or for a while, and what became of it.

    A side outside the system is a place in words instead of a unit. `issued_by` and `issued_to` are the units that the
    paper names; `from_unit` and `to_unit` follow them through reorganisations. Until an official letter is received the
    member belongs where he was. A temporary one, once received, leaves him at home as `elsewhere`: `was` says how he
    belonged there, `during` since when he is the guest of the other unit, `ends_on` on which day his time there is
    over. `due_on` is the last day to receive a letter, worked out when it was issued.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official transfer")
        TEMPORARY = "temporary", _("temporary transfer")

    class State(models.TextChoices):
        OPEN = "open", _("letter under way")
        STAYING = "staying", _("guest there")
        DONE = "done", _("settled")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    from_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="transfers_out")
    from_place = models.CharField(max_length=200, blank=True)
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="transfers_in")
    to_place = models.CharField(max_length=200, blank=True)
    issued_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    issued_to = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    was = models.CharField(max_length=20, choices=Status.choices, blank=True)
    during = PeriodField(null=True)
    closed_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)

    objects = TransferQuerySet.as_manager()

    from_name: str | None
    to_name: str | None

    class Meta:
        indexes = [
            models.Index("state", "due_on", name="the_letters_by_state"),
            models.Index(
                models.F("closed_on").desc(),
                models.F("id").desc(),
                name="the_letters_that_are_settled",
                condition=models.Q(state__in=["done", "withdrawn"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_unit=None) ^ models.Q(from_place=""),
                name="a_transfer_leaves_a_unit_or_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(to_unit=None) ^ models.Q(to_place=""),
                name="a_transfer_leads_to_a_unit_or_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(from_unit=None, issued_by=None)
                | models.Q(from_unit__isnull=False, issued_by__isnull=False),
                name="a_letter_keeps_the_unit_that_issued_it",
            ),
            models.CheckConstraint(
                condition=models.Q(to_unit=None, issued_to=None)
                | models.Q(to_unit__isnull=False, issued_to__isnull=False),
                name="a_letter_keeps_the_unit_that_it_named",
            ),
            models.CheckConstraint(
                condition=~models.Q(from_unit=None) | ~models.Q(to_unit=None), name="a_transfer_touches_a_unit"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="staying") | models.Q(kind="temporary", during__isnull=False),
                name="a_guest_has_the_day_he_came",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=["open", "staying"]),
                name="a_person_has_one_letter_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.person}"

    @property
    def is_running(self) -> bool:
        """Whether it is not settled (the one-row twin of `running`)."""
        return self.state in (self.State.OPEN, self.State.STAYING)

    @property
    def from_where(self) -> str:
        """The unit or place that he leaves, as a query with names read it."""
        return self.from_place or self.from_name or ""

    @property
    def to_where(self) -> str:
        return self.to_place or self.to_name or ""

    def is_late_on(self, day: date) -> bool:
        """Whether it should have been settled before a day (the one-row twin of `late_on`)."""
        if self.state == self.State.OPEN:
            return self.due_on is not None and self.due_on < day
        return self.state == self.State.STAYING and self.ends_on is not None and self.ends_on <= day


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

    `doubts` are those of the row by itself, `open` those against the file, the tree and the register. `gaps` are the
    columns that the register leaves empty of somebody known and the row fills. `n` counts the rows of the whole file
    from 1.
    """

    class Verdict(models.TextChoices):
        READ = "read", _("read")
        NEW = "new", _("to be entered")
        LACKS = "lacks", _("in the register with gaps that the list fills")
        THERE = "there", _("already in the register")
        DOUBT = "doubt", _("in doubt")
        LEFT_OUT = "left_out", _("no member's row")
        ENTERED = "entered", _("entered")
        FILLED = "filled", _("gaps filled")
        TAKEN_BACK = "taken_back", _("taken out of the register again")

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
    since = models.DateField(null=True)
    card_number = models.CharField(max_length=20, default="")
    card_key = models.CharField(max_length=20, default="")
    email = models.CharField(max_length=254, default="")
    doubts = models.JSONField(default=list)
    open = models.JSONField(default=list)
    gaps = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="import_rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "n"], name="a_row_stands_once_in_its_list")]
        indexes = [models.Index("of", "verdict", "n", name="the_rows_by_verdict")]

    def __str__(self) -> str:
        return f"{self.sheet}:{self.row} {self.name}"


class ListShape(models.Model):
    """What the columns of one kind of list of a unit hold, and how belongs who has no status in it, as somebody
    confirmed it: the next file needs no asking."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    shape = models.CharField(max_length=64)
    columns = models.JSONField()
    default_status = models.CharField(max_length=20, blank=True, db_default="")

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

"""What committees call for, what units undertake in it, how far each is, who recognised it and who took it up."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chibo.core.keys import uuid7
from chibo.meetings.models import Part
from chibo.org.models import Fold, Unit, Words
from chibo.people.models import Person
from chibo.programmes.rules import IN_HAND, CheckKind, Comparison, Nature, State, Undertaking, Verdict

NATURE_WORDS = {
    Nature.FOUR_GOOD: _("four-good cell"),
    Nature.MODEL_CELL: _("model cell"),
    Nature.MASS_MOBILISATION: _("skilful mass mobilisation"),
    Nature.OTHER: _("something else"),
}
STATE_WORDS = {
    State.PREPARING: _("being prepared"),
    State.REGISTERED: _("registered, waits for an answer"),
    State.RUNNING: _("accepted, under way"),
    State.RECOGNISED: _("recognised"),
    State.DECLINED: pgettext_lazy("an entry", "declined"),
    State.FAILED: _("did not reach it"),
    State.WITHDRAWN: _("given up"),
}
CHECK_WORDS = {
    CheckKind.SELF: _("self-check"),
    CheckKind.MIDTERM: _("mid-term appraisal"),
    CheckKind.FINAL: _("final appraisal"),
}


class Programme(models.Model):
    """What a committee calls for among the units below it. Written once; what changes is another programme.

    `fields` are titles; `criteria` holds lines by kind of unit ("" for every kind). `asks_members`: a unit registers
    only with the opinion of its members.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    nature = models.CharField(max_length=20, choices=NATURE_WORDS.items())
    title = models.CharField(max_length=300)
    gist = models.TextField()
    fields = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    criteria = models.JSONField(default=dict, blank=True)
    asks_members = models.BooleanField(default=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("unit", models.F("at").desc(), name="programmes_of_a_unit")]

    def __str__(self) -> str:
        return self.title


class Cycle(models.Model):
    """One round of a programme: until when units register, and when it ends."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cycles")
    title = models.CharField(max_length=100)
    opens_on = models.DateField()
    registers_until = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint("programme", "title", name="rounds_of_a_programme_have_names"),
            models.CheckConstraint(
                name="a_round_ends_after_registration",
                condition=Q(opens_on__lte=models.F("registers_until"), registers_until__lt=models.F("ends_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """What one unit undertakes in a round: aim, what is measured, from where to where.

    `source` is the entry from which it was taken, `adapted` what is done otherwise. The opinion of the members was
    given in the meeting of `part`; `worded_at` is since when it reads as it does, where members had given an opinion of
    another wording. `answer` is why a committee declined it, or why it was withdrawn. `taker` is the unit that began it
    when it was accepted, whoever goes on with it since.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="entries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    fields = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    aim = models.TextField(blank=True)
    measure = models.CharField(max_length=200, blank=True)
    baseline = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    source = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    adapted = models.TextField(blank=True)
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="+")
    in_favour = models.PositiveIntegerField(null=True, blank=True)
    against = models.PositiveIntegerField(null=True, blank=True)
    abstained = models.PositiveIntegerField(null=True, blank=True)
    said_on = models.DateField(null=True, blank=True)
    worded_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=STATE_WORDS.items(), default=State.PREPARING)
    registered_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(null=True, blank=True)
    taker = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    search = models.GeneratedField(expression=Fold("title"), output_field=models.TextField(), db_persist=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint("cycle", "unit", "title", name="a_unit_enters_one_thing_once"),
            models.CheckConstraint(
                name="what_is_in_hand_has_its_day", condition=~Q(state__in=IN_HAND) | Q(registered_on__isnull=False)
            ),
            models.CheckConstraint(
                name="what_is_registered_is_measured",
                condition=Q(registered_on=None) | Q(baseline__isnull=False, target__isnull=False),
            ),
        ]
        indexes = [
            models.Index("cycle", "state", "unit", name="entries_of_a_round"),
            models.Index("unit", "state", name="entries_of_a_unit"),
            models.Index("source", name="copies_of_an_entry", condition=Q(source__isnull=False)),
            GinIndex(Words("search"), name="entry_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def as_undertaking(self) -> Undertaking:
        return Undertaking(
            self.title, self.aim, self.measure, self.baseline, self.target, tuple(self.fields), self.adapted
        )


class Check(models.Model):
    """How far an entry was on a day: its number, in words, the criteria that are met, and whether it passed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="checks")
    kind = models.CharField(max_length=10, choices=CHECK_WORDS.items())
    on = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=2)
    words = models.TextField()
    met = models.JSONField(default=list, blank=True)
    passes = models.BooleanField(null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_final_appraisal_says_whether_it_passes",
                condition=~Q(kind=CheckKind.FINAL) | Q(passes__isnull=False),
            )
        ]
        indexes = [models.Index("entry", models.F("at").desc(), name="checks_of_an_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class Recognition(models.Model):
    """The decision of one committee above to recognise an entry, perhaps with a commendation; it stands until it is
    withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="recognitions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=100)
    decided_on = models.DateField()
    award = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "entry", "unit", name="a_committee_recognises_an_entry_once", condition=Q(withdrawn_on=None)
            )
        ]
        indexes = [models.Index("unit", "decided_on", name="recognitions_of_a_committee")]

    def __str__(self) -> str:
        return self.decision


class Kit(models.Model):
    """What others need to do the same: what it is, how it is done, what it costs, papers, an agenda, whom to ask."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="kit")
    what = models.TextField()
    how = models.TextField()
    cost = models.TextField(blank=True)
    papers = models.TextField(blank=True)
    agenda = models.TextField(blank=True)
    contact = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.entry}"


class Spread(models.Model):
    """What a comparison came to on a day: those that took a programme up beside like units that did not; asked for at
    `at`, worked out by the worker at `done_at`.

    Numbers are shares of one (0.1 is ten in a hundred); `months` are how many were looked at before and after. Beside
    the `takers` stand those that could not be laid beside anything: `early` began too lately, `changed` were
    reorganised within those months, `without` had no figures. `candidates` are the units among which their like were
    looked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="spreads")
    indicator = models.CharField(max_length=20)
    months = models.PositiveSmallIntegerField()
    takers = models.PositiveIntegerField(default=0)
    early = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    without = models.PositiveIntegerField(default=0)
    candidates = models.PositiveIntegerField(default=0)
    pairs = models.PositiveIntegerField(default=0)
    others = models.PositiveIntegerField(default=0)
    difference = models.FloatField(default=0)
    spread = models.FloatField(default=0)
    low = models.FloatField(default=0)
    high = models.FloatField(default=0)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "programme", "indicator", "months", name="one_comparison_of_a_kind_waits", condition=Q(done_at=None)
            )
        ]
        indexes = [models.Index("programme", models.F("at").desc(), name="comparisons_of_a_programme")]

    def __str__(self) -> str:
        return f"{self.programme} {self.indicator}"

    @property
    def verdict(self) -> Verdict:
        return Comparison(
            self.takers, self.pairs, self.others, self.difference, self.spread, self.low, self.high
        ).verdict

"""Frameworks as they were published, and the scores given under them: added, never overwritten."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.core.fields import PeriodField
from chibo.core.keys import uuid7
from chibo.meetings.models import Meeting, Part, Vote
from chibo.org.models import Unit
from chibo.people.models import Person


class FrameworkState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class FrameworkVersion(models.Model):
    """One version of a framework: the text that was checked, whole, as rules.read understands it.

    Without a unit it is one that was shipped: the first session scored by it writes it down here, so that what a score
    was given by stays. A published one never changes; `during` is when it is in force for its unit and those below.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    state = models.CharField(max_length=10, choices=FrameworkState.choices, default=FrameworkState.DRAFT)
    during = PeriodField(null=True, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "code", "number"],
                name="versions_of_a_framework_are_numbered",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="what_is_published_for_a_unit_has_its_days",
                condition=Q(state=FrameworkState.DRAFT, during=None)
                | Q(state=FrameworkState.PUBLISHED, unit=None)
                | Q(state=FrameworkState.PUBLISHED, during__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class Tier(models.TextChoices):
    SELF = "self", _("the cell itself")
    SUPERIOR = "superior", _("the superior who attended")


class Scoring(models.Model):
    """One scoring of one meeting by one side, under the framework in force on its day.

    `answers` holds only what a person gave: {code: {"value", "applies", "reason", "remedy"}}; `facts` what the month
    said when it was handed in: {name: "19/20", true, null}. Handed in it never changes: another one
    `replaces` it, with a reason. `stands`: of all of a meeting, the one that counts, as its framework says.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="scorings")
    framework = models.ForeignKey(FrameworkVersion, models.PROTECT, related_name="scorings")
    tier = models.CharField(max_length=10, choices=Tier.choices)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answers = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    band = models.CharField(max_length=20, blank=True)
    vote = models.ForeignKey(Vote, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    stands = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "meeting", "tier", name="one_sheet_of_a_side_is_open", condition=Q(handed_in_at=None)
            ),
            models.UniqueConstraint("meeting", name="one_scoring_of_a_meeting_stands", condition=Q(stands=True)),
            models.CheckConstraint(
                name="what_is_handed_in_has_its_total",
                condition=Q(handed_in_at=None, total=None) | Q(handed_in_at__isnull=False, total__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.tier}"


class Observer(models.Model):
    """Who scores a meeting for the cell, where its framework wants one of its members to watch and score it."""

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="observer")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.person}"


class Remedy(models.Model):
    """What is to be done about a criterion that was low, and the part of a later agenda on which it came back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scoring = models.ForeignKey(Scoring, models.CASCADE, related_name="remedies_written")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    text = models.TextField()
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("scoring", "code", name="a_low_criterion_has_one_remedy")]

    def __str__(self) -> str:
        return self.text[:60]


class Trial(models.Model):
    """What a framework would have made of a year's sessions below its unit; `counts` is queries.Counts, once done."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    framework = models.ForeignKey(FrameworkVersion, models.CASCADE, related_name="trials")
    text = models.TextField()
    year = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.framework} {self.year}"

    @property
    def rows(self) -> list[tuple[str, int, int, int]]:
        """Each band by its title: as scored, and the two bounds of what it would be."""
        before, low, high = (self.counts.get(name, {}) for name in ("before", "at_least", "at_most"))
        titles = dict.fromkeys([*before, *low, *high])
        return [(title, before.get(title, 0), low.get(title, 0), high.get(title, 0)) for title in titles]


class SignalAnswer(models.Model):
    """What a cell, or who follows it, answers to something that was worth a second look."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    sign = models.CharField(max_length=20)
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("meeting", "sign", name="a_signal_is_answered_once")]

    def __str__(self) -> str:
        return self.text[:60]


class Level(models.TextChoices):
    """The four levels of the annual review (366-QĐ/TW)."""

    EXCELLENT = "excellent", _("fulfilled its task excellently")
    GOOD = "good", _("fulfilled its task well")
    FULFILLED = "fulfilled", _("fulfilled its task")
    NOT_FULFILLED = "not_fulfilled", _("did not fulfil its task")


class Subject(models.TextChoices):
    """Whose year it is: the unit's, its committee's, or that of the office at its head. No member is reviewed here."""

    UNIT = "unit", _("the unit")
    COMMITTEE = "committee", _("its committee")
    HEAD = "head", _("its head")


class Review(models.Model):
    """The annual review of a unit, its committee or its head: what it says itself, the appraisal, the decision.

    `quality` is what the year's sessions came to when it was handed in: {band, reasons}. Each step is written once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=10, choices=Subject.choices)
    quality = models.JSONField(default=dict, blank=True)
    common = models.DecimalField(max_digits=4, decimal_places=2)
    task = models.DecimalField(max_digits=4, decimal_places=2)
    own_level = models.CharField(max_length=20, choices=Level.choices)
    own_words = models.TextField()
    own_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    own_at = models.DateTimeField()
    appraised_level = models.CharField(max_length=20, choices=Level.choices, blank=True)
    appraised_words = models.TextField(blank=True)
    appraised_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    appraised_at = models.DateTimeField(null=True, blank=True)
    level = models.CharField(max_length=20, choices=Level.choices, blank=True)
    decision = models.CharField(max_length=100, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", "year", "subject", name="a_year_is_reviewed_once"),
            models.CheckConstraint(
                name="a_decision_follows_an_appraisal", condition=Q(level="") | Q(appraised_at__isnull=False)
            ),
            models.CheckConstraint(name="no_points_below_nought", condition=Q(common__gte=0, task__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.subject} {self.year}"

    @property
    def points(self) -> Decimal:
        return self.common + self.task

"""What comes back from attending and inspecting: reports, promises, proposals, reminders, inspections, findings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.core.keys import uuid7
from chibo.meetings.models import Meeting
from chibo.org.models import Unit
from chibo.people.models import Person
from chibo.supervision.rules import InspectionState

INSPECTION_WORDS = {
    InspectionState.PLANNED: _("planned"),
    InspectionState.HELD: _("held, findings open"),
    InspectionState.CLOSED: _("closed"),
}


class Report(models.Model):
    """One page by one attending member on one meeting. A draft until it is handed in; then it stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="visit_reports")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    was_there = models.BooleanField(default=True)
    absent_because = models.TextField(blank=True)
    seen = models.TextField(blank=True)
    helped = models.TextField(blank=True)
    opinions = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint("meeting", "person", name="one_report_on_a_meeting_by_one_person"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} ← {self.person}"


class Promise(models.Model):
    """What was promised to a cell at a visit, by when; and how it was kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.ForeignKey(Report, models.PROTECT, related_name="promises")
    text = models.TextField()
    due_on = models.DateField()
    kept_at = models.DateTimeField(null=True, blank=True)
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_kept_promise_says_how", condition=Q(kept_at=None) | (Q(kept_at__isnull=False) & ~Q(result=""))
            )
        ]
        indexes = [models.Index("due_on", name="promises_still_open", condition=Q(kept_at=None))]

    def __str__(self) -> str:
        return self.text[:60]


class ProposalState(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class Proposal(models.Model):
    """Another day proposed to the secretary of one cell, so that who follows it can be there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="proposals")
    was_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "meeting", name="one_proposal_for_a_meeting_is_open", condition=Q(state=ProposalState.OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} → {self.to_on}"


class Reminder(models.Model):
    """A prompt reminder of a committee to who leads a cell or follows it; a notice that is answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to = models.ForeignKey(Person, models.PROTECT, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index("unit", models.F("at").desc(), name="reminders_of_a_unit")]

    def __str__(self) -> str:
        return self.text[:60]


class InspectionPlan(models.Model):
    """The cells that a committee inspects in a year, as they were drawn: `drawn` is [{unit, code, name, risks}].

    The seed and the `weights` of all cells, by their codes, are published with it: anybody can draw the same again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=200)
    weights = models.JSONField(default=dict)
    drawn = models.JSONField(default=list)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("unit", "year", name="a_committee_draws_once_a_year")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"


class InspectionKind(models.TextChoices):
    PERIODIC = "periodic", _("periodic")
    SURPRISE = "surprise", _("surprise")


class Inspection(models.Model):
    """One inspection of a unit: planned, held with its checklist, closed when each finding was looked at again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inspections")
    plan = models.ForeignKey(InspectionPlan, models.PROTECT, null=True, blank=True, related_name="inspections")
    kind = models.CharField(max_length=10, choices=InspectionKind.choices)
    on = models.DateField()
    because = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=INSPECTION_WORDS.items(), default=InspectionState.PLANNED)
    held_on = models.DateField(null=True, blank=True)
    answers = models.JSONField(default=dict, blank=True)
    commendation = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("plan", "unit", name="a_drawn_cell_is_inspected_once"),
            models.CheckConstraint(
                name="what_was_held_has_its_day", condition=Q(state=InspectionState.PLANNED) | Q(held_on__isnull=False)
            ),
        ]
        indexes = [models.Index("unit", models.F("on").desc(), name="the_inspections_of_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.on}"


class Finding(models.Model):
    """Something that an inspection found wanting: what is to be done by when, the unit's answer, the second look."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    code = models.CharField(max_length=40)
    text = models.TextField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_mended = models.BooleanField(null=True, blank=True)
    result = models.TextField(blank=True)
    rechecked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("inspection", "code", name="a_line_has_one_finding")]

    def __str__(self) -> str:
        return self.text[:60]

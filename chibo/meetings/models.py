"""The meeting and all that belongs to it: parts, roll, contributions, votes, clauses, minutes."""

from uuid import UUID
from zlib import crc32

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from chibo.core.keys import uuid7
from chibo.core.refusals import NotThere
from chibo.core.templatetags.chibo import day
from chibo.documents.models import File, Paper
from chibo.meetings.rules import CAME, AttendanceStatus, Kind, Nature, Outcome, State, VoteMatter
from chibo.org.models import Unit
from chibo.people.models import Membership, Person
from chibo.tasks.models import Task

KIND_WORDS = {
    Kind.REGULAR: _("regular meeting"),
    Kind.THEMATIC: _("thematic session"),
    Kind.EXTRAORDINARY: _("extraordinary meeting"),
}
STATE_WORDS = {
    State.PREPARING: _("being prepared"),
    State.ANNOUNCED: _("announced"),
    State.UNDER_WAY: _("under way"),
    State.ENDED: _("ended, minutes to adopt"),
    State.LOCKED: _("minutes locked"),
    State.CANCELLED: _("cancelled"),
}
ATTENDANCE_WORDS = {
    AttendanceStatus.PRESENT: _("present"),
    AttendanceStatus.ONLINE: _("present online"),
    AttendanceStatus.LATE: _("late"),
    AttendanceStatus.LEFT_EARLY: _("left early"),
    AttendanceStatus.ABSENT_WITH_REASON: _("absent with reason"),
    AttendanceStatus.ABSENT_WITHOUT_REASON: _("absent without reason"),
    AttendanceStatus.EXEMPT: _("exempt"),
    AttendanceStatus.ELSEWHERE: _("temporarily transferred elsewhere"),
    AttendanceStatus.SUSPENDED: _("suspended"),
}
NATURE_WORDS = {
    Nature.OPINION: _("opinion"),
    Nature.PROPOSAL: _("proposal"),
    Nature.CRITICISM: _("criticism of the work"),
}
OUTCOME_WORDS = {
    Outcome.DONE: _("dealt with"),
    Outcome.POSTPONED: _("postponed to the next meeting"),
    Outcome.UNFINISHED: _("left unfinished"),
}
MATTER_WORDS = {
    VoteMatter.ORDINARY: _("resolution or other ordinary matter"),
    VoteMatter.ADMISSION: _("admission of a member"),
    VoteMatter.RECOGNITION: _("recognition as an official member"),
    VoteMatter.REMOVAL: _("removal of a probationary member"),
    VoteMatter.ELECTION: _("election"),
    VoteMatter.DISCIPLINE: _("discipline"),
}


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def locked(self, meeting_id: UUID) -> "Meeting":
        """One meeting with its unit, its row locked until the transaction ends. Raises NotThere."""
        return self.locked_by(pk=meeting_id)

    def locked_by(self, **what: UUID) -> "Meeting":
        """The same, found by something that belongs to it."""
        try:
            return self.select_related("unit").select_for_update(of=("self",)).get(**what)
        except Meeting.DoesNotExist:
            raise NotThere from None


class Meeting(models.Model):
    """One meeting of one unit, from the day the calendar made it until its minutes are locked.

    `rules` are the values in force under which it is held: a snapshot of regulations, taken when it opens. `set_on` is
    when its day was set: nothing that comes before a meeting was due earlier. `score` is what its cell gave the
    session, a rules.Score for its papers to print, sealed through `score_sealed_until`: until then the superior's
    member is to score the session without it. `uploaded_on` is when its conclusion was put into the e-handbook.
    `dues_paid` of `dues_payers` members have paid their dues of its month, as its opening says; None: not told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=20, choices=KIND_WORDS.items())
    month = models.DateField()
    on = models.DateField()
    time = models.TimeField()
    place = models.CharField(max_length=200, blank=True)
    topic = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=STATE_WORDS.items(), default=State.PREPARING)
    is_by_rule = models.BooleanField(default=False)
    set_on = models.DateField(null=True, blank=True)
    chair = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    clerk = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    guests = models.CharField(max_length=500, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    score = models.JSONField(null=True, blank=True)
    score_sealed_until = models.DateField(null=True, blank=True)
    uploaded_on = models.DateField(null=True, blank=True)
    dues_paid = models.PositiveSmallIntegerField(null=True, blank=True)
    dues_payers = models.PositiveSmallIntegerField(null=True, blank=True)
    rules = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "unit",
                "month",
                name="a_cell_has_one_regular_meeting_a_month",
                condition=Q(kind=Kind.REGULAR) & ~Q(state=State.CANCELLED),
            ),
            models.CheckConstraint(
                name="a_meeting_ends_after_it_opens",
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("opened_at")),
            ),
            models.CheckConstraint(
                name="no_more_have_paid_than_pay",
                condition=Q(dues_paid=None, dues_payers=None) | Q(dues_paid__lte=models.F("dues_payers")),
            ),
        ]
        indexes = [models.Index("unit", models.F("on").desc(), name="the_meetings_of_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.kind} {self.on}"

    @property
    def title(self) -> str:
        """`Sinh hoạt thường kỳ, thứ Năm, 03/12/2026`."""
        return f"{capfirst(str(self.get_kind_display()))}, {day(self.on)}"

    @property
    def is_open(self) -> bool:
        return self.state == State.UNDER_WAY

    @property
    def is_over(self) -> bool:
        return self.state in (State.ENDED, State.LOCKED)


class Part(models.Model):
    """One part of the agenda: who prepares it by when, its material, who wrote that last, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    section = models.CharField(max_length=20)
    holds = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="parts")
    is_prepared = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    material = models.TextField(blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=OUTCOME_WORDS.items(), default=Outcome.DONE)
    outcome_note = models.CharField(max_length=500, blank=True)
    carried_from = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="carried_to")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"],
                name="a_part_has_its_place",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def given_as(self) -> int:
        """A number for who prepares it, by when, under which title: another once any of them was changed.

        `version` counts the material, which others write meanwhile.
        """
        return crc32(repr((self.title, self.owner_id, self.due_on)).encode())


class PartFile(models.Model):
    """A paper laid before the meeting with a part; late if it came after the day papers are due."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    part = models.ForeignKey(Part, models.CASCADE, related_name="files")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.file)


class PreparatoryMeeting(models.Model):
    """The committee's own meeting (or the secretary's with his deputy) in which the content was agreed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="preparatory")
    held_on = models.DateField()
    attendees = models.ManyToManyField(Person, related_name="+")
    agreed = models.TextField()
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.meeting} ← {self.held_on}"


class PaperReading(models.Model):
    """That somebody says he has read the papers of a meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("meeting", "person", name="a_person_reads_the_papers_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.at}"


class Attendance(models.Model):
    """How one member stands in the roll of one meeting; his membership is the one of that day.

    `belonged_as` is how he belonged to the cell when he was called (a people.models.Status, or rules.GUEST): no later
    merger of two entries and no correction of the register changes whom a vote counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="roll")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=30, choices=ATTENDANCE_WORDS.items())
    reason = models.CharField(max_length=300, blank=True)
    belonged_as = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint("meeting", "membership", name="a_member_stands_once_in_the_roll"),
            models.CheckConstraint(
                name="an_excused_absence_has_its_reason",
                condition=~Q(status=AttendanceStatus.ABSENT_WITH_REASON) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.status}"

    @property
    def came(self) -> bool:
        return self.status in CAME


class Contribution(models.Model):
    """What somebody said: who, to which part, in a gist. A guest has a name and no place in the register."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="contributions")
    part = models.ForeignKey(Part, models.PROTECT, related_name="contributions")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    guest = models.CharField(max_length=120, blank=True)
    nature = models.CharField(max_length=20, choices=NATURE_WORDS.items(), default=Nature.OPINION)
    gist = models.TextField()
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="somebody_speaks", condition=Q(person__isnull=False, guest="") | (Q(person=None) & ~Q(guest=""))
            )
        ]
        indexes = [models.Index("meeting", "at", name="contributions_as_they_came")]

    def __str__(self) -> str:
        return self.gist[:60]


class Vote(models.Model):
    """A vote with its base and threshold as they were worked out then, and how they were worked out.

    Secret votes are cast on paper; only their count is entered. No ballot is ever stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="votes")
    part = models.ForeignKey(Part, models.PROTECT, null=True, blank=True, related_name="votes")
    subject = models.CharField(max_length=300)
    matter = models.CharField(max_length=30, choices=MATTER_WORDS.items(), default=VoteMatter.ORDINARY)
    is_on_paper = models.BooleanField(default=False)
    convened = models.PositiveSmallIntegerField()
    base = models.PositiveSmallIntegerField()
    voters = models.PositiveSmallIntegerField()
    basis = models.JSONField(default=dict)
    in_favour = models.PositiveSmallIntegerField()
    against = models.PositiveSmallIntegerField()
    abstained = models.PositiveSmallIntegerField()
    is_carried = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="no_more_votes_than_voters",
                condition=Q(voters__gte=models.F("in_favour") + models.F("against") + models.F("abstained")),
            ),
            models.CheckConstraint(name="no_more_voters_than_the_base", condition=Q(base__gte=models.F("voters"))),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def not_voting(self) -> int:
        """How many came, might have voted, and did not."""
        return self.voters - self.in_favour - self.against - self.abstained


class Resolution(models.Model):
    """What the meeting resolved, as it is drafted, voted and issued under a number."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="resolution")
    title = models.CharField(max_length=300)
    praise = models.TextField(blank=True)
    shortcomings = models.TextField(blank=True)
    direction = models.TextField(blank=True)
    vote = models.ForeignKey(Vote, models.PROTECT, null=True, blank=True, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class Clause(models.Model):
    """A numbered clause of a resolution; it may have become a task."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    resolution = models.ForeignKey(Resolution, models.CASCADE, related_name="clauses")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="clauses")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["resolution", "number"],
                name="a_clause_has_its_number",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"


class Minutes(models.Model):
    """The minutes of a meeting: composed from what happened, edited, read back, adopted; from then on locked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes")
    read_back_at = models.DateTimeField(null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.meeting}"


class MinutesRevision(models.Model):
    """One state of the text of minutes; a correction is a new one beside it.

    `sections` is a list of {code, title, text} in the order of the paper.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    sections = models.JSONField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("minutes", "number", name="revisions_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} #{self.number}"

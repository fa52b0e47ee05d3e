"""Opinions with where each lies, and the steps that each has gone."""

from datetime import date
from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.core.keys import uuid7
from chibo.meetings.models import Contribution, Meeting, Part
from chibo.opinions.rules import Source, State, What
from chibo.org.models import Fold, Unit, Words
from chibo.people.models import Person

STATE_WORDS = {
    State.OPEN: _("waits for an answer"),
    State.ANSWERED: _("answered"),
    State.JOINED: _("goes on in another"),
}
SOURCE_WORDS = {
    Source.MEETING: _("raised in a meeting"),
    Source.MEMBER: _("raised by a member"),
    Source.PUBLIC: _("brought from the public"),
}
WHAT_WORDS = {
    What.RAISED: _("raised"),
    What.MOVED_UP: _("moved up, since its day was over"),
    What.SENT: _("sent to the unit above"),
    What.ANSWERED: _("answered"),
    What.REOPENED: _("reopened"),
    What.SATISFIED: _("found satisfying"),
    What.JOINED: _("joined with another"),
    What.TOLD: _("answered in the meeting"),
}


class Opinion(models.Model):
    """What somebody raised in a unit, and the `holder` that answers it by `due_on` or passes it up.

    `by` is empty for what was brought from the public: of that only the place is kept, no name and no household.
    `written_by` wrote it down; he follows it while he belongs there. Those that say the same go on `into` one of them,
    and are answered with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="opinions")
    source = models.CharField(max_length=10, choices=SOURCE_WORDS.items())
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=120, blank=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="opinions")
    contribution = models.OneToOneField(Contribution, models.SET_NULL, null=True, blank=True, related_name="opinion")
    text = models.TextField()
    search = models.GeneratedField(expression=Fold("text"), output_field=models.TextField(), db_persist=True)
    holder = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=STATE_WORDS.items(), default=State.OPEN)
    is_satisfied = models.BooleanField(null=True, blank=True)
    into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined")
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="what_is_joined_goes_on_in_another",
                condition=Q(state=State.JOINED, into__isnull=False) | (~Q(state=State.JOINED) & Q(into=None)),
            ),
            models.CheckConstraint(
                name="what_is_answered_has_its_time",
                condition=Q(state=State.ANSWERED, answered_at__isnull=False) | ~Q(state=State.ANSWERED),
            ),
        ]
        indexes = [
            models.Index("holder", "due_on", name="opinions_that_wait", condition=Q(state=State.OPEN)),
            models.Index("due_on", name="opinions_by_their_day", condition=Q(state=State.OPEN)),
            models.Index("unit", models.F("raised_at").desc(), name="opinions_of_a_unit"),
            models.Index("by", models.F("raised_at").desc(), name="opinions_of_a_person"),
            models.Index("holder", "answered_at", name="opinions_answered", condition=Q(state=State.ANSWERED)),
            GinIndex(Words("search"), name="opinion_words"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Step(models.Model):
    """One step of an opinion: what was done, by whom and with which words, and with which unit it lay then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="steps")
    what = models.CharField(max_length=10, choices=WHAT_WORDS.items())
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("opinion", "at", name="steps_of_an_opinion")]

    def __str__(self) -> str:
        return f"{self.what} {self.opinion}"


class Collection(models.Model):
    """A question of a cell to the public, open until a day under a link of its own.

    `ended_at` is when it was ended before its time. `counted` is how much came in on `counted_on`: a flood is held down
    by it, and by nothing of who writes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="collections")
    question = models.CharField(max_length=300)
    code = models.CharField(max_length=16, unique=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="+")
    counted_on = models.DateField(null=True, blank=True)
    counted = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index("unit", models.F("closes_on").desc(), name="collections_of_a_unit")]

    def __str__(self) -> str:
        return self.question[:60]

    def is_open_on(self, day: date) -> bool:
        """Whether something is taken in on a day: until the last one, unless it was ended before."""
        return self.ended_at is None and day <= self.closes_on


class Voice(models.Model):
    """What somebody of the public wrote. Nothing of who he is is kept, nor the hour: of the day only its week.

    Its id is random, since the other ids of this system hold the instant at which they were made. `receipt` is the
    digest of a code that only he has; it shows what became of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="voices")
    text = models.TextField()
    place = models.CharField(max_length=120, blank=True)
    week = models.DateField()
    receipt = models.CharField(max_length=64, unique=True)
    opinion = models.ForeignKey(Opinion, models.PROTECT, null=True, blank=True, related_name="voices")
    reply = models.TextField(blank=True)
    is_set_aside = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index("collection", "week", "id", name="voices_of_a_collection")]

    def __str__(self) -> str:
        return self.text[:60]

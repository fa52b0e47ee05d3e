"""Courses, their sessions, who takes part, who was there, and certificates."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chibo.core.keys import uuid7
from chibo.courses.rules import Here, Nature, State
from chibo.org.models import Unit
from chibo.people.models import Person

NATURE_WORDS = {
    Nature.SECRETARY: _("secretaries and deputies"),
    Nature.COMMITTEE: _("the secretary, the deputy and members of the committee"),
    Nature.ATTENDING: _("superiors who attend a cell"),
    Nature.NEW_MEMBER: _("probationary members"),
    Nature.MEMBER: _("every member"),
}
STATE_WORDS = {
    State.PREPARING: pgettext_lazy("a course", "being prepared"),
    State.OPEN: pgettext_lazy("a course", "announced"),
    State.ENDED: pgettext_lazy("a course", "ended"),
    State.CALLED_OFF: pgettext_lazy("a course", "called off"),
}
HERE_WORDS = {
    Here.PRESENT: pgettext_lazy("at a session of a course", "present"),
    Here.EXCUSED: pgettext_lazy("at a session of a course", "absent with reason"),
    Here.ABSENT: pgettext_lazy("at a session of a course", "absent without reason"),
}


class Course(models.Model):
    """A course that a committee holds for people of the units below it.

    Units send names until `named_until`, as long as there are `seats`. Who was at `share` per cent of the sessions has
    earned its certificate, which holds for `months`; None: it does not expire. `version` counts the changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    nature = models.CharField(max_length=12, choices=NATURE_WORDS.items())
    title = models.CharField(max_length=300)
    aim = models.TextField()
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    named_until = models.DateField()
    share = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    announced_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    called_off_on = models.DateField(null=True, blank=True)
    why = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="what_is_called_off_says_why", condition=Q(called_off_on=None) | ~Q(why="")),
        ]
        indexes = [models.Index("unit", models.F("id").desc(), name="courses_of_a_unit")]

    def __str__(self) -> str:
        return self.title[:60]

    @property
    def state(self) -> State:
        if self.called_off_on:
            return State.CALLED_OFF
        if self.ended_on:
            return State.ENDED
        return State.OPEN if self.announced_on else State.PREPARING

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])


class Session(models.Model):
    """One session of a course. `version` counts the rolls that were saved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="sessions")
    on = models.DateField()
    time = models.TimeField()
    place = models.CharField(max_length=200)
    topic = models.CharField(max_length=300)
    teacher = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("on", "time", "id")
        constraints = [models.UniqueConstraint("course", "on", "time", name="one_session_of_a_course_at_a_time")]

    def __str__(self) -> str:
        return f"{self.on} {self.topic[:40]}"


class Seat(models.Model):
    """That somebody takes part for a unit. Taken back it keeps its day and the reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="seats_taken")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    named_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("course", "person", name="nobody_sits_twice_in_a_course", condition=Q(left_on=None))
        ]
        indexes = [
            models.Index("course", "unit", name="seats_of_a_course"),
            models.Index("person", name="seats_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.course}"


class Mark(models.Model):
    """Whether who takes part was at a session."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="marks")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="marks")
    here = models.CharField(max_length=10, choices=HERE_WORDS.items())

    class Meta:
        constraints = [models.UniqueConstraint("session", "seat", name="one_mark_a_session")]

    def __str__(self) -> str:
        return self.here


class Certificate(models.Model):
    """What somebody has in hand after a course. `number` counts by committee and year; `because` is why it was given
    to somebody who had missed too much. Withdrawn it keeps its day and the reason. `told_on`: that it ends."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="certificates")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=120)
    because = models.CharField(max_length=300, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)
    told_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("unit", ExtractYear("issued_on"), "number", name="one_certificate_of_a_number"),
            models.UniqueConstraint("seat", name="one_certificate_of_a_course", condition=Q(withdrawn_on=None)),
            models.CheckConstraint(
                name="a_certificate_is_withdrawn_for_a_reason", condition=Q(withdrawn_on=None) | ~Q(why="")
            ),
        ]
        indexes = [
            models.Index("unit", "issued_on", "number", name="certificates_of_a_unit"),
            models.Index(
                "unit",
                "valid_until",
                name="certificates_that_end",
                condition=Q(withdrawn_on=None, valid_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.numbered

    @property
    def numbered(self) -> str:
        """Its number as it is printed."""
        return f"{self.number:02}-GCN/{self.issued_on.year}"

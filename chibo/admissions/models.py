"""Cases of admission, their steps, and how many a committee wants admitted in a year."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chibo.admissions.rules import LIVE, OVER, Stage, State, Why
from chibo.core.keys import uuid7
from chibo.meetings.models import Part, Vote
from chibo.org.models import Unit
from chibo.people.models import Person

STAGE_WORDS = {
    Stage.FOUND: _("somebody outstanding was found"),
    Stage.HELPER: _("a helper is named"),
    Stage.REMARK: _("remark of a meeting"),
    Stage.COURSE: _("certificate of the awareness course"),
    Stage.APPROVAL: _("special approval because of the age"),
    Stage.FILE: _("the file is complete"),
    Stage.CELL_VOTE: _("vote of the cell on the admission"),
    Stage.COMMITTEE_VOTE: _("vote of the committee on the admission"),
    Stage.DECISION: _("decision to admit"),
    Stage.CEREMONY: _("ceremony of admission"),
    Stage.RECOGNITION_VOTE: _("vote of the cell on the official recognition"),
    Stage.RECOGNITION_COMMITTEE: _("vote of the committee on the official recognition"),
    Stage.RECOGNITION: _("decision on the official recognition"),
    Stage.REMOVAL_VOTE: _("vote of the cell on the removal"),
    Stage.REMOVAL: _("decision on the removal"),
}
STATE_WORDS = {
    State.OPEN: pgettext_lazy("a case of admission", "under way"),
    State.PROBATION: _("in probation"),
    State.STOPPED: pgettext_lazy("a case of admission", "stopped"),
    State.RECOGNISED: _("officially recognised"),
    State.REMOVED: _("removed from the list of probationary members"),
}
WHY_WORDS = {
    Why.WITHDREW: _("the candidate has withdrawn"),
    Why.NOT_AGREED: _("it was not agreed, by a vote or a decision"),
    Why.MOVED: _("the candidate has moved away or belongs to the cell no more"),
}


class Case(models.Model):
    """The way of one person to the Party, written down by the cell that helps him.

    Of him there is a name, the day of birth for the age, and which organisation proposed him; once the case is over or
    has stopped for some months nothing of that is left (by `empty_on`,
    since `emptied_on`), and the case is a number. From the ceremony on
    `person` is the member he became; `admitted_in` is the cell of the ceremony and stays, while `unit` goes with him.
    `due_for` is the step that is due next, by `due_on` where a rule sets a day, worked out at the step before.
    `part` stands on an agenda for the step `laid_for`. `version` counts the changes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    born_on = models.DateField(null=True, blank=True)
    found_by = models.CharField(max_length=200, blank=True)
    found_on = models.DateField()
    helpers = models.ManyToManyField(Person, related_name="+")
    state = models.CharField(max_length=12, choices=STATE_WORDS.items(), default=State.OPEN)
    why = models.CharField(max_length=12, choices=WHY_WORDS.items(), blank=True)
    due_for = models.CharField(max_length=24, choices=STAGE_WORDS.items(), blank=True)
    due_on = models.DateField(null=True, blank=True)
    part = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="+")
    laid_for = models.CharField(max_length=24, choices=STAGE_WORDS.items(), blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    admitted_in = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    admitted_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    empty_on = models.DateField(null=True, blank=True)
    emptied_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_case_that_is_over_has_its_day",
                condition=Q(state__in=OVER, closed_on__isnull=False, empty_on__isnull=False)
                | Q(state__in=LIVE, closed_on=None, empty_on=None),
            ),
            models.CheckConstraint(
                name="a_live_case_has_its_name", condition=~Q(state__in=LIVE) | ~Q(name="") & Q(born_on__isnull=False)
            ),
            models.CheckConstraint(
                name="what_is_emptied_names_nobody",
                condition=Q(emptied_on=None) | Q(name="", found_by="", born_on=None, person=None),
            ),
            models.CheckConstraint(name="a_stopped_case_says_why", condition=~Q(state=State.STOPPED) | ~Q(why="")),
            models.CheckConstraint(
                name="who_is_admitted_was_so_on_a_day_in_a_cell",
                condition=Q(admitted_on=None, admitted_in=None)
                | Q(admitted_on__isnull=False, admitted_in__isnull=False),
            ),
        ]
        indexes = [
            models.Index("unit", "state", "found_on", name="cases_of_a_unit"),
            models.Index("due_on", "unit", name="cases_by_what_is_due", condition=Q(due_on__isnull=False)),
            models.Index(
                "admitted_on", "admitted_in", name="admissions_by_day", condition=Q(admitted_on__isnull=False)
            ),
            models.Index("empty_on", name="cases_to_be_emptied", condition=Q(empty_on__isnull=False, emptied_on=None)),
            models.Index("part", name="cases_on_an_agenda", condition=Q(part__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.found_on}"


class Step(models.Model):
    """One step of a case on a day: its paper, what was remarked, or how a vote went, and by when it was due.

    `unit` is the committee that voted or decided. A vote of the cell is that of its meeting, `vote`; its count stands
    here too. What did not carry, or was asked anew, does not stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=24, choices=STAGE_WORDS.items())
    on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    paper = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    vote = models.ForeignKey(Vote, models.SET_NULL, null=True, blank=True, related_name="+")
    base = models.PositiveSmallIntegerField(null=True, blank=True)
    in_favour = models.PositiveSmallIntegerField(null=True, blank=True)
    against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(null=True, blank=True)
    needed = models.PositiveSmallIntegerField(null=True, blank=True)
    stands = models.BooleanField(default=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="no_more_votes_than_members",
                condition=Q(base=None)
                | Q(base__gte=models.F("in_favour") + models.F("against") + models.F("abstained")),
            ),
            models.CheckConstraint(
                name="what_stands_was_carried",
                condition=Q(stands=False) | Q(base=None) | Q(in_favour__gte=models.F("needed")),
            ),
            models.UniqueConstraint("vote", name="a_vote_decides_one_step", condition=Q(vote__isnull=False)),
        ]
        indexes = [models.Index("case", "at", name="steps_of_a_case")]

    def __str__(self) -> str:
        return f"{self.stage} {self.on}"

    @property
    def is_late(self) -> bool:
        """Whether it was taken after its last day."""
        return self.due_on is not None and self.on > self.due_on


class Target(models.Model):
    """How many a committee wants admitted in a unit below it, and all below that, in a year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("unit", "year", name="a_unit_has_one_target_a_year")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}: {self.number}"

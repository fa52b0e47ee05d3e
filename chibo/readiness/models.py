"""The answers of a unit, a row for each year."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from chibo.core.keys import uuid7
from chibo.org.models import Unit
from chibo.people.models import Person
from chibo.readiness.rules import Given, Means, Way

QUESTIONS = {
    Means.COMPUTER: _("Is there a computer with a network connection that the cell can use?"),
    Means.PRINTER: _("Is there a printer that the cell can use?"),
    Means.SIGNAL: _("Is there a telephone signal where the cell meets and its members live?"),
    Means.AT_EASE: _("Is somebody in the committee at ease with working on a computer or a telephone?"),
}
MEANS_WORDS = {
    Means.COMPUTER: _("networked computer"),
    Means.PRINTER: _("printer"),
    Means.SIGNAL: _("telephone signal"),
    Means.AT_EASE: _("somebody at ease with it"),
}
WAY_WORDS = {
    Way.APP: _("in the app"),
    Way.SMS: _("by short message"),
    Way.PAPER: _("on paper"),
}


class Answer(models.Model):
    """What a unit has to work with in a year."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    computer = models.BooleanField()
    printer = models.BooleanField()
    signal = models.BooleanField()
    at_ease = models.BooleanField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("unit", F("year").desc(), name="a_unit_answers_once_a_year")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"

    @property
    def given(self) -> Given:
        return Given(self.computer, self.printer, self.signal, self.at_ease)

"""What is agreed with a member, what he paid, why he did not, and what the cell has handed up."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chibo.core.keys import uuid7
from chibo.dues.rules import Payer, State
from chibo.org.models import Unit
from chibo.people.models import Person

PAYER_WORDS = {
    Payer.WORKER: _("has compulsory social insurance"),
    Payer.PENSIONER: _("has a pension"),
    Payer.STUDENT: _("pupil or student"),
    Payer.OTHER: _("has neither, below the age of retirement"),
    Payer.RETIRED: _("has neither, of the age of retirement"),
    Payer.EXEMPT: _("is exempt from dues"),
}
STATE_WORDS = {
    State.SENT: _("handed up, to be confirmed"),
    State.RECEIVED: _("received"),
    State.DECLINED: _("given back"),
    State.WITHDRAWN: _("taken back"),
}


class Amount(models.Model):
    """What a member pays a month from a month on, in đồng, as the office that approves has set it.

    It goes with the member from cell to cell. A later row takes its place from its own month on; none is changed. The
    income from which it was worked out is kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    payer = models.CharField(max_length=10, choices=PAYER_WORDS.items())
    amount = models.PositiveIntegerField()
    since = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_who_is_exempt_pays_nothing",
                condition=Q(payer=Payer.EXEMPT, amount=0) | ~Q(payer=Payer.EXEMPT) & Q(amount__gt=0),
            ),
            models.CheckConstraint(name="an_amount_begins_with_a_month", condition=Q(since__day=1)),
        ]
        indexes = [
            models.Index("person", F("since").desc(), F("id").desc(), name="amounts_of_a_member", include=["amount"])
        ]

    def __str__(self) -> str:
        return f"{self.payer} {self.since:%Y-%m}"


class Payment(models.Model):
    """What a member paid for one month, in đồng; `kept` of it stays with the cell, the rest goes up.

    A correction is a row of its own with the opposite amount; no row is changed. `unit` goes on with its heirs, while
    `number` counts the receipts of a year in the unit that issued it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    issued_by = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    amount = models.IntegerField()
    kept = models.IntegerField()
    paid_on = models.DateField()
    number = models.PositiveIntegerField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_payment_is_divided_whole",
                condition=Q(amount__gt=0, kept__gte=0, kept__lte=F("amount"))
                | Q(amount__lt=0, kept__lte=0, kept__gte=F("amount")),
            ),
            models.CheckConstraint(
                name="only_a_correction_takes_away_and_says_why",
                condition=Q(corrects=None, amount__gt=0) | Q(corrects__isnull=False, amount__lt=0) & ~Q(why=""),
            ),
            models.CheckConstraint(name="a_payment_is_for_a_month", condition=Q(month__day=1)),
        ]
        indexes = [
            models.Index("unit", "month", name="payments_of_a_unit", include=["amount", "kept"]),
            models.Index("person", "month", name="payments_of_a_member", include=["amount"]),
            models.Index("issued_by", "paid_on", "number", name="receipts_of_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.amount}"

    @property
    def is_corrected(self) -> bool:
        """Whether another row takes it out of the sums; asked of rows that were read with `corrected_by`."""
        return hasattr(self, "corrected_by")


class Reason(models.Model):
    """Why a member did not pay for some months, as the secretary has written it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    text = models.CharField(max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_reason_is_for_months_in_their_order", condition=Q(first__lte=F("last")))
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Handing(models.Model):
    """What a cell has handed to the unit above it for the dues of a month, and what that unit answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    amount = models.PositiveIntegerField()
    handed_on = models.DateField()
    state = models.CharField(max_length=10, choices=STATE_WORDS.items(), default=State.SENT)
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="something_is_handed_up", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="what_is_answered_has_its_instant",
                condition=Q(state=State.SENT, answered_at=None) | ~Q(state=State.SENT) & Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(name="what_is_given_back_says_why", condition=~Q(state=State.DECLINED) | ~Q(why="")),
        ]
        indexes = [
            models.Index("unit", "month", name="handings_of_a_unit", include=["amount", "state"]),
            models.Index("to_unit", "at", name="handings_to_confirm", condition=Q(state=State.SENT)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.amount}"

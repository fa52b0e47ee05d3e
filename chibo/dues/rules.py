"""What is owed and shared, in whole đồng, and what may not be written down. A month is named by its first day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from chibo.core.words import Said
from chibo.core.words import say as _

LONGEST = 500
MOST_AMOUNT = 100_000_000
MOST_BASE = 1_000_000_000
MONTHS_BACK = 24
"""How far back an amount may begin and a month be paid for."""
MONTHS_AHEAD = 12
"""How far ahead a month may be paid for."""


class Payer(StrEnum):
    """By which rule somebody pays. `OTHER` has neither insured salary nor pension, nor has `RETIRED`, who is of the age
    of retirement."""

    WORKER = "worker"
    PENSIONER = "pensioner"
    STUDENT = "student"
    OTHER = "other"
    RETIRED = "retired"
    EXEMPT = "exempt"


OWN_BASE = frozenset({Payer.WORKER, Payer.PENSIONER})
"""Who pays a part of an income of his own, which is typed once and not kept."""
OF_MINIMUM_WAGE = frozenset({Payer.OTHER, Payer.RETIRED})


class State(StrEnum):
    """How far a sum is that a cell has handed up."""

    SENT = "sent"
    RECEIVED = "received"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


COUNTS = frozenset({State.SENT, State.RECEIVED})
"""What was handed up and neither given back nor taken back."""


def amount_of(base: int, percent: float, step: int) -> int:
    """A part of a base in whole đồng, to the nearest step, a half up."""
    exact = Decimal(base) * Decimal(str(percent)) / 100 / step
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP)) * step


def kept_of(amount: int, percent: float, collected: int, kept: int) -> int:
    """What the cell keeps of a payment, so that of all that came in for the month it keeps its share to the đồng.

    `collected` and `kept` are the sums of that month before this payment.
    """
    wanted = amount_of(collected + amount, percent, 1) - kept
    return min(max(wanted, 0), amount)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody pays a month from a month on."""

    since: date
    amount: int


def owed(agreed: Sequence[Agreed], month: date) -> int | None:
    """What is to be paid for a month; None where nothing was agreed for it. The latest beginning counts, and of two
    with the same beginning the one that was entered later."""
    found = None
    for one in agreed:
        if one.since <= month and (found is None or one.since >= found.since):
            found = one
    return found.amount if found else None


def next_month(month: date) -> date:
    """The month after one."""
    return (month + timedelta(days=31)).replace(day=1)


def months_from(first: date, last: date) -> list[date]:
    """The months from one through another; none if that lies before."""
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return found


def shifted(month: date, n: int) -> date:
    """The month so many months later, or earlier."""
    at = month.year * 12 + month.month - 1 + n
    return date(at // 12, at % 12 + 1, 1)


def unpaid(agreed: Sequence[Agreed], paid: Mapping[date, int], before: date) -> list[date]:
    """The months before one, of the last MONTHS_BACK, for which less was paid than is owed."""
    if not agreed:
        return []
    first = max(min(one.since for one in agreed), shifted(before, -MONTHS_BACK))
    return [
        month for month in months_from(first, shifted(before, -1)) if paid.get(month, 0) < (owed(agreed, month) or 0)
    ]


def without_reason(months: Collection[date], reasons: Collection[tuple[date, date]], year: int) -> list[date]:
    """The months of a year that no written reason (its first and last month) covers."""
    return [
        month for month in months if month.year == year and not any(first <= month <= last for first, last in reasons)
    ]


def why_not_month(month: date, today: date, *, ahead: int) -> Said | None:
    """Why something may not be written down for a month; None if it may."""
    this = today.replace(day=1)
    first, last = shifted(this, -MONTHS_BACK), shifted(this, ahead)
    if not first <= month <= last:
        return _("Choose a month from {first} to {last}.").format(first=f"{first:%m/%Y}", last=f"{last:%m/%Y}")
    return None


def why_not_agree(payer: Payer, base: int | None, more: int | None, by_rule: int) -> dict[str, list[Said]]:
    """Why an amount may not be agreed so, by field; empty if it may. `by_rule` is what the rule in force comes to."""
    wrong: dict[str, list[Said]] = {}
    if payer in OWN_BASE and not base:
        wrong["base"] = [_("Write the salary or the pension: the amount is worked out from it, and it is not kept.")]
    if payer not in OWN_BASE and base:
        wrong["base"] = [_("Leave this empty: this member does not pay a part of a salary or pension.")]
    if payer is Payer.EXEMPT and more:
        wrong["more"] = [_("Who is exempt pays nothing. Choose another kind, or leave this empty.")]
    elif more and more < by_rule:
        wrong["more"] = [
            _("By the rule it is {amount} đồng. Write a higher amount, or leave this empty.").format(
                amount=f"{by_rule:,}".replace(",", ".")
            )
        ]
    return wrong


def why_not_collector(*, approves: bool, belongs: bool, has_account: bool) -> Said | None:
    """Why somebody may not collect in a cell; None if he may."""
    if not belongs:
        return _("This person does not belong to the cell today. Choose one of its members.")
    if approves:
        return _("Who approves the amounts does not collect them. Choose a member who is neither secretary nor deputy.")
    if not has_account:
        return _("This member has no account yet. Hand him a one-time code first, or choose somebody else.")
    return None


def why_not_collect(*, approves: bool, belongs: bool) -> Said | None:
    """Why an actor who was named to collect may not do it; None if he may."""
    if approves:
        return _("You approve the amounts now, so you do not collect them. Let the cell name another collector.")
    if not belongs:
        return _("You do not belong to this cell any more. Let it name another collector.")
    return None


def why_not_pay(owed: int | None, amount: int) -> dict[str, list[Said]]:
    """Why a payment may not be written down so, by field; empty if it may."""
    if owed is None:
        return {"": [_("No amount is agreed for this member in that month. The secretary approves it first.")]}
    if not 0 < amount <= MOST_AMOUNT:
        return {"amount": [_("Write what was paid, in whole đồng.")]}
    return {}


def why_not_correct(*, is_correction: bool, is_corrected: bool, why: str) -> dict[str, list[Said]]:
    """Why a payment may not be taken out of the sums, by field; empty if it may."""
    if is_correction:
        return {"": [_("This is a correction itself. Write the payment down again instead.")]}
    if is_corrected:
        return {"": [_("This payment was corrected already.")]}
    return {} if why.strip() else {"why": [_("Write what was wrong: the entry stays, with this beside it.")]}


def why_not_hand_up(amount: int, open_sum: int) -> Said | None:
    """Why a sum may not be handed up; None if it may. `open_sum` is what the cell has still to hand up."""
    if open_sum <= 0:
        return _("There is nothing to hand up: all that is due to the level above was handed up.")
    if not 0 < amount <= open_sum:
        return _("Write an amount up to {open} đồng: so much is still to be handed up.").format(
            open=f"{open_sum:,}".replace(",", ".")
        )
    return None


def why_not_answer(state: State) -> Said | None:
    """Why a sum that was handed up may not be confirmed, given back or taken back; None if it may."""
    if state is not State.SENT:
        return _("This was answered already; what was written stays.")
    return None


def why_not_reason(first: date, last: date, text: str) -> dict[str, list[Said]]:
    """Why a reason may not be written so, by field; empty if it may."""
    wrong: dict[str, list[Said]] = {}
    if last < first:
        wrong["last"] = [_("The last month comes before the first. Swap the two.")]
    if not text.strip():
        wrong["text"] = [_("Write the reason in one sentence.")]
    return wrong

"""Every change to dues: amounts approved by one office, payments entered by another, sums handed up and confirmed."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.refusals import NotThere, Refused
from chibo.core.words import Said
from chibo.documents.actions import refuse_classified
from chibo.dues import queries, rules
from chibo.dues.models import Amount, Handing, Payment, Reason
from chibo.dues.rules import Payer, State
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people import queries as people


def _locked(unit_id: UUID) -> Unit:
    """The cell, its row locked: its receipts are counted and its sums divided one after the other."""
    rows = Unit.objects.select_for_update(of=("self",), no_key=True).select_related("kind")
    found = rows.filter(pk=unit_id, kind__holds_meetings=True).first()
    if found is None:
        raise NotThere
    return found


def _refuse(wrong: Mapping[str, list[Said]]) -> None:
    if wrong:
        raise Refused(*wrong.get("", []), fields={name: lines for name, lines in wrong.items() if name})


# The office that approves


@transaction.atomic
def agree(
    *,
    actor: Actor,
    unit_id: UUID,
    person_id: UUID,
    payer: Payer,
    base: int | None,
    more: int | None,
    since: date,
    at: datetime,
) -> Amount:
    """Approves what a member pays a month from a month on, by the rule in force; `more` if he gives more than that.

    The income `base` is used here and kept nowhere, not in the audit either.
    """
    unit, today = _locked(unit_id), clock.day_of(at)
    access.require(actor, Capability.SET_DUES, unit)
    queries.pays_in(unit, person_id, today)
    if reason := rules.why_not_month(since, today, ahead=1):
        raise Refused(fields={"since": [reason]})
    of, percent = queries.base_and_percent(payer, unit, since, base)
    by_rule = rules.amount_of(of, percent, queries.step(unit, today))
    _refuse(rules.why_not_agree(payer, base, more, by_rule))
    amount = more or by_rule
    if payer is not Payer.EXEMPT and not amount:
        raise Refused(fields={"base": [_("This comes to less than one đồng. Check what was written.")]})
    made = Amount.objects.create(
        person_id=person_id, payer=payer, amount=amount, since=since, by_id=actor.person_id, at=at
    )
    audit.record(actor, Verb.DUES_AGREED, made, at=at, unit_id=unit.pk, since=since.isoformat())
    _tell_meetings(unit, [since, today.replace(day=1)], at)
    return made


@transaction.atomic
def name_collector(*, actor: Actor, unit_id: UUID, person_id: UUID, at: datetime) -> None:
    """Names the member who collects in a cell, in the place of whoever did; never one who approves."""
    unit, today = _locked(unit_id), clock.day_of(at)
    access.require(actor, Capability.SET_DUES, unit)
    membership = people.membership_now(person_id, today)
    user_id = membership.person.user_id if membership else None
    reason = rules.why_not_collector(
        approves=person_id in people.leads([unit.pk], today),
        belongs=queries.may_collect(unit, today).filter(person=person_id).exists()
        or person_id in people.leads([unit.pk], today),
        has_account=user_id is not None,
    )
    if reason or user_id is None:
        raise Refused(fields={"person": [reason]})
    if user_id in {one.user_id for one in queries.collectors(unit.pk, today)}:
        raise Refused(fields={"person": [_("This member collects already.")]})
    access_actions.name_for_unit(
        actor=actor, role=Role.COLLECTOR, user_id=user_id, unit=unit, capability=Capability.SET_DUES, on=today, at=at
    )
    audit.record(actor, Verb.DUES_COLLECTOR_NAMED, unit, at=at, unit_id=unit.pk, person=str(person_id))


@transaction.atomic
def give_reason(
    *, actor: Actor, unit_id: UUID, person_id: UUID, first: date, last: date, text: str, at: datetime
) -> Reason:
    """Writes why a member did not pay for some months: these are then not laid before the cell."""
    unit = _locked(unit_id)
    access.require(actor, Capability.SET_DUES, unit)
    queries.pays_in(unit, person_id, clock.day_of(at))
    _refuse(rules.why_not_reason(first, last, text))
    refuse_classified(text=text)
    made = Reason.objects.create(
        person_id=person_id, first=first, last=last, text=text.strip(), by_id=actor.person_id, at=at
    )
    audit.record(actor, Verb.DUES_REASON_GIVEN, made, at=at, unit_id=unit.pk)
    return made


# The office that collects


def _collecting(actor: Actor, unit_id: UUID, at: datetime) -> Unit:
    """The cell in which the actor collects, locked. Refuses who also approves there, and who has left."""
    unit, today = _locked(unit_id), clock.day_of(at)
    access.require(actor, Capability.COLLECT_DUES, unit)
    belongs = actor.person_id is not None and queries.may_collect(unit, today).filter(person=actor.person_id).exists()
    approves = access.can(actor, Capability.SET_DUES, unit)
    if reason := rules.why_not_collect(approves=approves, belongs=approves or belongs):
        raise Refused(reason)
    return unit


@transaction.atomic
def collect(
    *, actor: Actor, unit_id: UUID, person_ids: Collection[UUID], month: date, paid_on: date, at: datetime
) -> list[Payment]:
    """Writes down that these members have paid what was still open for a month; who owed nothing more is left out."""
    unit, today = _collecting(actor, unit_id, at), clock.day_of(at)
    _check_days(month, paid_on, today)
    chosen = set(person_ids)
    rows = [one for one in queries.standings(unit, month, today) if one.person.pk in chosen and one.open]
    if not rows:
        raise Refused(_("Choose who has paid. Nobody of these owes anything more for this month."))
    made = [_pay(actor, unit, one.person.pk, month, one.open, paid_on, _next_number(unit, paid_on), at) for one in rows]
    _tell_meetings(unit, [month], at)
    return made


@transaction.atomic
def pay(
    *,
    actor: Actor,
    unit_id: UUID,
    person_id: UUID,
    first: date,
    months: int,
    amount: int | None,
    paid_on: date,
    at: datetime,
) -> list[Payment]:
    """Writes down what a member has paid for one month or several in a row, with one receipt.

    `amount` is what he paid for each month; None: what is still open for it.
    """
    unit, today = _collecting(actor, unit_id, at), clock.day_of(at)
    queries.pays_in(unit, person_id, today)
    span = [rules.shifted(first, n) for n in range(months)]
    for month in span:
        _check_days(month, paid_on, today)
    found = queries.account(person_id, today)
    agreed = queries.agreed(sorted(found.amounts, key=lambda one: one.pk))
    paid = {one.month: one.paid for one in found.lines}
    number = _next_number(unit, paid_on)
    made = []
    for month in span:
        owed = rules.owed(agreed, month)
        wanted = amount if amount is not None else (owed or 0) - paid.get(month, 0)
        if wanted <= 0 and amount is None and owed is not None:
            continue
        _refuse(rules.why_not_pay(owed, wanted))
        made.append(_pay(actor, unit, person_id, month, wanted, paid_on, number, at))
    if not made:
        raise Refused(_("Nothing is open for these months. Write the amount if he paid more."))
    _tell_meetings(unit, span, at)
    return made


def _check_days(month: date, paid_on: date, today: date) -> None:
    if reason := rules.why_not_month(month, today, ahead=rules.MONTHS_AHEAD):
        raise Refused(reason, fields={"month": [reason], "first": [reason]})
    if not rules.shifted(today.replace(day=1), -rules.MONTHS_BACK) <= paid_on <= today:
        raise Refused(fields={"paid_on": [_("Write the day on which it was paid, not after today.")]})


def _next_number(unit: Unit, paid_on: date) -> int:
    """The next receipt of a year in a cell, whose row is locked."""
    issued = Payment.objects.filter(issued_by=unit, paid_on__year=paid_on.year)
    return (issued.aggregate(n=Max("number"))["n"] or 0) + 1


def _pay(
    actor: Actor, unit: Unit, person_id: UUID, month: date, amount: int, paid_on: date, number: int, at: datetime
) -> Payment:
    collected, kept = queries.of_month(unit.pk, month)
    made = Payment.objects.create(
        unit=unit,
        issued_by=unit,
        person_id=person_id,
        month=month,
        amount=amount,
        kept=rules.kept_of(amount, queries.kept_percent(unit, paid_on), collected, kept),
        paid_on=paid_on,
        number=number,
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.DUES_PAID, made, at=at, unit_id=unit.pk, month=month.isoformat())
    return made


@transaction.atomic
def correct(*, actor: Actor, payment_id: UUID, why: str, at: datetime) -> Payment:
    """Takes a payment that was written down wrongly out of the sums, by an entry of its own with the reason."""
    found = Payment.objects.select_related("corrected_by").filter(pk=payment_id).first()
    if found is None:
        raise NotThere
    unit = _collecting(actor, found.unit_id, at)
    is_corrected = Payment.objects.filter(corrects=found).exists()
    _refuse(rules.why_not_correct(is_correction=found.corrects_id is not None, is_corrected=is_corrected, why=why))
    refuse_classified(why=why)
    today = clock.day_of(at)
    made = Payment.objects.create(
        unit=unit,
        issued_by=unit,
        person_id=found.person_id,
        month=found.month,
        amount=-found.amount,
        kept=-found.kept,
        paid_on=today,
        number=_next_number(unit, today),
        corrects=found,
        why=why.strip(),
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.DUES_CORRECTED, made, at=at, unit_id=unit.pk, corrects=str(found.pk))
    _tell_meetings(unit, [found.month], at)
    return made


@transaction.atomic
def hand_up(*, actor: Actor, unit_id: UUID, month: date, amount: int, handed_on: date, at: datetime) -> Handing:
    """Writes down what the collector has handed to the unit above for a month; that unit confirms it."""
    unit, today = _collecting(actor, unit_id, at), clock.day_of(at)
    if reason := rules.why_not_month(month, today, ahead=rules.MONTHS_AHEAD):
        raise Refused(fields={"month": [reason]})
    if not rules.shifted(today.replace(day=1), -rules.MONTHS_BACK) <= handed_on <= today:
        raise Refused(fields={"handed_on": [_("Write the day on which it was handed up, not after today.")]})
    if reason := rules.why_not_hand_up(amount, queries.balance(unit.pk).to_hand_up):
        raise Refused(fields={"amount": [reason]})
    above = queries.superior_of(unit.pk, today)
    if above is None:
        raise Refused(_("No unit stands above this cell, so there is nobody to hand up to."))
    made = Handing.objects.create(
        unit=unit, to_unit_id=above, month=month, amount=amount, handed_on=handed_on, by_id=actor.person_id, at=at
    )
    audit.record(actor, Verb.DUES_HANDED_UP, made, at=at, unit_id=unit.pk, month=month.isoformat(), amount=amount)
    return made


@transaction.atomic
def take_back(*, actor: Actor, handing_id: UUID, at: datetime) -> Handing:
    """Takes back what was written as handed up by mistake, while it is not answered."""
    found = _handing(handing_id)
    _collecting(actor, found.unit_id, at)
    return _answer(actor, found, State.WITHDRAWN, "", at)


# The receiving office of the unit above


@transaction.atomic
def confirm(*, actor: Actor, handing_id: UUID, at: datetime) -> Handing:
    """Confirms that what a cell has handed up came in."""
    found = _handing(handing_id)
    access.require(actor, Capability.RECEIVE_DUES, found.to_unit)
    return _answer(actor, found, State.RECEIVED, "", at)


@transaction.atomic
def decline(*, actor: Actor, handing_id: UUID, why: str, at: datetime) -> Handing:
    """Gives back what a cell says it has handed up, with the reason: the cell counts it as still to be handed up."""
    found = _handing(handing_id)
    access.require(actor, Capability.RECEIVE_DUES, found.to_unit)
    if not why.strip():
        raise Refused(fields={"why": [_("Write what is wrong, so that the cell can put it right.")]})
    refuse_classified(why=why)
    return _answer(actor, found, State.DECLINED, why.strip(), at)


def _handing(handing_id: UUID) -> Handing:
    rows = Handing.objects.select_for_update(of=("self",)).select_related("unit", "to_unit").filter(pk=handing_id)
    found = rows.first()
    if found is None:
        raise NotThere
    return found


def _answer(actor: Actor, found: Handing, state: State, why: str, at: datetime) -> Handing:
    if reason := rules.why_not_answer(State(found.state)):
        raise Refused(reason)
    found.state, found.why, found.answered_by_id, found.answered_at = state, why, actor.person_id, at
    found.save(update_fields=["state", "why", "answered_by", "answered_at"])
    audit.record(actor, Verb.DUES_HANDING_ANSWERED, found, at=at, unit_id=found.unit_id, state=state)
    return found


# What follows


def tell_meetings(*, actor: Actor, unit_id: UUID, month: date, at: datetime) -> None:
    """Tells the meetings of a cell in a month how many have paid for it; once more changes nothing."""
    unit = _locked(unit_id)
    access.require(actor, Capability.SET_DUES, unit)
    _tell_meetings(unit, [month], at)


def _tell_meetings(unit: Unit, months: Collection[date], at: datetime) -> None:
    today = clock.day_of(at)
    for month in sorted(set(months)):
        if meeting_queries.awaiting_dues(unit.pk, month).exists():
            paid, payers = queries.told(unit, month, today)
            meetings.record_dues(actor=SYSTEM, unit_id=unit.pk, month=month, paid=paid, payers=payers, at=at)


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID], going: Mapping[UUID, UUID], on: date) -> list[Effect]:
    """Lets the heirs of units that end on a day (by unit: the heir) go on with their money: what came in, what was
    handed up by them and to them. Receipts keep the unit that issued them. Who was named to collect on that day or
    later collects where he goes (`going`, by membership: the unit), else for the heir."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    paid = Payment.objects.select_for_update(of=("self",)).filter(unit__in=to).values_list("pk", "unit_id")
    effects = org.reassign("dues_payment", "unit_id", {pk: to[unit_id] for pk, unit_id in paid})
    for column in ("unit", "to_unit"):
        rows = Handing.objects.select_for_update(of=("self",)).filter(**{f"{column}__in": list(to)})
        moved = {pk: to[unit_id] for pk, unit_id in rows.values_list("pk", f"{column}_id")}
        effects += org.reassign("dues_handing", f"{column}_id", moved)
    named = Grant.objects.select_for_update(of=("self",)).filter(role=Role.COLLECTOR, unit__in=to)
    late = named.filter(during__startswith__gte=on).order_by("pk").values_list("pk", "unit_id", "user__person")
    goes = people.goes_to(going)
    moved = {pk: goes.get((person_id, unit_id), to[unit_id]) for pk, unit_id, person_id in late}
    return effects + org.reassign("access_grant", "unit_id", moved)

"""Committees and offices: terms begin and end, offices are taken and left."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org.models import Unit
from chibo.people import rules
from chibo.people.models import Committee, How, Membership, Office, Person, Status, Title


@transaction.atomic
def form_committee(
    *, actor: Actor, unit_id: UUID, term: str, during: Period, at: datetime, ends_on: date | None = None
) -> Committee:
    """Enters the committee (or, in a small cell, the leadership) of a unit for a term.

    `ends_on` is when the term runs out; the committee leads on until the next one is elected.
    """
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    committee = _form(unit, term, during, ends_on)
    audit.record(actor, Verb.COMMITTEE_FORMED, committee, at=at, term=term)
    return committee


def _form(unit: Unit, term: str, during: Period, ends_on: date | None) -> Committee:
    if not term.strip():
        raise Refused(fields={"term": [_("Write the term, for example 2025–2030.")]})
    if during.since is None or during.since not in unit.during:
        raise Refused(fields={"since": [_("On that day the unit did not exist. Choose a later day.")]})
    if ends_on is not None and ends_on <= during.since:
        raise Refused(fields={"ends_on": [_("The term ends after it begins. Choose a later day.")]})
    try:
        with transaction.atomic():
            return Committee.objects.create(unit=unit, term=term, ends_on=ends_on, during=during)
    except IntegrityError as error:
        raise Refused(fields={"since": [_("The unit has a committee in that period already.")]}) from error


@transaction.atomic
def elect_committee(
    *,
    actor: Actor,
    unit_id: UUID,
    term: str,
    since: date,
    elected: Sequence[tuple[UUID, Title]],
    at: datetime,
    ends_on: date | None = None,
    decision: str = "",
    decided_on: date | None = None,
) -> Committee:
    """Begins a new term of a unit: the committee of before and every office of the unit end, those elected begin.

    `decision` is the one by which the unit above confirms the election, where there is one.
    """
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    if reason := rules.why_not_elected([title for _person, title in elected]):
        raise Refused(reason)
    if reason := rules.why_not_yet(since, today=clock.day_of(at)):
        raise Refused(fields={"since": [reason]})
    _refuse_half_a_decision(decision, decided_on)
    offices = list(Office.objects.select_for_update().filter(unit=unit, during__overlap=Period(since)))
    committees = list(Committee.objects.select_for_update().filter(unit=unit, during__overlap=Period(since)))
    for during in [*(one.during for one in offices), *(one.during for one in committees)]:
        if reason := rules.why_not_from(since, current=during):
            raise Refused(fields={"since": [reason]})
    for office in offices:
        close_office(actor=actor, office=office, on=since, at=at)
    for committee in committees:
        committee.during = committee.during.until_day(since)
        committee.save(update_fields=["during"])
    committee = _form(unit, term, Period(since), ends_on)
    audit.record(actor, Verb.COMMITTEE_FORMED, committee, at=at, term=term)
    for person_id, title in elected:
        try:
            take_office(
                actor=actor,
                person_id=person_id,
                unit_id=unit.pk,
                title=title,
                during=Period(since),
                at=at,
                how=How.ELECTED,
                decision=decision,
                decided_on=decided_on,
            )
        except Refused as refusal:
            # One of many: without the name nobody knows of whom it is said.
            name = Person.objects.values_list("name", flat=True).get(pk=person_id)
            raise Refused(f"{name}: {refusal}") from refusal
    return committee


@transaction.atomic
def take_office(
    *,
    actor: Actor,
    person_id: UUID,
    unit_id: UUID,
    title: Title,
    during: Period,
    at: datetime,
    how: str = "",
    decision: str = "",
    decided_on: date | None = None,
) -> Office:
    """Enters that a person was elected or appointed (`how`) to an office of a unit for a period."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    _refuse_half_a_decision(decision, decided_on)
    since = during.since
    if since is None:
        raise Refused(fields={"since": [_("Write the day on which the office begins.")]})
    if since not in unit.during or unit.during.until is not None:
        raise Refused(fields={"since": [_("On that day the unit did not exist, or it has ended since.")]})
    membership = Membership.objects.on(since).filter(person_id=person_id).select_related("unit").first()
    if reason := rules.why_not_office(
        is_official=membership is not None and membership.status == Status.OFFICIAL,
        is_of_the_unit=membership is not None and membership.unit.path.startswith(unit.path),
    ):
        raise Refused(fields={"person": [reason]})
    committee = Committee.objects.on(since).filter(unit=unit).first()
    try:
        with transaction.atomic():
            office = Office.objects.create(
                person_id=person_id,
                unit=unit,
                title=title,
                committee=committee,
                during=during,
                how=how,
                decision=canonical(decision),
                decided_on=decided_on,
            )
    except IntegrityError as error:
        raise Refused(
            fields={"title": [_("This office is held in that period already. End that first, or choose another day.")]}
        ) from error
    audit.record(actor, Verb.OFFICE_TAKEN, office, at=at, title=title, since=since.isoformat())
    return office


def _refuse_half_a_decision(decision: str, decided_on: date | None) -> None:
    is_one = bool(decision.strip()) or decided_on is not None
    if wrong := rules.why_not_decided(decision=decision, decided_on=decided_on, is_needed=is_one):
        raise Refused(fields=wrong)


@transaction.atomic
def leave_office(*, actor: Actor, office_id: UUID, on: date, at: datetime) -> Office:
    """Ends an office on a day: the first on which its holder decides nothing more."""
    office = Office.objects.select_for_update(of=("self",)).select_related("unit").get(pk=office_id)
    access.require(actor, Capability.MANAGE_MEMBERS, office.unit)
    if reason := rules.why_not_from(on, current=office.during):
        raise Refused(fields={"on": [reason]})
    return close_office(actor=actor, office=office, on=on, at=at)


# Steps of actions that have asked: whoever changes how somebody belongs ends what hangs on it.


def close_office(*, actor: Actor, office: Office, on: date, at: datetime) -> Office:
    """Ends an office on a day."""
    if reason := rules.why_not_from(on, current=office.during):
        raise Refused(reason)
    office.during = office.during.until_day(on)
    office.save(update_fields=["during"])
    audit.record(actor, Verb.OFFICE_LEFT, office, at=at, title=office.title, on=on.isoformat())
    return office


def close_offices_of(*, actor: Actor, membership: Membership, on: date, at: datetime) -> None:
    """Ends the offices that a member holds in his unit; refuses while he holds one in another unit."""
    refuse_other_offices(membership, None, on)
    for office in Office.objects.filter(person_id=membership.person_id, during__overlap=Period(on)):
        close_office(actor=actor, office=office, on=on, at=at)


def refuse_other_offices(membership: Membership, to: Unit | None, on: date) -> None:
    """Refuses to let somebody go who holds an office of another unit to which he would not belong any more."""
    held = Office.objects.filter(person_id=membership.person_id, during__overlap=Period(on))
    for office in held.exclude(unit_id=membership.unit_id).select_related("unit"):
        if to is None or not to.path.startswith(office.unit.path):
            raise Refused(_("This person still holds an office in another unit. End that office first."))

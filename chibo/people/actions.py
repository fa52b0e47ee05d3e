"""Entering people, changing how they belong, and the offices they hold."""

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
from chibo.core.names import canonical, person_sort_key
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org.models import Unit
from chibo.people import rules
from chibo.people.models import Committee, Membership, Office, Person, Status, Title


@transaction.atomic
def enter_member(
    *,
    actor: Actor,
    unit_id: UUID,
    name: str,
    status: Status,
    since: date,
    at: datetime,
    born_on: date | None = None,
    email: str = "",
) -> Membership:
    """Enters a new person into the register as a member of a unit from a day on."""
    unit = Unit.objects.select_related("kind").get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    if not name.strip():
        raise Refused(fields={"name": [_("Write the full name.")]})
    if not unit.kind.has_members:
        raise Refused(fields={"unit": [_("Members belong to a cell. Choose a cell.")]})
    if since not in unit.during:
        raise Refused(fields={"since": [_("On that day the cell did not exist. Choose a later day.")]})
    person = Person.called(name, born_on=born_on, email=email)
    person.save(force_insert=True)
    membership = Membership.objects.create(person=person, unit=unit, status=status, during=Period(since))
    audit.record(actor, Verb.PERSON_ENTERED, person, at=at, unit_id=unit.pk, status=status, since=since.isoformat())
    return membership


@transaction.atomic
def correct_person(
    *, actor: Actor, person_id: UUID, unit_id: UUID, name: str, born_on: date | None, email: str, at: datetime
) -> Person:
    """Corrects what the register says of a member of a unit."""
    membership = Membership.objects.select_for_update().get(
        person_id=person_id, unit_id=unit_id, during__contains=clock.day_of(at)
    )
    access.require(actor, Capability.MANAGE_MEMBERS, membership.unit)
    if not name.strip():
        raise Refused(fields={"name": [_("Write the full name.")]})
    person = membership.person
    person.name, person.sort_key = canonical(name), person_sort_key(canonical(name))
    person.born_on, person.email = born_on, email
    person.save(update_fields=["name", "sort_key", "born_on", "email"])
    audit.record(actor, Verb.PERSON_CORRECTED, person, at=at, unit_id=unit_id)
    return person


@transaction.atomic
def change_status(*, actor: Actor, membership_id: UUID, status: Status, since: date, at: datetime) -> Membership:
    """Changes how a person belongs to his unit from a day on; what was, stays in the register."""
    current = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership_id)
    access.require(actor, Capability.MANAGE_MEMBERS, current.unit)
    if reason := rules.why_not_from(since, current=current.during):
        raise Refused(fields={"since": [reason]})
    if current.status == status:
        raise Refused(fields={"status": [_("This is the status already. Choose another one.")]})
    until = current.during.until
    current.during = current.during.until_day(since)
    current.save(update_fields=["during"])
    new = Membership.objects.create(
        person_id=current.person_id, unit=current.unit, status=status, during=Period(since, until)
    )
    audit.record(actor, Verb.MEMBERSHIP_CHANGED, new, at=at, was=current.status, status=status, since=since.isoformat())
    return new


@transaction.atomic
def end_membership(*, actor: Actor, membership_id: UUID, on: date, at: datetime) -> Membership:
    """Ends a membership on a day (the first on which it no longer holds), with the offices held in that unit."""
    membership = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership_id)
    access.require(actor, Capability.MANAGE_MEMBERS, membership.unit)
    if reason := rules.why_not_from(on, current=membership.during):
        raise Refused(fields={"on": [reason]})
    for office in Office.objects.filter(
        person_id=membership.person_id, unit_id=membership.unit_id, during__overlap=Period(on)
    ):
        leave_office(actor=actor, office_id=office.pk, on=on, at=at)
    membership.during = membership.during.until_day(on)
    membership.save(update_fields=["during"])
    audit.record(actor, Verb.MEMBERSHIP_ENDED, membership, at=at, on=on.isoformat())
    return membership


@transaction.atomic
def form_committee(*, actor: Actor, unit_id: UUID, term: str, during: Period, at: datetime) -> Committee:
    """Enters the committee (or, in a small cell, the leadership) of a unit for a term."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    try:
        with transaction.atomic():
            committee = Committee.objects.create(unit=unit, term=term, during=during)
    except IntegrityError as error:
        raise Refused(fields={"during": [_("The unit has a committee in that period already.")]}) from error
    audit.record(actor, Verb.COMMITTEE_FORMED, committee, at=at, term=term)
    return committee


@transaction.atomic
def take_office(*, actor: Actor, person_id: UUID, unit_id: UUID, title: Title, during: Period, at: datetime) -> Office:
    """Enters that a person was elected or appointed to an office of a unit for a period."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    since = during.since
    if since is None:
        raise Refused(fields={"since": [_("Write the day on which the office begins.")]})
    status = Membership.objects.on(since).filter(person_id=person_id).values_list("status", flat=True).first()
    if reason := rules.why_not_office(is_official=status == Status.OFFICIAL):
        raise Refused(fields={"person": [reason]})
    committee = Committee.objects.on(since).filter(unit=unit).first()
    try:
        with transaction.atomic():
            office = Office.objects.create(
                person_id=person_id, unit=unit, title=title, committee=committee, during=during
            )
    except IntegrityError as error:
        raise Refused(
            fields={"title": [_("This office is held in that period already. End that first, or choose another day.")]}
        ) from error
    audit.record(actor, Verb.OFFICE_TAKEN, office, at=at, title=title, since=since.isoformat())
    return office


@transaction.atomic
def leave_office(*, actor: Actor, office_id: UUID, on: date, at: datetime) -> Office:
    """Ends an office on a day: the first on which its holder decides nothing more."""
    office = Office.objects.select_for_update(of=("self",)).select_related("unit").get(pk=office_id)
    access.require(actor, Capability.MANAGE_MEMBERS, office.unit)
    if reason := rules.why_not_from(on, current=office.during):
        raise Refused(fields={"on": [reason]})
    office.during = office.during.until_day(on)
    office.save(update_fields=["during"])
    audit.record(actor, Verb.OFFICE_LEFT, office, at=at, title=office.title, on=on.isoformat())
    return office

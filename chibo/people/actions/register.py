"""Entering people, changing how they belong, ending their membership."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.accounts.models import User
from chibo.audit import actions as audit
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical, person_sort_key
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people import queries, rules
from chibo.people.actions.offices import close_office, close_offices_of
from chibo.people.models import Membership, Office, Person, Status, Transfer

BATCH = 5000


def why_not_joined(unit: Unit, since: date) -> dict[str, object]:
    """Why nobody may belong to a unit from a day on, by field; empty if one may."""
    if not unit.kind.has_members:
        return {"unit": _("Members belong to a cell. Choose a cell.")}
    if unit.during.until is not None:
        return {"unit": _("The cell has ended. Choose one that is still there.")}
    if since not in unit.during:
        return {"since": _("On that day the cell did not exist. Choose a later day.")}
    return {}


def may_be_joined(unit: Unit, since: date) -> None:
    """Refuses where nobody may belong to a unit from a day on."""
    if reasons := why_not_joined(unit, since):
        raise Refused(fields={field: [reason] for field, reason in reasons.items()})


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
    card_number: str = "",
    joined_on: date | None = None,
    official_on: date | None = None,
    capability: Capability = Capability.MANAGE_MEMBERS,
) -> Membership:
    """Enters a new person into the register as a member of a unit from a day on."""
    unit = Unit.objects.select_for_update(of=("self",)).select_related("kind").get(pk=unit_id)
    access.require(actor, capability, unit)
    if not name.strip():
        raise Refused(fields={"name": [_("Write the full name.")]})
    may_be_joined(unit, since)
    person = Person.called(
        name, born_on=born_on, email=email, card_number=card_number, joined_on=joined_on, official_on=official_on
    )
    person.save(force_insert=True)
    membership = Membership.objects.create(person=person, unit=unit, status=status, during=Period(since))
    audit.record(actor, Verb.PERSON_ENTERED, person, at=at, unit_id=unit.pk, status=status, since=since.isoformat())
    return membership


@transaction.atomic
def correct_person(
    *,
    actor: Actor,
    person_id: UUID,
    unit_id: UUID,
    name: str,
    born_on: date | None,
    email: str,
    at: datetime,
    card_number: str | None = None,
    joined_on: date | None = None,
    official_on: date | None = None,
) -> Person:
    """Corrects what the register says of a member of a unit; with a `card_number`, also the card and its days."""
    membership = Membership.objects.select_for_update().get(
        person_id=person_id, unit_id=unit_id, during__contains=clock.day_of(at)
    )
    access.require(actor, Capability.MANAGE_MEMBERS, membership.unit)
    if not name.strip():
        raise Refused(fields={"name": [_("Write the full name.")]})
    person = membership.person
    if email.lower() != person.email.lower() and person.user:
        access.require_all_of(actor, person.user, clock.day_of(at))
    person.name, person.sort_key = canonical(name), person_sort_key(canonical(name))
    person.born_on, person.email = born_on, email
    if card_number is not None:
        person.card_number, person.joined_on, person.official_on = card_number, joined_on, official_on
    person.save(update_fields=["name", "sort_key", "born_on", "email", "card_number", "joined_on", "official_on"])
    # The letter for a forgotten password goes to the address in the register, and to no other.
    User.objects.filter(person=person).update(email=email.lower())
    audit.record(actor, Verb.PERSON_CORRECTED, person, at=at, unit_id=unit_id)
    return person


@transaction.atomic
def change_status(
    *,
    actor: Actor,
    membership_id: UUID,
    status: Status,
    since: date,
    at: datetime,
    decision: str = "",
    decided_on: date | None = None,
) -> Membership:
    """Changes how a person belongs to his unit from a day on; what was, stays in the register.

    An exemption and a suspension carry the number and day of their decision. Who is exempt holds no office any more.
    """
    current = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership_id)
    access.require(actor, Capability.MANAGE_MEMBERS, current.unit)
    _refuse_while_a_guest(current)
    if reason := rules.why_not_from(since, current=current.during):
        raise Refused(fields={"since": [reason]})
    if current.status == status:
        raise Refused(fields={"status": [_("This is the status already. Choose another one.")]})
    needs_one = status in rules.NEED_A_DECISION
    if wrong := rules.why_not_decided(decision=decision, decided_on=decided_on, is_needed=needs_one):
        raise Refused(fields=wrong)
    if status == Status.EXEMPT:
        close_offices_of(actor=actor, membership=current, on=since, at=at)
    new = current.cut_on(
        since,
        status=status,
        decision=canonical(decision) if needs_one else "",
        decided_on=decided_on if needs_one else None,
    )
    current.save(update_fields=Membership.CUT)
    new.save(force_insert=True)
    audit.record(actor, Verb.MEMBERSHIP_CHANGED, new, at=at, was=current.status, status=status, since=since.isoformat())
    return new


def _refuse_while_a_guest(membership: Membership) -> None:
    if Transfer.objects.filter(person_id=membership.person_id, state=Transfer.State.STAYING).exists():
        raise Refused(
            _("This member takes part in another unit for a while. Enter first that he has returned from there.")
        )


@transaction.atomic
def end_membership(
    *,
    actor: Actor,
    membership_id: UUID,
    on: date,
    at: datetime,
    ending: str = "",
    decision: str = "",
    decided_on: date | None = None,
) -> Membership:
    """Ends a membership on a day (the first on which it no longer holds), with the offices held in that unit.

    `ending` is one of models.Ending, empty where nobody said. One that is decided carries the number and day of its
    decision. A letter of introduction that is not settled yet is withdrawn with it, and a stay elsewhere ends.
    """
    hold_letters_of(Membership.objects.filter(pk=membership_id).values("person_id"))
    membership = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership_id)
    access.require(actor, Capability.MANAGE_MEMBERS, membership.unit)
    if reason := rules.why_not_from(on, current=membership.during):
        raise Refused(fields={"on": [reason]})
    needs_one = ending in rules.END_BY_DECISION
    if wrong := rules.why_not_decided(decision=decision, decided_on=decided_on, is_needed=needs_one):
        raise Refused(fields=wrong)
    close_offices_of(actor=actor, membership=membership, on=on, at=at)
    membership.during, membership.ending = membership.during.until_day(on), ending
    membership.ending_decision = canonical(decision) if needs_one else ""
    membership.ending_decided_on = decided_on if needs_one else None
    membership.save(update_fields=["during", "ending", "ending_decision", "ending_decided_on"])
    audit.record(actor, Verb.MEMBERSHIP_ENDED, membership, at=at, on=on.isoformat())
    for transfer in Transfer.objects.select_for_update(of=("self",)).running().filter(person_id=membership.person_id):
        settle_with_membership(actor=actor, transfer=transfer, on=on, at=at)
    return membership


@transaction.atomic
def transfer_member(*, actor: Actor, membership_id: UUID, unit_id: UUID, since: date, at: datetime) -> Membership:
    """Transfers a member to another cell from a day on; his offices in the old one end, his status stays."""
    current = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership_id)
    unit = Unit.objects.select_for_update(of=("self",)).select_related("kind").get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, current.unit)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    if unit.pk == current.unit_id:
        raise Refused(fields={"unit": [_("This is the member's cell already. Choose another one.")]})
    if reason := rules.why_not_from(since, current=current.during):
        raise Refused(fields={"since": [reason]})
    may_be_joined(unit, since)
    if Transfer.objects.running().filter(person_id=current.person_id).exists():
        raise Refused(
            _("A letter of introduction of this member is not settled yet. Let it be received, or withdraw it first.")
        )
    return go_on_in(actor=actor, current=current, unit=unit, since=since, at=at)


def go_on_in(*, actor: Actor, current: Membership, unit: Unit, since: date, at: datetime) -> Membership:
    """Ends a membership and begins the same in another unit on one day: a step of whoever has asked."""
    for office in Office.objects.filter(
        person_id=current.person_id, unit_id=current.unit_id, during__overlap=Period(since)
    ):
        close_office(actor=actor, office=office, on=since, at=at)
    audit.record(actor, Verb.MEMBERSHIP_ENDED, current, at=at, on=since.isoformat(), to=str(unit.pk))
    new = current.cut_on(since, unit=unit)
    current.save(update_fields=Membership.CUT)
    new.save(force_insert=True)
    audit.record(
        actor, Verb.MEMBERSHIP_BEGUN, new, at=at, status=new.status, since=since.isoformat(), was=str(current.unit_id)
    )
    return new


def hold_letters_of(persons: QuerySet[Any]) -> None:
    """Waits for whoever changes the letters of a person (a query of his id), and lets nobody else do so.

    Called before a letter or a membership is locked: whoever locks both begins here, so no two wait for each other.
    """
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=persons).order_by("pk").values_list("pk"))


def settle_with_membership(*, actor: Actor, transfer: Transfer, on: date, at: datetime) -> None:
    """Ends what a letter had begun when its member belongs to no unit any more: a step of whoever has asked."""
    stay, verb = transfer.during, Verb.TRANSFER_WITHDRAWN
    transfer.state = Transfer.State.WITHDRAWN
    if stay is not None:
        verb, transfer.state, transfer.during = Verb.TRANSFER_SETTLED, Transfer.State.DONE, stay.until_day(on)
    transfer.closed_on = on
    transfer.save(update_fields=["state", "during", "closed_on"])
    audit.record(actor, verb, transfer, at=at, unit_id=transfer.from_unit_id, because="membership ended")


def note_reading(*, actor: Actor, person_id: UUID, at: datetime) -> None:
    """Writes down that somebody looked at another person's record: once a day, for that person to see."""
    _note_reading(actor, queries.person(actor, person_id), at)


def note_letter_reading(*, actor: Actor, transfer_id: UUID, at: datetime) -> None:
    """Writes down the same of a letter of introduction, which tells as much to the unit that it leads to."""
    _note_reading(actor, queries.transfer(actor, transfer_id).person, at)


def _note_reading(actor: Actor, person: Person, at: datetime) -> None:
    read_today = Entry.objects.filter(
        object_id=person.pk, verb=Verb.PERSON_READ, user_id=actor.user_id, at__gte=clock.instant(clock.day_of(at))
    )
    if person.pk != actor.person_id and not read_today.exists():
        audit.record(actor, Verb.PERSON_READ, person, at=at)


def note_readings(*, actor: Actor, unit_id: UUID, person_ids: Collection[UUID], at: datetime) -> None:
    """Writes down the same for many whom a list of a unit told of at once, as if each page had been opened."""
    unit = Unit.objects.get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    today = clock.instant(clock.day_of(at))
    read = Entry.objects.filter(object_id__in=person_ids, verb=Verb.PERSON_READ, user_id=actor.user_id, at__gte=today)
    known = {*read.values_list("object_id", flat=True), actor.person_id}
    lines: list[org.Entry] = [
        (Verb.PERSON_READ, Person(pk=one), unit.pk, {"list": "xlsx"}) for one in person_ids if one not in known
    ]
    audit.record_all(actor, lines, at=at)


# A reorganisation: whole cells change hands. The room of that name says who goes where, and keeps the effects.


def move_members(*, actor: Actor, going: Mapping[UUID, UUID], on: date, at: datetime) -> list[Effect]:
    """Lets memberships go on in other units from a day on (by membership: the unit), with the status that they have.

    Who may decide on the units asked for it; each unit and its members are there on that day.
    """
    units = Unit.objects.filter(pk__in=set(going.values()))
    left = Unit.objects.filter(memberships__in=list(going)).distinct()
    access.require_all(actor, Capability.MANAGE_UNITS, [*units, *left])
    hold_letters_of(Transfer.objects.running().filter(person__memberships__in=list(going)).values("person_id"))
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"ids": list(going), "units": list(going.values()), "on": on})
        names = [column.name for column in cursor.description or ()]
        moved = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    rows = [
        Membership(
            person_id=one["person_id"],
            unit_id=one["unit_id"],
            status=one["status"],
            decision=one["decision"],
            decided_on=one["decided_on"],
            during=Period(on, one["until"]),
            ending=one["ending"],
            ending_decision=one["ending_decision"],
            ending_decided_on=one["ending_decided_on"],
        )
        for one in moved
    ]
    Membership.objects.bulk_create(rows, batch_size=BATCH)
    table = Membership._meta.db_table
    effects = [Effect(table, one["id"], "during", one["until"].isoformat() if one["until"] else "") for one in moved]
    effects += [Effect(table, one["id"], "ending", one["ending"]) for one in moved if one["ending"]]
    effects += [Effect(table, row.pk) for row in rows]
    facts = [{"since": on.isoformat(), "was": str(one["was"]), "status": one["status"]} for one in moved]
    lines: list[org.Entry] = [(Verb.MEMBERSHIP_BEGUN, row, None, one) for row, one in zip(rows, facts, strict=True)]
    audit.record_all(actor, lines, at=at)
    return effects


# Why a membership ends goes to the last piece; its decision stays with the first as well, unseen there, so that the
# move can be undone row by row.
_MOVE = """
UPDATE people_membership m SET during = daterange(lower(m.during), %(on)s), ending = ''
FROM unnest(%(ids)s::uuid[], %(units)s::uuid[]) going(id, unit_id), people_membership was
WHERE m.id = going.id AND was.id = m.id AND m.during @> %(on)s::date AND lower(m.during) < %(on)s
RETURNING m.id, m.person_id, m.unit_id AS was, going.unit_id, m.status, m.decision, m.decided_on,
    upper(was.during) AS until, was.ending, m.ending_decision, m.ending_decided_on"""


def empty_units(*, actor: Actor, unit_ids: Sequence[UUID], on: date, at: datetime) -> list[Effect]:
    """Ends on a day every office and committee of units that end; their members have gone before."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=unit_ids))
    effects = org.cut("people_office", unit_ids, on) + org.cut("people_committee", unit_ids, on)
    lines: list[org.Entry] = [(Verb.UNIT_EMPTIED, Unit(pk=one), one, {"on": on.isoformat()}) for one in unit_ids]
    audit.record_all(actor, lines, at=at)
    return effects

"""Letters of introduction: issued, received, withdrawn; guests whose time is prolonged, and who return."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.accounts.models import User
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.period import Period
from chibo.core.refusals import NotThere, Refused
from chibo.core.words import Said
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people import queries, rules
from chibo.people.actions.offices import close_offices_of, refuse_other_offices
from chibo.people.actions.register import (
    enter_member,
    go_on_in,
    hold_letters_of,
    may_be_joined,
    why_not_joined,
)
from chibo.people.models import Ending, Membership, Person, Status, Transfer


def _locked(transfer_id: UUID) -> Transfer:
    """A letter, its row and its person held. Raises NotThere where there is none."""
    hold_letters_of(Transfer.objects.filter(pk=transfer_id).values("person_id"))
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("from_unit", "to_unit", "person")
    transfer = rows.filter(pk=transfer_id).first()
    if transfer is None:
        raise NotThere
    return transfer


def _refuse_unless(transfer: Transfer, state: Transfer.State) -> None:
    if transfer.state != state:
        raise Refused(_("This letter was settled or withdrawn meanwhile. Look at it again first."))


def _refuse(field: str, reason: Said | None) -> None:
    if reason:
        raise Refused(fields={field: [reason]})


def _membership(transfer: Transfer, on: date) -> Membership:
    rows = Membership.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(person_id=transfer.person_id, unit=transfer.from_unit, during__contains=on).first()
    if found is None:
        raise Refused(fields={"on": [_("On that day this person did not belong to the unit that introduces him.")]})
    if found.during.until is not None:
        raise Refused(fields={"on": [_("After that day the register has changed already. Choose a later day.")]})
    return found


@transaction.atomic
def issue_transfer(
    *,
    actor: Actor,
    membership_id: UUID,
    kind: Transfer.Kind,
    to_unit_id: UUID | None,
    to_place: str,
    number: str,
    issued_on: date,
    due_on: date | None,
    ends_on: date | None,
    at: datetime,
) -> Transfer:
    """Issues a letter that introduces a member to another unit, or to a place outside the system.

    He belongs where he is until it is received; `due_on` is the last day for that, `ends_on` when a temporary stay is
    over.
    """
    hold_letters_of(Membership.objects.filter(pk=membership_id).values("person_id"))
    current = Membership.objects.select_for_update(of=("self",)).select_related("unit").get(pk=membership_id)
    access.require(actor, Capability.MANAGE_MEMBERS, current.unit)
    is_temporary = kind == Transfer.Kind.TEMPORARY
    is_running = Transfer.objects.running().filter(person_id=current.person_id).exists()
    if reason := rules.why_not_introduced(status=current.status, is_running=is_running):
        raise Refused(reason)
    wrong = rules.why_not_issued(
        number=number, issued_on=issued_on, ends_on=ends_on, is_temporary=is_temporary, today=clock.day_of(at)
    )
    belonged = Membership.objects.on(issued_on).filter(person_id=current.person_id, unit=current.unit)
    if "issued_on" not in wrong and not belonged.exists():
        wrong["issued_on"] = [_("On that day this person did not belong to the unit that introduces him.")]
    place = "" if to_unit_id else canonical(to_place)
    units = Unit.objects.select_for_update(of=("self",)).select_related("kind")
    unit = units.filter(pk=to_unit_id).first() if to_unit_id else None
    if unit is None and not place:
        wrong["to"] = [_("Choose the cell to which the member goes, or write the place outside the system.")]
    elif unit is not None and unit.is_practice != current.unit.is_practice:
        wrong["to"] = [_("Nobody goes from a practice cell to a real one. Write a place outside the system instead.")]
    elif unit is not None and unit.pk == current.unit_id:
        wrong["to"] = [_("This is the member's cell already. Choose another one.")]
    elif unit is not None and (reasons := why_not_joined(unit, issued_on)):
        wrong["to"] = list(reasons.values())
    if wrong:
        raise Refused(fields=wrong)
    if not is_temporary:
        refuse_other_offices(current, unit, issued_on)
    transfer = Transfer.objects.create(
        person_id=current.person_id,
        kind=kind,
        from_unit=current.unit,
        to_unit=unit,
        to_place=place,
        issued_by=current.unit,
        issued_to=unit,
        number=canonical(number),
        issued_on=issued_on,
        due_on=due_on,
        ends_on=ends_on if is_temporary else None,
    )
    audit.record(actor, Verb.TRANSFER_ISSUED, transfer, at=at, unit_id=current.unit_id, kind=kind, number=number)
    return transfer


@transaction.atomic
def receive_transfer(*, actor: Actor, transfer_id: UUID, on: date, at: datetime) -> Transfer:
    """Receives who is introduced to a unit, on a day: for good he belongs there from then on, else he is a guest.

    The letter to a place outside is settled by the unit that issued it, once word has come back that he was received.
    """
    transfer = _locked(transfer_id)
    if transfer.to_unit is not None:
        access.require(actor, Capability.RECEIVE_TRANSFER, transfer.to_unit)
    else:
        access.require(actor, Capability.MANAGE_MEMBERS, transfer.from_unit or Unit())
    _refuse_unless(transfer, Transfer.State.OPEN)
    _refuse("on", rules.why_not_settled_on(on, since=transfer.issued_on, today=clock.day_of(at)))
    current = _membership(transfer, on)
    _refuse("on", rules.why_not_from(on, current=current.during))
    if current.status in (Status.SUSPENDED, Status.ELSEWHERE):
        raise Refused(_("The register has changed since the letter was issued: this member cannot go now."))
    unit = None
    if transfer.to_unit is not None:
        unit = Unit.objects.select_for_update(of=("self",)).select_related("kind").get(pk=transfer.to_unit.pk)
        if reasons := why_not_joined(unit, on):
            raise Refused(fields={"on": list(reasons.values())})
    if transfer.kind == Transfer.Kind.TEMPORARY:
        _become_a_guest(actor, transfer, current, on, at)
    elif unit is None:
        close_offices_of(actor=actor, membership=current, on=on, at=at)
        current.during, current.ending = current.during.until_day(on), Ending.MOVED_OUT
        current.save(update_fields=["during", "ending"])
        audit.record(actor, Verb.MEMBERSHIP_ENDED, current, at=at, on=on.isoformat())
    else:
        refuse_other_offices(current, unit, on)
        go_on_in(actor=actor, current=current, unit=unit, since=on, at=at)
    if transfer.state == Transfer.State.OPEN:
        transfer.state, transfer.closed_on = Transfer.State.DONE, on
    transfer.save(update_fields=["state", "closed_on", "was", "during"])
    unit_id = transfer.to_unit_id or transfer.from_unit_id
    audit.record(actor, Verb.TRANSFER_RECEIVED, transfer, at=at, unit_id=unit_id, on=on.isoformat())
    return transfer


def _become_a_guest(actor: Actor, transfer: Transfer, current: Membership, on: date, at: datetime) -> None:
    transfer.state, transfer.was, transfer.during = Transfer.State.STAYING, current.status, Period(on)
    _go_on_as(actor, current, on, at, status=Status.ELSEWHERE, decision="", decided_on=None)


def _go_on_as(actor: Actor, current: Membership, on: date, at: datetime, *, status: str, **decided: object) -> None:
    new = current.cut_on(on, status=status, **decided)
    current.save(update_fields=Membership.CUT)
    new.save(force_insert=True)
    audit.record(actor, Verb.MEMBERSHIP_CHANGED, new, at=at, was=current.status, status=status, since=on.isoformat())


@transaction.atomic
def prolong_transfer(*, actor: Actor, transfer_id: UUID, ends_on: date, at: datetime) -> Transfer:
    """Lets a guest stay where he is until a later day."""
    transfer = _locked(transfer_id)
    access.require(actor, Capability.MANAGE_MEMBERS, transfer.from_unit or Unit())
    _refuse_unless(transfer, Transfer.State.STAYING)
    _refuse("ends_on", rules.why_not_prolonged(ends_on, ends_on=transfer.ends_on))
    transfer.ends_on = ends_on
    transfer.save(update_fields=["ends_on"])
    audit.record(
        actor, Verb.TRANSFER_PROLONGED, transfer, at=at, unit_id=transfer.from_unit_id, until=ends_on.isoformat()
    )
    return transfer


@transaction.atomic
def return_transfer(*, actor: Actor, transfer_id: UUID, on: date, at: datetime) -> Transfer:
    """Enters that a guest has returned on a day: at home he belongs again as before he went."""
    transfer = _locked(transfer_id)
    access.require(actor, Capability.RECEIVE_TRANSFER, transfer.from_unit or Unit())
    _refuse_unless(transfer, Transfer.State.STAYING)
    stay: Period = transfer.during or Period()
    _refuse("on", rules.why_not_settled_on(on, since=stay.since or on, today=clock.day_of(at)))
    current = _membership(transfer, on)
    _refuse("on", rules.why_not_from(on, current=current.during))
    _go_on_as(actor, current, on, at, status=transfer.was, **_decided_before(transfer, stay))
    transfer.state, transfer.closed_on, transfer.during = Transfer.State.DONE, on, stay.until_day(on)
    transfer.save(update_fields=["state", "closed_on", "during"])
    audit.record(actor, Verb.TRANSFER_RETURNED, transfer, at=at, unit_id=transfer.from_unit_id, on=on.isoformat())
    return transfer


def _decided_before(transfer: Transfer, stay: Period) -> dict[str, object]:
    """The decision by which a guest belonged at home before he went, and belongs so again."""
    before = Membership.objects.filter(
        person_id=transfer.person_id, during__startswith__lt=stay.since, status=transfer.was
    )
    names = ("decision", "decided_on")
    return before.order_by("-during").values(*names).first() or dict.fromkeys(names, None) | {"decision": ""}


@transaction.atomic
def withdraw_transfer(*, actor: Actor, transfer_id: UUID, reason: str, at: datetime) -> Transfer:
    """Withdraws a letter that was not received, or sends it back as the unit to which it leads, with the reason."""
    transfer = _locked(transfer_id)
    receives = transfer.to_unit and access.can(actor, Capability.RECEIVE_TRANSFER, transfer.to_unit)
    if not receives:
        access.require(actor, Capability.MANAGE_MEMBERS, transfer.from_unit or Unit())
    _refuse_unless(transfer, Transfer.State.OPEN)
    if not reason.strip():
        raise Refused(fields={"reason": [_("Write why, so that the others know.")]})
    _withdraw(actor, transfer, clock.day_of(at), canonical(reason), at)
    return transfer


def _withdraw(actor: Actor, transfer: Transfer, on: date, note: str, at: datetime) -> None:
    transfer.state, transfer.closed_on, transfer.note = Transfer.State.WITHDRAWN, on, note
    transfer.save(update_fields=["state", "closed_on", "note"])
    audit.record(actor, Verb.TRANSFER_WITHDRAWN, transfer, at=at, unit_id=transfer.from_unit_id, note=note)


@transaction.atomic
def arrive(
    *,
    actor: Actor,
    unit_id: UUID,
    from_place: str,
    number: str,
    issued_on: date,
    since: date,
    name: str,
    status: Status,
    at: datetime,
    born_on: date | None = None,
    email: str = "",
    card_number: str = "",
    joined_on: date | None = None,
    official_on: date | None = None,
) -> Transfer:
    """Receives somebody who is introduced from outside the system, as a member from a day on.

    Who was here before, by the same name and card number, and belongs nowhere now, comes back as the same person; what
    the register did not know of him is filled in.
    """
    alike = queries.by_card(card_number, name)
    ids = [one.pk for one in alike]
    hold_letters_of(Person.objects.filter(pk__in=ids).values("pk"))
    unit = Unit.objects.select_for_update(of=("self",)).select_related("kind").get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    wrong = rules.why_not_issued(
        number=number, issued_on=issued_on, ends_on=None, is_temporary=False, today=clock.day_of(at)
    )
    if not from_place.strip():
        wrong["from_place"] = [_("Write from which unit outside the system the member comes.")]
    if reason := rules.why_not_settled_on(since, since=issued_on, today=clock.day_of(at)):
        wrong["since"] = [reason]
    if Membership.objects.filter(person__in=ids, during__overlap=Period(since)).exists():
        wrong["card_number"] = [
            _("A member with this card is in the register. His own unit introduces him: ask its committee's office.")
        ]
    if wrong:
        raise Refused(fields=wrong)
    if not alike:
        person = enter_member(
            actor=actor,
            unit_id=unit.pk,
            name=name,
            status=status,
            since=since,
            at=at,
            born_on=born_on,
            email=email,
            card_number=card_number,
            joined_on=joined_on,
            official_on=official_on,
        ).person
    else:
        may_be_joined(unit, since)
        person = alike[0]
        _fill(actor, person, unit, at, born_on=born_on, email=email, joined_on=joined_on, official_on=official_on)
        new = Membership.objects.create(person=person, unit=unit, status=status, during=Period(since))
        audit.record(actor, Verb.MEMBERSHIP_BEGUN, new, at=at, status=status, since=since.isoformat())
    transfer = Transfer.objects.create(
        person=person,
        kind=Transfer.Kind.OFFICIAL,
        state=Transfer.State.DONE,
        from_place=canonical(from_place),
        to_unit=unit,
        issued_to=unit,
        number=canonical(number),
        issued_on=issued_on,
        closed_on=since,
    )
    audit.record(actor, Verb.TRANSFER_RECEIVED, transfer, at=at, unit_id=unit.pk, on=since.isoformat())
    return transfer


def _fill(actor: Actor, person: Person, unit: Unit, at: datetime, **typed: object) -> None:
    """Enters of somebody what the register does not hold of him yet; what it holds stays."""
    new = {name: value for name, value in typed.items() if value and not getattr(person, name)}
    if not new:
        return
    if "email" in new and person.user:
        access.require_all_of(actor, person.user, clock.day_of(at))
        User.objects.filter(person=person).update(email=str(new["email"]).lower())
    for name, value in new.items():
        setattr(person, name, value)
    person.save(update_fields=list(new))
    audit.record(actor, Verb.PERSON_CORRECTED, person, at=at, unit_id=unit.pk)


# A reorganisation: letters and guests follow the units


def redirect_transfers(
    *, actor: Actor, to: Mapping[UUID, UUID], going: Mapping[UUID, UUID], at: datetime
) -> list[Effect]:
    """Lets letters and guests that are not settled follow their units into the heirs.

    `to` says of a unit that ends in which it goes on, `going` of a membership to which unit it goes: home is where the
    membership is.
    """
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=[*to, *to.values()]))
    moved = {person: (pk, unit) for pk, person, unit in _homes(going)}
    left = {unit for _pk, unit in moved.values()}
    rows = Transfer.objects.running().filter(Q(to_unit__in=to) | Q(from_unit__in={*to, *left}))
    leaving: dict[UUID, UUID] = {}
    arriving: dict[UUID, UUID] = {}
    touched: dict[UUID, Transfer] = {}
    for row in rows:
        new_home = going[moved[row.person_id][0]] if row.person_id in moved else to.get(row.from_unit_id or row.pk)
        if row.from_unit_id and new_home and new_home != row.from_unit_id:
            leaving[row.pk], touched[row.pk] = new_home, row
        if row.to_unit_id and row.to_unit_id in to:
            arriving[row.pk], touched[row.pk] = to[row.to_unit_id], row
    effects = org.reassign("people_transfer", "from_unit_id", leaving)
    effects += org.reassign("people_transfer", "to_unit_id", arriving)
    lines: list[org.Entry] = [
        (Verb.TRANSFER_REDIRECTED, row, arriving.get(pk) or leaving.get(pk), _facts(leaving.get(pk), arriving.get(pk)))
        for pk, row in touched.items()
    ]
    audit.record_all(actor, lines, at=at)
    return effects


def _homes(going: Mapping[UUID, UUID]) -> Iterable[tuple[UUID, UUID, UUID]]:
    return Membership.objects.filter(pk__in=going).values_list("pk", "person_id", "unit_id")


def _facts(leaving: UUID | None, arriving: UUID | None) -> dict[str, Any]:
    return {"from": str(leaving or ""), "to": str(arriving or "")}

"""Two entries of one person become one, with both histories; and two who only look alike are told apart."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.people import queries
from chibo.people.models import Apart, ImportRow, Membership, MergedPerson, Office, Person, Transfer


@transaction.atomic
def merge_persons(
    *, actor: Actor, stays_id: UUID, goes_id: UUID, at: datetime, whose_memberships_hold: UUID | None = None
) -> Person:
    """Makes two entries of one person one: whatever points to the one who goes then points to the one who stays.

    Where both belong to units at the same time, `whose_memberships_hold` says whose count; without it that is refused.
    A roll that names both is not rewritten: there the old membership stays under the old id, ended. Asks for every unit
    in which either belongs or holds an office, and for the reach of an account that changes hands.
    """
    persons = {
        one.pk: one for one in Person.objects.select_for_update().filter(pk__in=[stays_id, goes_id]).order_by("pk")
    }
    if len(persons) != 2:
        raise Refused(_("This person was merged meanwhile. Open the list of doubled persons again."))
    stays, goes = persons[stays_id], persons[goes_id]
    access.require_all(actor, Capability.MANAGE_MEMBERS, queries.units_of([stays_id, goes_id]))
    _refuse_two_of_one(stays, goes)
    _refuse_two_letters(stays, goes, whose_memberships_hold)
    unit = queries.last_memberships({stays_id, goes_id}, clock.day_of(at))
    if goes.user:
        access.require_all_of(actor, goes.user, clock.day_of(at))
    _merge_memberships(stays, goes, whose_memberships_hold, at)
    _point_to(Office, "person", goes, stays)
    _point_to(ImportRow, "person", goes, stays)
    _point_to(MergedPerson, "into", goes, stays)
    for model, key, is_person in queries.keys_to_a_person():
        if is_person:
            _point_to(model, key.name, goes, stays)
    Apart.objects.filter(one=goes).delete()
    Apart.objects.filter(other=goes).delete()
    user, goes.user = goes.user, None
    goes.save(update_fields=["user"])
    stays.user = stays.user or user
    for field in ("born_on", "email", "card_number", "joined_on", "official_on"):
        if not getattr(stays, field):
            setattr(stays, field, getattr(goes, field))
    stays.save(update_fields=["user", "born_on", "email", "card_number", "joined_on", "official_on"])
    MergedPerson.objects.create(pk=goes.pk, into=stays, name=goes.name, at=at)
    audit.record(
        actor, Verb.PERSONS_MERGED, stays, at=at, unit_id=unit[stays_id].unit_id, gone=str(goes.pk), name=goes.name
    )
    if not _is_still_named(goes):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_person WHERE id = %s", [goes.pk])
        connection.check_constraints()
    return stays


@transaction.atomic
def tell_apart(*, actor: Actor, one_id: UUID, other_id: UUID, at: datetime) -> None:
    """Says that two who look alike are different persons: they are not shown as a pair again."""
    pair = queries.managed_pair(actor, one_id, other_id, clock.day_of(at))
    access.require_all(actor, Capability.MANAGE_MEMBERS, [pair.one.unit, pair.other.unit])
    one, other = sorted((one_id, other_id))
    apart, is_new = Apart.objects.get_or_create(one_id=one, other_id=other)
    if is_new:
        audit.record(
            actor, Verb.PERSONS_TOLD_APART, apart, at=at, unit_id=pair.one.unit_id, one=str(one), other=str(other)
        )


def _refuse_two_of_one(stays: Person, goes: Person) -> None:
    if stays.user_id and goes.user_id:
        raise Refused(
            _("Both have an account, and one person has one. Ask the system operator to take one away first.")
        )
    theirs = list(Office.objects.filter(person=goes).select_related("unit").with_first_unit_name())
    for mine in Office.objects.filter(person=stays):
        for other in theirs:
            is_same = (mine.unit_id, mine.title) == (other.unit_id, other.title)
            if is_same and mine.during.overlaps(other.during):
                raise Refused(
                    _("Both hold the same office (%(office)s, %(unit)s) at the same time. End one of the two first.")
                    % {"office": other.called, "unit": other.unit_name}
                )


def _refuse_two_letters(stays: Person, goes: Person, holds_id: UUID | None) -> None:
    """A letter that is not settled needs the membership that it began from, and a person has one at a time."""
    theirs = set(Transfer.objects.running().filter(person__in=[stays, goes]).values_list("person_id", flat=True))
    if len(theirs) == 2:
        raise Refused(
            _(
                "Both have a letter of introduction that is not settled. Withdraw one of the two, or let it be settled "
                "first."
            )
        )
    if theirs and holds_id is not None and holds_id not in theirs and queries.overlapping(stays.pk, goes.pk):
        raise Refused(
            fields={
                "holds": [
                    _(
                        "The entry whose membership would give way has a letter of introduction that is not settled, "
                        "or is a guest elsewhere. Let that be settled first, or let this membership hold."
                    )
                ]
            }
        )


def _merge_memberships(stays: Person, goes: Person, holds_id: UUID | None, at: datetime) -> None:
    """Lets the one who stays have both histories, one membership at a time."""
    both = queries.overlapping(stays.pk, goes.pk)
    if both and holds_id not in (stays.pk, goes.pk):
        mine, other = both[0]
        raise Refused(
            fields={
                "holds": [
                    _(
                        "Both belong to a unit at the same time: %(one)s and %(other)s. Choose whose membership holds, "
                        "or end one of them first."
                    )
                    % {"one": mine.unit_name, "other": other.unit_name}
                ]
            }
        )
    holding = [pair[0] if holds_id == stays.pk else pair[1] for pair in both]
    yielding = {row.pk: row for row in (pair[1] if holds_id == stays.pk else pair[0] for pair in both)}
    for row in yielding.values():
        _yield_to(row, [one for one in holding if one.during.overlaps(row.during)], goes, at)
    Membership.objects.filter(person=goes, pk__in=_free(goes, stays)).update(person=stays)


def _hand_on_the_end(row: Membership, holding: list[Membership]) -> None:
    """Lets what was said of an end stand with the membership that holds and ends so, if nothing stands there."""
    last = next((one for one in holding if one.during.until == row.during.until and not one.ending), None)
    if row.ending and last:
        last.ending, last.ending_decision = row.ending, row.ending_decision
        last.ending_decided_on = row.ending_decided_on
        last.save(update_fields=Membership.CUT)


def _free(goes: Person, stays: Person) -> list[UUID]:
    """The memberships of the one who goes that fit beside those of the one who stays."""
    taken = [row.during for row in Membership.objects.filter(person=stays)]
    return [
        row.pk for row in Membership.objects.filter(person=goes) if not any(row.during.overlaps(one) for one in taken)
    ]


def _yield_to(row: Membership, holding: list[Membership], goes: Person, at: datetime) -> None:
    """Lets one membership give way to others that hold at the same time.

    What lies before the first and after the last of them goes on standing. Where nothing does, what points to it points
    to them; a roll in which both stand keeps it, under the old id and ended today.
    """
    first = min((one.during for one in holding), key=lambda one: (one.since is not None, one.since))
    ends = [one.during.until for one in holding]
    end = None if None in ends else max(day for day in ends if day)
    since, until = row.during.since, row.during.until
    before = Period(since, first.since) if first.since and (since is None or since < first.since) else None
    after = Period(end, until) if end and (until is None or end < until) else None
    if not after:
        _hand_on_the_end(row, holding)
    later = row.cut_on(end, during=after) if before and after and end else None
    if before:
        row.during, row.ending, row.ending_decision, row.ending_decided_on = before, "", "", None
    elif after:
        row.during = after
    if before or after:
        row.save(update_fields=Membership.CUT)
        if later:
            later.save(force_insert=True)
        return
    instead = next((one for one in holding if one.unit_id == row.unit_id), holding[0])
    moved = [
        _point_to(model, key.name, row, instead, delete_doubles=False)
        for model, key, is_person in queries.keys_to_a_person()
        if not is_person
    ]
    if all(moved):
        row.delete()
        return
    if row.person_id != goes.pk:
        raise Refused(_("A roll that was called names both, and is not rewritten. Let the other entry stay."))
    today = clock.day_of(at)
    if until is None or until > today:
        row.during = row.during.until_day(max(today, since + timedelta(days=1)) if since else today)
        row.save(update_fields=["during"])


def _point_to(model: type[Model], name: str, old: Model, new: Model, *, delete_doubles: bool = True) -> bool:
    """Lets rows of a table point to another thing; returns whether none points to the old one any more.

    A row that the new one has already (both had the same task) goes, unless others depend on it.
    """
    rows = model._default_manager.filter(**{name: old})
    try:
        with transaction.atomic():
            rows.update(**{name: new})
            return True
    except IntegrityError:
        pass
    ids = list(rows.values_list("pk", flat=True))
    moved = [_point_one(model, pk, name, new, delete_doubles=delete_doubles) for pk in ids]
    return all(moved)


def _point_one(model: type[Model], pk: Any, name: str, new: Model, *, delete_doubles: bool) -> bool:
    row = model._default_manager.filter(pk=pk)
    try:
        with transaction.atomic():
            row.update(**{name: new})
            return True
    except IntegrityError:
        if not delete_doubles:
            return False
    try:
        with transaction.atomic():
            row._raw_delete(row.db)
            connection.check_constraints()
            return True
    except IntegrityError:
        return False


def _is_still_named(goes: Person) -> bool:
    if Membership.objects.filter(person=goes).exists():
        return True
    named: Iterable[bool] = (
        model._default_manager.filter(**{key.name: goes}).exists()
        for model, key, is_person in queries.keys_to_a_person()
        if is_person
    )
    return any(named)

"""Entering what is right of a list, taking a whole list back, and forgetting its rows when their time is over."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.keys import uuid7
from chibo.core.names import person_sort_key
from chibo.core.refusals import Refused, Sentence
from chibo.org.models import Unit
from chibo.people import queries, rules
from chibo.people.actions.matching import GAPS, match_once_more, read_on
from chibo.people.models import Import, ImportRow, Person

ENTERED_AT_ONCE = 5_000

type Lines = list[tuple[Verb, Any, UUID | None, dict[str, Any]]]


def _locked(import_id: UUID) -> Import:
    return Import.objects.select_for_update(of=("self",)).select_related("unit").get(pk=import_id)


@transaction.atomic
def ask_to_enter(*, actor: Actor, import_id: UUID, at: datetime) -> Import:
    """Asks for the rows of a list that are right to be entered; the worker does it, or the page at once."""
    received = _locked(import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    if received.state != Import.State.READY:
        raise Refused(_("The list is being worked on or was entered already. Open its page again."))
    if not received.rows.filter(verdict__in=[ImportRow.Verdict.NEW, ImportRow.Verdict.LACKS]).exists():
        raise Refused(_("No row of this list is to be entered. Take the rest as a file, mend it and send it again."))
    received.state, received.done, received.note, received.by_id = Import.State.APPLYING, 0, "", actor.user_id
    received.save(update_fields=["state", "done", "note", "by_id"])
    audit.record(actor, Verb.LIST_ASKED_TO_ENTER, received, at=at)
    return received


@transaction.atomic
def enter_some(*, actor: Actor, import_id: UUID, at: datetime) -> bool:
    """Enters the next ENTERED_AT_ONCE members of a list, then fills the gaps of who was known; returns whether it did
    anything.

    Each part is compared with the register once more, so that nobody is written twice whoever else was at work.
    """
    received = _locked(import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    if received.state != Import.State.APPLYING:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('people_import'))")  # one list at a time is entered
    waiting = received.rows.filter(verdict=ImportRow.Verdict.NEW).order_by("n")
    numbers = list(waiting.values_list("n", flat=True)[:ENTERED_AT_ONCE])
    if not numbers and _fill_some(actor, received, at):
        return True
    if not numbers:
        received.state, received.applied_at = Import.State.APPLIED, at
        received.save(update_fields=["state", "applied_at"])
        _keep_only_what_goes_back(received)
        audit.record(actor, Verb.LIST_APPLIED, received, at=at, **queries.counts(received))
        return True
    match_once_more(actor=actor, received=received, at=at, first=numbers[0], last=numbers[-1])
    rows = list(waiting.filter(n__lte=numbers[-1]).exclude(unit=None).defer("cells", "doubts", "open"))
    units = {one.pk: one for one in Unit.objects.filter(pk__in={row.unit_id for row in rows})}
    access.require_all(actor, Capability.MANAGE_MEMBERS, units.values())
    placed = [(row, row.unit_id) for row in rows if row.unit_id is not None]
    sinces = [
        rules.belongs_since(
            status=row.status,
            since=row.since,
            joined_on=row.joined_on,
            official_on=row.official_on,
            founded=units[unit_id].during.since,
            list_day=received.list_day,
        )
        for row, unit_id in placed
    ]
    persons = [Person(pk=uuid7()) for _row in placed]
    with connection.cursor() as cursor:
        with cursor.copy(_PERSONS) as copy:
            for person, row in zip(persons, rows, strict=True):
                key = person_sort_key(row.name)
                days = (row.born_on, row.joined_on, row.official_on)
                copy.write_row((person.pk, row.name, key, row.email, row.card_number, *days))
        with cursor.copy(_MEMBERSHIPS) as copy:
            for person, (row, unit_id), since in zip(persons, placed, sinces, strict=True):
                copy.write_row((uuid7(), person.pk, unit_id, row.status, f"[{since},)"))
        cursor.execute(_ENTERED, [[row.pk for row in rows], [person.pk for person in persons]])
    lines: Lines = [
        (
            Verb.PERSON_ENTERED,
            person,
            row.unit_id,
            {"status": row.status, "since": since.isoformat(), "list": str(received.pk)},
        )
        for person, row, since in zip(persons, rows, sinces, strict=True)
    ]
    audit.record_all(actor, lines, at=at)
    received.done += len(rows)
    received.save(update_fields=["done"])
    return True


_PERSONS = """
COPY people_person (id, name, sort_key, email, card_number, born_on, joined_on, official_on) FROM STDIN"""
_MEMBERSHIPS = "COPY people_membership (id, person_id, unit_id, status, during) FROM STDIN"
_ENTERED = """
UPDATE people_importrow r SET verdict = 'entered', person_id = e.person_id
FROM unnest(%s::uuid[], %s::uuid[]) e(id, person_id) WHERE r.id = e.id"""


def _fill_some(actor: Actor, received: Import, at: datetime) -> bool:
    """Fills the gaps of the next known persons of a list; what stands in the register is not changed."""
    rows = received.rows.filter(verdict=ImportRow.Verdict.LACKS).order_by("n")
    ids = list(rows.values_list("pk", flat=True)[:ENTERED_AT_ONCE])
    if not ids:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM people_person WHERE id IN (SELECT person_id FROM people_importrow WHERE id = ANY(%s)) "
            "ORDER BY id FOR UPDATE",
            [ids],
        )
        cursor.execute(_FILLED, [ids])
        told = cursor.fetchall()
        cursor.execute(_FILL, [ids])
    units = Unit.objects.filter(pk__in={unit_id for unit_id, _person, _gaps in told})
    access.require_all(actor, Capability.MANAGE_MEMBERS, units)
    lines: Lines = [
        (Verb.PERSON_CORRECTED, Person(pk=person_id), unit_id, {"list": str(received.pk), "filled": gaps})
        for unit_id, person_id, gaps in told
    ]
    audit.record_all(actor, lines, at=at)
    return True


_FILLED = f"""
UPDATE people_importrow r SET verdict = 'filled', gaps = {GAPS} FROM people_person p
WHERE p.id = r.person_id AND r.id = ANY(%s)
RETURNING r.unit_id, p.id, ARRAY(SELECT jsonb_array_elements_text(r.gaps))"""  # noqa: S608  # a constant

_FILL = """
UPDATE people_person p SET
    born_on = CASE WHEN r.gaps ? 'born_on' THEN r.born_on ELSE p.born_on END,
    joined_on = CASE WHEN r.gaps ? 'joined_on' THEN r.joined_on ELSE p.joined_on END,
    official_on = CASE WHEN r.gaps ? 'official_on' THEN r.official_on ELSE p.official_on END,
    card_number = CASE WHEN r.gaps ? 'card_number' THEN r.card_number ELSE p.card_number END,
    email = CASE WHEN r.gaps ? 'email' THEN r.email ELSE p.email END
FROM people_importrow r WHERE p.id = r.person_id AND r.id = ANY(%s)"""

# What was filled is emptied again, where it still says what the list said; the address stays that an account was opened
# with, since its letters go there.
_EMPTY = """
UPDATE people_person p SET
    born_on = CASE WHEN r.gaps ? 'born_on' THEN nullif(p.born_on, r.born_on) ELSE p.born_on END,
    joined_on = CASE WHEN r.gaps ? 'joined_on' THEN nullif(p.joined_on, r.joined_on) ELSE p.joined_on END,
    official_on = CASE WHEN r.gaps ? 'official_on' THEN nullif(p.official_on, r.official_on) ELSE p.official_on END,
    card_number = CASE WHEN r.gaps ? 'card_number' AND p.card_number = r.card_number THEN '' ELSE p.card_number END,
    email = CASE WHEN r.gaps ? 'email' AND p.email = r.email AND p.user_id IS NULL THEN '' ELSE p.email END
FROM people_importrow r WHERE p.id = r.person_id AND r.of_id = %s AND r.verdict = 'filled'
RETURNING p.id, r.unit_id, array_remove(ARRAY[
    CASE WHEN old.born_on IS DISTINCT FROM new.born_on THEN 'born_on' END,
    CASE WHEN old.joined_on IS DISTINCT FROM new.joined_on THEN 'joined_on' END,
    CASE WHEN old.official_on IS DISTINCT FROM new.official_on THEN 'official_on' END,
    CASE WHEN old.card_number <> new.card_number THEN 'card_number' END,
    CASE WHEN old.email <> new.email THEN 'email' END], NULL)"""


def _keep_only_what_goes_back(received: Import) -> None:
    """The cells of rows that have become what they are have served their purpose; only those in doubt go back."""
    received.rows.exclude(verdict=ImportRow.Verdict.DOUBT).update(cells=[])


# Taking back


def why_not_undo(received: Import) -> list[Sentence]:
    """What was built on a list since it was entered: each thing keeps it from being taken back."""
    if received.state not in (Import.State.APPLIED, Import.State.UNDOING):
        return [_("Only a list that was entered can be taken back.")]
    if received.cleared_at:
        return [_("The rows of this list were cleared on their day, so it can no longer be taken back as a whole.")]
    return queries.built_on(received)


@transaction.atomic
def ask_to_undo(*, actor: Actor, import_id: UUID, at: datetime) -> Import:
    """Asks for a list to be taken back as a whole; refused, reason by reason, where something builds on it."""
    received = _locked(import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    if reasons := why_not_undo(received):
        raise Refused(*reasons)
    received.state, received.done, received.note, received.by_id = Import.State.UNDOING, 0, "", actor.user_id
    received.save(update_fields=["state", "done", "note", "by_id"])
    audit.record(actor, Verb.LIST_ASKED_TO_UNDO, received, at=at)
    return received


@transaction.atomic
def undo_list(*, actor: Actor, import_id: UUID, at: datetime) -> bool:
    """Takes everybody whom a list entered out of the register again; returns whether it did anything."""
    received = _locked(import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    if received.state != Import.State.UNDOING:
        return False
    if reasons := why_not_undo(received):
        received.state = Import.State.APPLIED
        received.note = " ".join(str(reason) for reason in reasons)
        received.save(update_fields=["state", "note"])
        audit.record(actor, Verb.LIST_STOPPED, received, at=at)
        return True
    entered = received.rows.filter(verdict=ImportRow.Verdict.ENTERED)
    places = list(entered.order_by("n").values_list("person_id", "unit_id"))
    for start in range(0, len(places), ENTERED_AT_ONCE):
        part = places[start : start + ENTERED_AT_ONCE]
        units = Unit.objects.filter(pk__in={unit_id for _person, unit_id in part})
        access.require_all(actor, Capability.MANAGE_MEMBERS, units)
        lines: Lines = [
            (Verb.PERSON_TAKEN_OUT, Person(pk=person_id), unit_id, {"list": str(received.pk)})
            for person_id, unit_id in part
        ]
        audit.record_all(actor, lines, at=at)
    entered.update(verdict=ImportRow.Verdict.TAKEN_BACK, person=None)
    with connection.cursor() as cursor:
        ids = [person_id for person_id, _unit in places]
        # A list sent again points to them too, as to those who were there already.
        cursor.execute("UPDATE people_importrow SET person_id = NULL WHERE person_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM people_membership WHERE person_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM people_person WHERE id = ANY(%s)", [ids])
        cursor.execute(_EMPTY, [received.pk])
        emptied = [(person_id, unit_id, gaps) for person_id, unit_id, gaps in cursor.fetchall() if gaps]
    units = Unit.objects.filter(pk__in={unit_id for _person, unit_id, _gaps in emptied})
    access.require_all(actor, Capability.MANAGE_MEMBERS, units)
    lines = [
        (Verb.PERSON_CORRECTED, Person(pk=person_id), unit_id, {"list": str(received.pk), "emptied": gaps})
        for person_id, unit_id, gaps in emptied
    ]
    audit.record_all(actor, lines, at=at)
    received.rows.filter(verdict=ImportRow.Verdict.FILLED).update(verdict=ImportRow.Verdict.THERE, gaps=[])
    received.state = Import.State.UNDONE
    received.save(update_fields=["state"])
    audit.record(actor, Verb.LIST_UNDONE, received, at=at, persons=len(places))
    return True


def work_through(*, actor: Actor, import_id: UUID, at: datetime) -> None:
    """Does all that is to be done with a list, part by part."""
    for step in (read_on, enter_some, undo_list):
        while step(actor=actor, import_id=import_id, at=at):
            pass


@transaction.atomic
def stop_list(*, actor: Actor, import_id: UUID, reason: str, at: datetime) -> None:
    """Stops the work on a list that may not go on, and keeps the reason for its page. What was entered stays."""
    received = _locked(import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    back = {
        Import.State.READING.value: Import.State.MAPPING,
        Import.State.APPLYING.value: Import.State.READY,
        Import.State.UNDOING.value: Import.State.APPLIED,
    }
    received.state, received.note = back.get(received.state, Import.State(received.state)), reason
    received.save(update_fields=["state", "note"])
    audit.record(actor, Verb.LIST_STOPPED, received, at=at)


@transaction.atomic
def clear_lists(*, actor: Actor, on: date, at: datetime) -> int:
    """Clears the rows of lists whose day has come; what they entered stays, the lists themselves stay as a line."""
    due = Import.objects.select_for_update(of=("self",)).filter(clear_on__lte=on, cleared_at=None)
    lists = list(due.select_related("unit").exclude(state__in=[Import.State.APPLYING, Import.State.UNDOING]))
    for received in lists:
        access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
        received.rows.all()._raw_delete(received.rows.db)
        received.cleared_at, received.sheets, received.choices = at, [], {}
        received.save(update_fields=["cleared_at", "sheets", "choices"])
        audit.record(actor, Verb.LIST_CLEARED, received, at=at)
    return len(lists)

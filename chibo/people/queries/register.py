"""Reading the register as a viewer may see it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, Q, QuerySet, Subquery

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.names import words_in
from chibo.core.refusals import NotThere
from chibo.org import queries as org
from chibo.org.models import Unit, holds, ids_of
from chibo.people.models import Committee, Membership, MergedPerson, Office, Person, Status, Title, Transfer

_BY_PERSON = ("person__sort_key", "pk")


def called(rows: QuerySet[Membership], text: str) -> QuerySet[Membership]:
    """The rows of persons whose name holds every word of a text."""
    return rows.filter(holds("person__search", text))


def members(viewer: Actor, unit_id: UUID, on: date, text: str = "") -> QuerySet[Membership]:
    """The members of a unit on a day whose name holds every word of the text; empty for who may not see them."""
    rows = called(Membership.objects.on(on).filter(unit_id=unit_id).select_related("person"), text)
    return access.visible(viewer, Capability.SEE_MEMBERS, rows).order_by(*_BY_PERSON)


def goes_to(going: Mapping[UUID, UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """By person and unit the unit to which he goes, of a reorganisation's `going` (by membership: the unit)."""
    rows = Membership.objects.filter(pk__in=going).values_list("pk", "person", "unit")
    return {(person_id, unit_id): going[pk] for pk, person_id, unit_id in rows}


def leaders(unit_id: UUID, on: date) -> list[Office]:
    """Who leads a unit on a day, secretary first. An office is public inside the tree."""
    rank = {Title.SECRETARY: 0, Title.DEPUTY: 1, Title.COMMITTEE_MEMBER: 2}
    rows = Office.objects.on(on).filter(unit_id=unit_id).select_related("person")
    return sorted(rows, key=lambda office: (rank[Title(office.title)], office.person.sort_key))


def leads_since(person_id: UUID, unit_id: UUID, on: date) -> date | None:
    """Since when a person leads a unit on a day, as its secretary or deputy; None for whoever does not. One query."""
    rows = Office.objects.on(on).filter(unit_id=unit_id, person_id=person_id, title__in=[Title.SECRETARY, Title.DEPUTY])
    found = rows.first()
    return found.during.since if found else None


def committee_on(unit_id: UUID, on: date) -> Committee | None:
    """The committee of a unit on a day."""
    return Committee.objects.on(on).filter(unit_id=unit_id).first()


def holders(unit_id: UUID, titles: list[Title], on: date) -> list[UUID]:
    """The persons who hold one of these offices in a unit on a day."""
    return list(Office.objects.on(on).filter(unit_id=unit_id, title__in=titles).values_list("person_id", flat=True))


def leads(unit_ids: Iterable[UUID] | QuerySet[Any], on: date) -> set[UUID]:
    """The persons who lead one of these units on a day: its secretary, and his deputy. One query."""
    rows = Office.objects.on(on).filter(unit__in=unit_ids, title__in=[Title.SECRETARY, Title.DEPUTY])
    return set(rows.values_list("person_id", flat=True))


def membership_on(unit_id: UUID, on: date) -> list[Membership]:
    """Everybody who belongs to a unit on a day, for rules to count; sorted the Vietnamese way."""
    return list(Membership.objects.on(on).filter(unit_id=unit_id).select_related("person").order_by(*_BY_PERSON))


def official_count(unit_id: UUID, on: date) -> int:
    """How many official members a unit has on a day, the exempt and the absent among them."""
    official = [Status.OFFICIAL, Status.EXEMPT, Status.SUSPENDED, Status.ELSEWHERE]
    return Membership.objects.on(on).filter(unit_id=unit_id, status__in=official).count()


def search(viewer: Actor, text: str, on: date) -> QuerySet[Membership]:
    """Members whom a viewer may see and whose name holds every word of the text, with `unit_name`; none for no text."""
    if not words_in(text):
        return Membership.objects.none()
    return listed(access.found(viewer, Capability.SEE_MEMBERS, called(Membership.objects.on(on), text), most=None), on)


def found(viewer: Actor, text: str, on: date) -> list[UUID]:
    """The keys of the memberships that a search finds, by the names of the people: access.MOST_FOUND at most.

    Of them who shows a page reads its rows alone, by `listed`.
    """
    if not words_in(text):
        return []
    some = access.found(viewer, Capability.SEE_MEMBERS, called(Membership.objects.on(on), text))
    rows = Membership.objects.filter(pk__in=some).order_by(*_BY_PERSON)
    return list(rows.values_list("pk", flat=True))


def listed(keys: Collection[UUID] | QuerySet[Any, Any], on: date) -> QuerySet[Membership]:
    """The memberships of some keys by the names of the people, with `unit_name`."""
    rows = Membership.objects.filter(pk__in=keys).with_unit_name(on)
    return rows.select_related("person").order_by(*_BY_PERSON)


def person(viewer: Actor, person_id: UUID) -> Person:
    """One person, for himself and for who may see the members of his unit, of the last one he had, or of his host.

    Raises NotThere for everybody else.
    """
    stays = Transfer.objects.filter(person_id=person_id, state=Transfer.State.STAYING)
    hosted = access.visible(viewer, Capability.SEE_MEMBERS, stays, field="to_unit")
    latest = Membership.objects.filter(person_id=person_id).order_by("-during").values("pk")[:1]
    seen = access.visible(viewer, Capability.SEE_MEMBERS, Membership.objects.filter(pk=Subquery(latest)))
    found = Person.objects.filter(Q(pk=viewer.person_id) | Exists(seen) | Exists(hosted), pk=person_id).first()
    if found is None:
        raise NotThere
    return found


def membership_now(person_id: UUID, on: date) -> Membership | None:
    """To which unit a person belongs on a day, and how."""
    rows = Membership.objects.on(on).select_related("person", "unit", "unit__kind")
    return rows.filter(person_id=person_id).first()


def managed_membership(viewer: Actor, person_id: UUID, on: date) -> Membership:
    """The membership of a person whom a viewer may correct; else NotThere for the unseen, Forbidden for the seen."""
    person(viewer, person_id)
    membership = membership_now(person_id, on)
    if membership is None:
        raise NotThere
    access.require(viewer, Capability.MANAGE_MEMBERS, membership.unit)
    return membership


def managed_unit(viewer: Actor, unit_id: UUID, on: date) -> Unit:
    """A unit whose register a viewer keeps. Raises NotThere for the unseen, Forbidden for the others."""
    unit = org.get(viewer, unit_id, on)
    access.require(viewer, Capability.MANAGE_MEMBERS, unit)
    return unit


def managed_office(viewer: Actor, office_id: UUID) -> Office:
    """An office that a viewer may end, with its person and unit. Raises NotThere for every other."""
    offices = Office.objects.select_related("person", "unit", "unit__kind")
    found = access.visible(viewer, Capability.MANAGE_MEMBERS, offices).filter(pk=office_id).first()
    if found is None:
        raise NotThere
    return found


def offices_to_end(viewer: Actor, person_id: UUID) -> set[UUID]:
    """Which offices of a person, without a known end, a viewer may end."""
    open_ended = Office.objects.filter(person_id=person_id, during__upper_inf=True)
    return set(access.visible(viewer, Capability.MANAGE_MEMBERS, open_ended).values_list("pk", flat=True))


def units_for_office(viewer: Actor, membership: Membership, on: date) -> list[Unit]:
    """The member's own unit and those above it, as far as a viewer keeps their register; his own first."""
    units = Unit.objects.filter(pk__in=ids_of(membership.unit.path)).named(on)
    return list(access.visible(viewer, Capability.MANAGE_MEMBERS, units, field="").order_by("-kind__rank"))


def units_to_move_to(viewer: Actor, membership: Membership, text: str, on: date) -> QuerySet[Unit]:
    """The cells by name whose register a viewer keeps, other than the member's own."""
    found = org.search(viewer, text, on).filter(kind__has_members=True).exclude(pk=membership.unit_id)
    return access.visible(viewer, Capability.MANAGE_MEMBERS, found, field="")


def ids_of_one(person_id: UUID) -> list[UUID]:
    """The id of a person and those under which he stood in the register before."""
    return [person_id, *MergedPerson.objects.filter(into_id=person_id).values_list("pk", flat=True)]


def rows_of_one(person_id: UUID) -> Q:
    """The rows of a person, and those under which he stood in the register before."""
    return Q(person_id=person_id) | Q(person_id__in=MergedPerson.objects.filter(into_id=person_id).values("pk"))


def memberships_of(person_id: UUID) -> list[Membership]:
    """Every membership of a person over time, the newest first, with `unit_name`."""
    rows = Membership.objects.filter(rows_of_one(person_id))
    return list(rows.select_related("unit").with_first_unit_name())


def keeps_register_of(viewer: Actor, memberships: Sequence[Membership]) -> bool:
    """Whether a viewer keeps the register where a person belongs or belonged last (the newest membership first)."""
    return bool(memberships) and access.can(viewer, Capability.MANAGE_MEMBERS, memberships[0].unit)


def offices_of(person_id: UUID) -> list[Office]:
    """Every office of a person over time, the newest first, with `unit_name`."""
    return list(Office.objects.filter(person_id=person_id).select_related("unit").with_first_unit_name())


def readers(person_id: UUID) -> QuerySet[Entry]:
    """Who has looked at a person's record, for that person, the latest first."""
    return Entry.objects.filter(object_id__in=ids_of_one(person_id), verb=Verb.PERSON_READ).order_by("-id")

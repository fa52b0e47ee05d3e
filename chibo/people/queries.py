"""Reading the register as a viewer may see it."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.people.models import Membership, Office, Status, Title


def members(viewer: Actor, unit_id: UUID, on: date) -> QuerySet[Membership]:
    """The members of a unit on a day, sorted the Vietnamese way; empty for who may not see them."""
    rows = Membership.objects.on(on).filter(unit_id=unit_id).select_related("person")
    return access.visible(viewer, Capability.SEE_MEMBERS, rows).order_by("person__sort_key", "pk")


def leaders(unit_id: UUID, on: date) -> list[Office]:
    """Who leads a unit on a day, secretary first. An office is public inside the tree."""
    rank = {Title.SECRETARY: 0, Title.DEPUTY: 1, Title.COMMITTEE_MEMBER: 2}
    rows = Office.objects.on(on).filter(unit_id=unit_id).select_related("person")
    return sorted(rows, key=lambda office: (rank[Title(office.title)], office.person.sort_key))


def holders(unit_id: UUID, titles: list[Title], on: date) -> list[UUID]:
    """The persons who hold one of these offices in a unit on a day."""
    return list(Office.objects.on(on).filter(unit_id=unit_id, title__in=titles).values_list("person_id", flat=True))


def membership_on(unit_id: UUID, on: date) -> list[Membership]:
    """Everybody who belongs to a unit on a day, for rules to count; sorted the Vietnamese way."""
    return list(
        Membership.objects.on(on).filter(unit_id=unit_id).select_related("person").order_by("person__sort_key", "pk")
    )


def official_count(unit_id: UUID, on: date) -> int:
    """How many official members a unit has on a day, the exempt and the absent among them."""
    official = [Status.OFFICIAL, Status.EXEMPT, Status.SUSPENDED, Status.ELSEWHERE]
    return Membership.objects.on(on).filter(unit_id=unit_id, status__in=official).count()


def search(viewer: Actor, text: str, on: date) -> QuerySet[Membership]:
    """Members whom a viewer may see and whose name holds every word of the text, marks and case aside."""
    rows = Membership.objects.on(on).select_related("person", "unit")
    for word in fold(text).split():
        rows = rows.filter(person__search__contains=word)
    return access.visible(viewer, Capability.SEE_MEMBERS, rows).order_by("person__sort_key", "pk")

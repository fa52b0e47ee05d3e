"""A person's own notices, and who has received and read what was sent to many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case, EmailField, Exists, F, OuterRef, Q, QuerySet, Value, When

from chibo.core.actor import Actor
from chibo.notifications.models import Notice
from chibo.people.models import Membership, Person


@dataclass(frozen=True, slots=True)
class Reader:
    """How one person stands with a notice: in the app (`read_at`) and by letter (`emailed_at`)."""

    person_id: UUID
    name: str
    sent_at: datetime
    read_at: datetime | None
    emailed_at: datetime | None


def mine(viewer: Actor) -> QuerySet[Notice]:
    """A viewer's own notices, the newest first."""
    if viewer.person_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(person_id=viewer.person_id).order_by("-at", "-id")


def unread_count(viewer: Actor) -> int:
    """How many of his notices a viewer has not opened: one query."""
    return mine(viewer).filter(read_at=None).count()


def readers(key: str) -> list[Reader]:
    """Who was told of an occasion, by name: one query. The caller has asked who may know."""
    told = Notice.objects.filter(key=key).order_by("person__sort_key", "person_id")
    return [Reader(*row) for row in told.values_list("person_id", "person__name", "at", "read_at", "emailed_at")]


def told(keys: Sequence[str]) -> list[UUID]:
    """The persons who were told of any of these occasions."""
    return list(Notice.objects.filter(key__in=keys).values_list("person_id", flat=True).distinct())


def addresses(person_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """These persons with the address to which their letters go; empty for who belongs to a practice. One query."""
    practises = Exists(Membership.objects.filter(person=OuterRef("pk"), unit__is_practice=True))
    letters_to = Case(When(practises, then=Value("")), default=F("email"), output_field=EmailField())
    rows = Person.objects.filter(pk__in=list(person_ids)).annotate(letters_to=letters_to).order_by("pk")
    return list(rows.values_list("pk", "letters_to"))


def out_of_reach(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Whom of these no notice reaches, with their names in order: no open account, no address. One query."""
    reached = Q(user__is_active=True) | ~Q(email="")
    rows = Person.objects.filter(pk__in=list(person_ids)).exclude(reached).order_by("sort_key", "pk")
    return dict(rows.values_list("pk", "name"))

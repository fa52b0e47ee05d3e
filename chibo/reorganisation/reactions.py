"""What follows from a reorganisation: whoever has to act on it or lives by it is told."""

from collections import defaultdict
from uuid import UUID

from django.urls import reverse

from chibo.accounts.models import User
from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.notifications import actions as notifications
from chibo.notifications import queries as notices
from chibo.org.queries import name_on
from chibo.reorganisation import messages, queries
from chibo.reorganisation.models import Reorganisation


def _send(entry: Entry, one: Reorganisation, persons: list[UUID], words: tuple[object, object], path: str) -> None:
    subject, body = words
    notifications.send(
        actor=SYSTEM,
        person_ids=persons,
        subject=subject,
        body=body,
        path=path,
        unit_id=one.root_id,
        key=f"{entry.verb}:{entry.pk}",
        at=entry.at,
    )


def _page(one: Reorganisation) -> str:
    return reverse("reorganisation:one", args=[one.pk])


def _persons(*users: User | None) -> list[UUID]:
    ids = [user.pk for user in users if user is not None]
    return list(User.objects.filter(pk__in=ids, person__isnull=False).values_list("person", flat=True))


@on(Verb.REORGANISATION_SUBMITTED)
def tell_who_may_approve(entry: Entry) -> None:
    """The other officers of the unit in whose area it happens learn that a draft waits for the second person."""
    one = Reorganisation.objects.get(pk=entry.object_id)
    officers = queries.who_may_approve(one, clock.day_of(entry.at))
    _send(entry, one, officers, messages.waits(one), _page(one))


@on(Verb.REORGANISATION_RETURNED)
def tell_who_handed_it_in(entry: Entry) -> None:
    """Who handed a draft in learns why it went back."""
    one = Reorganisation.objects.select_related("submitted_by").get(pk=entry.object_id)
    _send(entry, one, _persons(one.submitted_by), messages.returned(one), _page(one))


@on(Verb.REORGANISATION_APPLIED)
def tell_those_who_live_by_it(entry: Entry) -> None:
    """The two who decided learn that it is done; members who changed their cell learn which is theirs now."""
    one = Reorganisation.objects.select_related("submitted_by", "approved_by").get(pk=entry.object_id)
    _send(entry, one, _persons(one.submitted_by, one.approved_by), messages.applied(one), _page(one))
    of_unit: dict[UUID, list[UUID]] = defaultdict(list)
    for person_id, unit_id in queries.moved_members(one):
        of_unit[unit_id].append(person_id)
    for unit_id, persons in of_unit.items():
        words = messages.new_cell(one, name_on(unit_id, one.on))
        notifications.send(
            actor=SYSTEM,
            person_ids=persons,
            subject=words[0],
            body=words[1],
            path=reverse("unit", args=[unit_id]),
            unit_id=unit_id,
            key=f"{entry.verb}:{entry.pk}:member",
            at=entry.at,
        )


@on(Verb.REORGANISATION_UNDONE)
def tell_those_who_were_told_of_a_new_cell(entry: Entry) -> None:
    """Who was told that he belongs to another cell learns that he does not."""
    one = Reorganisation.objects.get(pk=entry.object_id)
    applied = Entry.objects.filter(object_id=one.pk, verb=Verb.REORGANISATION_APPLIED).values_list("pk", flat=True)
    keys = [f"{Verb.REORGANISATION_APPLIED}:{pk}:member" for pk in applied]
    _send(entry, one, notices.told(keys), messages.undone(one), messages.path(one))

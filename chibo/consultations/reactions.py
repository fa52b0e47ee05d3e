"""What follows from a draft: who leads a unit below is asked, and who commented learns what became of it."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.consultations import messages
from chibo.consultations.models import Consultation
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.notifications import actions as notifications
from chibo.org.models import Unit
from chibo.org.queries import name_on
from chibo.people import queries as people


def _send(entry: Entry, found: Consultation, person_ids: Iterable[UUID], words: tuple[str, str]) -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=set(person_ids) - {entry.person_id},
        subject=words[0],
        body=words[1],
        path=reverse("consultations:consultation", args=[found.pk]),
        unit_id=found.unit_id,
        key=f"{entry.verb}:{found.pk}",
        at=entry.at,
    )


@on(Verb.DRAFT_LAID_OPEN)
def ask_for_comments(entry: Entry) -> None:
    """Who leads a unit below that holds meetings is asked, in one notice each."""
    found = Consultation.objects.select_related("unit").get(pk=entry.object_id)
    today = clock.day_of(entry.at)
    below = Unit.objects.on(today).filter(path__startswith=found.unit.path, kind__holds_meetings=True)
    who = people.leads(below.values("pk"), today)
    _send(entry, found, who, messages.laid_open(found, name_on(found.unit_id, today)))


@on(Verb.DRAFT_CONCLUDED)
def tell_what_became_of_it(entry: Entry) -> None:
    """Who leads a unit that commented learns what became of it."""
    found = Consultation.objects.select_related("unit").get(pk=entry.object_id)
    today = clock.day_of(entry.at)
    commented = found.comments.filter(unit__isnull=False).order_by().values("unit")
    who = people.leads(commented, today)
    _send(entry, found, who, messages.concluded(found, name_on(found.unit_id, today)))

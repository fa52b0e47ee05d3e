"""What follows from a directive: who leads the units to which it is sent is told."""

from django.db.models import QuerySet
from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.learning import messages
from chibo.learning.models import Adaptation, Directive, Edition
from chibo.notifications import actions as notifications
from chibo.org.models import Unit
from chibo.org.queries import name_on
from chibo.people import queries as people


def _send(entry: Entry, found: Directive, below: Unit, words: tuple[str, str]) -> None:
    _tell(entry, below, found.kinds, reverse("learning:directive", args=[found.pk]), words)


def _tell(entry: Entry, below: Unit, kinds: list[str], path: str, words: tuple[str, str]) -> None:
    """Who leads a unit below one, of some kinds (none: of every kind), gets a notice."""
    today = clock.day_of(entry.at)
    units: QuerySet[Unit] = Unit.objects.on(today).filter(path__startswith=below.path, kind__holds_meetings=True)
    if kinds:
        units = units.filter(kind__in=kinds)
    notifications.send(
        actor=SYSTEM,
        person_ids=people.leads(units.values("pk"), today),
        subject=words[0],
        body=words[1],
        path=path,
        unit_id=below.pk,
        key=f"{entry.verb}:{entry.pk}",
        at=entry.at,
    )


@on(Verb.MATERIAL_PUBLISHED)
def tell_what_there_is_to_read(entry: Entry) -> None:
    """Who leads a unit below is told of a material, and of each later edition: the one before counts no more."""
    edition = Edition.objects.select_related("material__unit").get(
        material=entry.object_id, number=entry.facts["edition"]
    )
    material = edition.material
    name = name_on(material.unit_id, clock.day_of(entry.at))
    words = messages.published(material.title, name, edition.what_changed)
    _tell(entry, material.unit, material.kinds, reverse("learning:material", args=[material.pk]), words)


@on(Verb.DIRECTIVE_SENT)
def tell_who_is_to_study_it(entry: Entry) -> None:
    """Who leads a unit to which it is sent is told once, whatever their number."""
    found = Directive.objects.select_related("unit").get(pk=entry.object_id)
    _send(entry, found, found.unit, messages.sent(found, name_on(found.unit_id, clock.day_of(entry.at))))


@on(Verb.DIRECTIVE_ADAPTED)
def tell_of_the_nearer_plan(entry: Entry) -> None:
    """Who leads a unit below the committee that adapted it learns of its plan and its day."""
    made = Adaptation.objects.select_related("directive", "unit").get(pk=entry.object_id)
    name = name_on(made.unit_id, clock.day_of(entry.at))
    _send(entry, made.directive, made.unit, messages.adapted(made.directive, name, made.plan, made.until))

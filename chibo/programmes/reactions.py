"""What follows from programmes: both sides are told of each step, and whose model is taken up learns of it."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry as Line
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.jobs import soon
from chibo.notifications import actions as notifications
from chibo.org.models import Unit
from chibo.org.queries import name_on
from chibo.people import queries as people
from chibo.programmes import jobs, messages, queries
from chibo.programmes.models import Check, Cycle, Entry, Recognition
from chibo.programmes.rules import CheckKind, State


def _send(line: Line, person_ids: Iterable[UUID], words: tuple[str, str], path: str, key: str = "") -> None:
    notifications.send(
        actor=SYSTEM,
        person_ids=[one for one in person_ids if one != line.person_id],
        subject=words[0],
        body=words[1],
        path=path,
        unit_id=line.unit_id,
        key=f"{line.verb}:{line.pk}{key}",
        at=line.at,
    )


def _entry(line: Line) -> Entry:
    return Entry.objects.select_related("unit", "cycle__programme", "source").get(pk=line.object_id)


def _tell_the_unit(line: Line, entry: Entry, words: tuple[str, str]) -> None:
    leads = people.leads([entry.unit_id], clock.day_of(line.at))
    _send(line, leads, words, reverse("programmes:entry", args=[entry.pk]))


@on(Verb.CYCLE_OPENED)
def tell_who_may_enter(line: Line) -> None:
    """Who leads a unit below learns of a round once, whatever their number."""
    cycle = Cycle.objects.select_related("programme__unit").get(pk=line.object_id)
    today = clock.day_of(line.at)
    below = Unit.objects.on(today).filter(path__startswith=cycle.programme.unit.path)
    leads = people.leads(below.exclude(pk=cycle.programme.unit_id).values("pk"), today)
    words = messages.opened(cycle, name_on(cycle.programme.unit_id, today))
    _send(line, leads, words, reverse("programmes:cycle", args=[cycle.pk]))


@on(Verb.ENTRY_REGISTERED)
def tell_who_answers(line: Line) -> None:
    """Who may answer it for the nearest committee above learns that a registration waits."""
    entry = _entry(line)
    today = clock.day_of(line.at)
    words = messages.registered(entry, name_on(entry.unit_id, today))
    _send(line, queries.officers(entry.unit, today), words, reverse("programmes:entry", args=[entry.pk]))


@on(Verb.ENTRY_ACCEPTED)
def tell_that_it_is_accepted(line: Line) -> None:
    """Who leads the unit learns it, and who leads the one from which it was taken."""
    entry = _entry(line)
    _tell_the_unit(line, entry, messages.accepted(entry))
    if entry.source is not None:
        today = clock.day_of(line.at)
        words = messages.taken(entry, name_on(entry.unit_id, today))
        path = reverse("programmes:lineage", args=[entry.source_id])
        _send(line, people.leads([entry.source.unit_id], today), words, path, ":taken")


@on(Verb.ENTRY_ENDED)
def tell_how_it_ended(line: Line) -> None:
    """Who leads the unit learns that it was declined, not reached, or withdrawn by a committee; the committee, that a
    unit gave up what it had registered."""
    entry, state = _entry(line), State(line.facts["state"])
    words = messages.ended(entry, state)
    _tell_the_unit(line, entry, words)
    if state is State.WITHDRAWN and entry.registered_on is not None:
        who = queries.officers(entry.unit, clock.day_of(line.at))
        _send(line, who, words, reverse("programmes:entry", args=[entry.pk]), ":committee")


@on(Verb.ENTRY_CHECKED)
def tell_what_was_appraised(line: Line) -> None:
    """Who leads the unit learns what the committee saw; a final appraisal that failed is told as the end."""
    check = Check.objects.select_related("entry__unit", "entry__cycle__programme").get(pk=line.object_id)
    if check.kind != CheckKind.SELF and check.passes is not False:
        _tell_the_unit(line, check.entry, messages.appraised(check))


@on(Verb.ENTRY_RECOGNISED)
def tell_that_it_is_recognised(line: Line) -> None:
    """Who leads the unit learns it, and that others could learn from it."""
    one = Recognition.objects.select_related("entry__unit", "entry__cycle__programme").get(pk=line.object_id)
    _tell_the_unit(line, one.entry, messages.recognised(one, name_on(one.unit_id, clock.day_of(line.at))))


@on(Verb.RECOGNITION_WITHDRAWN)
def tell_what_was_taken_back(line: Line) -> None:
    """Who leads the unit learns which committee took its recognition back, and why, where others still stand; with the
    last one the entry has ended, and that is told."""
    if line.facts["is_left"]:
        one = Recognition.objects.select_related("entry__unit").get(pk=line.object_id)
        words = messages.taken_back(one, name_on(one.unit_id, one.decided_on))
        _tell_the_unit(line, one.entry, words)


@on(Verb.COMPARISON_ASKED)
def work_it_out_soon(_line: Line) -> None:
    """The worker begins; what it misses it finds within minutes by itself."""
    soon(jobs.work_out)

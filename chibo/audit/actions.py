"""Recording a change, and delivering what was recorded to those who listen."""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from chibo.audit import bus, jobs
from chibo.audit.models import Delivery, Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.jobs import soon

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 8


def record(
    actor: Actor, verb: Verb, thing: models.Model, *, at: datetime, unit_id: UUID | None = None, **facts: Any
) -> Entry:
    """Writes the line of one change, in the transaction of that change.

    `unit_id` is the unit it concerns, by default the thing's own `unit_id`; `facts` are JSON values.
    """
    return record_all(actor, [(verb, thing, unit_id, facts)], at=at)[0]


def record_all(
    actor: Actor, lines: Iterable[tuple[Verb, models.Model, UUID | None, dict[str, Any]]], *, at: datetime
) -> list[Entry]:
    """Writes the lines of many changes that are one: each a verb, a thing, its unit (None: the thing's own), facts."""
    entries = [
        Entry(
            at=at,
            user_id=actor.user_id,
            person_id=actor.person_id,
            actor_name=actor.name,
            verb=verb,
            unit_id=unit_id or getattr(thing, "unit_id", None),
            object_kind=thing._meta.label_lower,
            object_id=thing.pk,
            facts=facts,
            delivered_at=None if bus.listeners(verb) else at,
        )
        for verb, thing, unit_id, facts in lines
    ]
    Entry.objects.bulk_create(entries, batch_size=5000)
    if any(entry.delivered_at is None for entry in entries):
        soon(jobs.deliver)
    return entries


def deliver(*, at: datetime | None = None, limit: int = 500, unit_ids: Collection[UUID] | None = None) -> int:
    """Gives undelivered entries, of some units or of all, to their reactions, at least once each; returns how many
    entries were finished.

    Each entry is its own transaction and each reaction its own savepoint: one that fails is tried again later, up to
    MAX_ATTEMPTS times with growing pauses, and holds up no other.
    """
    finished = 0
    at = at or clock.now()
    resting = Delivery.objects.filter(entry=OuterRef("pk"), done_at=None, next_at__gt=at, attempts__lt=MAX_ATTEMPTS)
    waiting = Entry.objects.filter(~Exists(resting), delivered_at=None).order_by("id").values_list("id", flat=True)
    if unit_ids is not None:
        waiting = waiting.filter(unit_id__in=unit_ids)
    for entry_id in list(waiting[:limit]):
        with transaction.atomic():
            try:
                entry = Entry.objects.select_for_update(skip_locked=True).get(pk=entry_id, delivered_at=None)
            except Entry.DoesNotExist:
                continue
            # Who holds the entry's row is the only one who writes its deliveries.
            turns = {turn.reaction: turn for turn in Delivery.objects.filter(entry=entry)}
            met = [_meet(entry, listener, turns.get(listener.name), at) for listener in bus.listeners(entry.verb)]
            if all(met):
                Entry.objects.filter(pk=entry.pk).update(delivered_at=at)
                finished += 1
    return finished


def _meet(entry: Entry, listener: bus.Subscription, turn: Delivery | None, at: datetime) -> bool:
    """Runs one reaction for one entry, unless it had its turn; True once it needs no further one."""
    turn = turn or Delivery(entry=entry, reaction=listener.name, next_at=at)
    if turn.done_at or turn.attempts >= MAX_ATTEMPTS:
        return True
    if turn.next_at > at:
        return False
    turn.attempts += 1
    try:
        with transaction.atomic():
            listener.reaction(entry)
        turn.done_at, turn.error = at, ""
    except Exception as error:  # whatever a reaction does, the others and the queue go on
        log.exception("reaction %s failed on %s", listener.name, entry.pk)
        turn.error = repr(error)[:2000]
        turn.next_at = at + timedelta(minutes=2**turn.attempts)
    turn.save()
    return bool(turn.done_at) or turn.attempts >= MAX_ATTEMPTS

"""Every change to readiness: a unit answers for a year, or says that all is as it was."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.readiness import queries
from chibo.readiness.models import Answer
from chibo.readiness.rules import Given


@transaction.atomic
def answer(*, actor: Actor, unit_id: UUID, given: Given, at: datetime, seen: int | None = None) -> Answer:
    """Answers for a unit for this year; a later answer of the same year takes its place.

    `seen` is the clock.stamp of this year's answer that was on the page; refuses where somebody has answered since.
    """
    unit, year = _locked(unit_id), clock.day_of(at).year
    access.require(actor, Capability.ANSWER_READINESS, unit)
    known = Answer.objects.filter(unit=unit, year=year).first()
    if seen is not None and seen != clock.stamp(known.at if known else None):
        raise Refused(_("Somebody else has answered for this year meanwhile. Open the page again."))
    facts = {**asdict(given), "by_id": actor.person_id, "at": at}
    made, _is_new = Answer.objects.update_or_create(unit=unit, year=year, defaults=facts)
    audit.record(actor, Verb.READINESS_ANSWERED, made, at=at, unit_id=unit.pk, **asdict(given))
    return made


@transaction.atomic
def repeat(*, actor: Actor, unit_id: UUID, at: datetime) -> Answer:
    """Answers for this year as a unit answered last."""
    unit, year = _locked(unit_id), clock.day_of(at).year
    access.require(actor, Capability.ANSWER_READINESS, unit)
    last = queries.latest(unit.pk, year)
    if last is None:
        raise Refused(_("There is no earlier answer to repeat. Answer the four questions."))
    if last.year == year:
        return last
    return answer(actor=actor, unit_id=unit.pk, given=last.given, at=at)


def _locked(unit_id: UUID) -> Unit:
    rows = Unit.objects.select_for_update(of=("self",), no_key=True).select_related("kind")
    found = rows.filter(pk=unit_id, kind__holds_meetings=True).first()
    if found is None:
        raise NotThere
    return found


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID]) -> list[Effect]:
    """Lets the heirs of units that end (by unit: the heir) go on with the latest answer of each year of which they have
    none: they may say otherwise at once."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    has = set(Answer.objects.filter(unit__in=list(to.values())).values_list("unit_id", "year"))
    moved: dict[UUID, UUID] = {}
    for one in Answer.objects.select_for_update(of=("self",)).filter(unit__in=to).order_by("-at", "-pk"):
        place = (to[one.unit_id], one.year)
        if place not in has:
            has.add(place)
            moved[one.pk] = to[one.unit_id]
    return org.reassign("readiness_answer", "unit_id", moved)

"""The annual review: what a unit says of its year, the appraisal of the committee above, its decision."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import queries, rules
from chibo.assessment.models import Level, Review, Subject
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.org.models import Unit


@transaction.atomic
def review_self(
    *,
    actor: Actor,
    unit_id: UUID,
    year: int,
    subject: Subject,
    common: Decimal,
    task: Decimal,
    level: Level,
    words: str,
    at: datetime,
) -> Review:
    """What a unit says of a year: points of the common criteria and of its task (30 and 70 under 366-QĐ/TW), a level,
    and words. What the year's sessions came to is attached as it is now."""
    unit = Unit.objects.select_for_update(of=("self",)).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.REVIEW_SELF, unit)
    is_written = Review.objects.filter(unit=unit, year=year, subject=subject).exists()
    first = queries.first_month(unit, year)
    if reason := rules.why_not_review(year, today=clock.day_of(at), first_month=first, is_written=is_written):
        raise Refused(reason)
    if wrong := rules.why_not_words({"common": common, "task": task}, queries.most_points(unit, year), words):
        raise Refused(fields=wrong)
    refuse_classified(words=words)
    found = Review.objects.create(
        unit=unit,
        year=year,
        subject=subject,
        quality=queries.year_of_unit(actor, unit, year),
        common=common,
        task=task,
        own_level=level,
        own_words=words.strip(),
        own_by_id=actor.person_id,
        own_at=at,
    )
    audit.record(actor, Verb.REVIEW_HANDED_IN, found, at=at, subject=subject, year=year, level=level)
    return found


@transaction.atomic
def appraise(*, actor: Actor, review_id: UUID, level: Level, words: str, at: datetime) -> Review:
    """The committee above appraises a review; what the unit said stands beside it."""
    found = _locked(actor, review_id)
    if reason := rules.why_not_appraise(is_appraised=found.appraised_at is not None):
        raise Refused(reason)
    if not words.strip():
        raise Refused(fields={"words": [_("Write on what the appraisal rests.")]})
    refuse_classified(words=words)
    found.appraised_level, found.appraised_words = level, words.strip()
    found.appraised_by_id, found.appraised_at = actor.person_id, at
    found.save(update_fields=["appraised_level", "appraised_words", "appraised_by", "appraised_at"])
    audit.record(actor, Verb.REVIEW_APPRAISED, found, at=at, level=level)
    return found


@transaction.atomic
def decide(*, actor: Actor, review_id: UUID, level: Level, decision: str, decided_on: date, at: datetime) -> Review:
    """The committee decides the level, by a decision with its number and day; no more are excellent than may be."""
    found = _locked(actor, review_id)
    why = rules.why_not_decide(is_appraised=found.appraised_at is not None, is_decided=bool(found.level))
    if why:
        raise Refused(why)
    if not decision.strip():
        raise Refused(fields={"decision": [_("Write the number of the decision.")]})
    if decided_on > clock.day_of(at):
        raise Refused(fields={"decided_on": [_("That day is still to come. Write the day of the decision.")]})
    if level == Level.EXCELLENT and (reason := queries.why_not_excellent(found)):
        raise Refused(fields={"level": [reason]})
    found.level, found.decision, found.decided_on = level, decision.strip(), decided_on
    found.decided_by_id = actor.person_id
    found.save(update_fields=["level", "decision", "decided_on", "decided_by"])
    audit.record(actor, Verb.REVIEW_DECIDED, found, at=at, level=level, decision=decision.strip())
    return found


def _locked(actor: Actor, review_id: UUID) -> Review:
    """A review that this actor's committee appraises and decides, its row locked. All of one committee and year wait in
    one line, so that the share of the excellent is counted once."""
    found = Review.objects.select_for_update(of=("self",)).select_related("unit__kind").filter(pk=review_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.DECIDE_REVIEW, found.unit)
    above = found.unit.ancestor_ids
    list(Unit.objects.select_for_update(of=("self",)).filter(pk__in=above[-1:]))
    return found

"""Every change to what is sent down: sent, adapted, received, studied, reported on, withdrawn."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.learning import rules
from chibo.learning.actions import materials
from chibo.learning.models import Adaptation, Directive, Receipt
from chibo.learning.rules import Nature, Stage
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect


@transaction.atomic
def send_down(
    *,
    actor: Actor,
    unit_id: UUID,
    nature: Nature,
    title: str,
    gist: str,
    questions: str,
    kinds: Sequence[str],
    until: date,
    at: datetime,
) -> Directive:
    """Sends something to all units below a committee, or to those of some kinds; nothing is written per unit."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.SEND_DIRECTIVE, unit)
    today = clock.day_of(at)
    if wrong := rules.why_not_send(title, gist, until, today):
        raise Refused(fields=wrong)
    refuse_classified(title=title, gist=gist, questions=questions)
    found = Directive.objects.create(
        unit=unit,
        nature=nature,
        title=canonical(title),
        gist=gist.strip(),
        questions=questions.strip(),
        kinds=sorted(kinds),
        sent_on=today,
        until=until,
        by_id=actor.person_id,
    )
    audit.record(actor, Verb.DIRECTIVE_SENT, found, at=at, unit_id=unit.pk, until=until.isoformat())
    return found


@transaction.atomic
def withdraw(*, actor: Actor, directive_id: UUID, at: datetime) -> Directive:
    """Withdraws what was sent: no unit has to do anything about it any more, and what was reported stays."""
    found = _locked(directive_id)
    access.require(actor, Capability.SEND_DIRECTIVE, found.unit)
    _refuse_withdrawn(found)
    found.ended_on = clock.day_of(at)
    found.save(update_fields=["ended_on"])
    audit.record(actor, Verb.DIRECTIVE_WITHDRAWN, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def adapt(
    *,
    actor: Actor,
    directive_id: UUID,
    unit_id: UUID,
    plan: str,
    until: date,
    at: datetime,
    seen: int | None = None,
) -> Adaptation:
    """Adds the plan and the day of a committee between, for the units below it; a later one replaces it.

    `seen` is the clock.stamp of the plan that was on the page; refuses where somebody has written another since.
    """
    found, unit = _locked(directive_id), _below(directive_id, unit_id)
    access.require(actor, Capability.SEND_DIRECTIVE, unit)
    _refuse_withdrawn(found)
    above = Adaptation.objects.filter(directive=found, unit__in=unit.ancestor_ids).values_list("until", flat=True)
    latest = min([found.until, *above])
    if wrong := rules.why_not_adapt(plan, until, clock.day_of(at), latest=latest):
        raise Refused(fields=wrong)
    refuse_classified(plan=plan)
    known = Adaptation.objects.filter(directive=found, unit=unit).first()
    if seen is not None and seen != clock.stamp(known.at if known else None):
        _refuse_overwriting("plan", known.plan if known else "")
    made, _is_new = Adaptation.objects.update_or_create(
        directive=found, unit=unit, defaults={"plan": plan.strip(), "until": until, "by_id": actor.person_id, "at": at}
    )
    audit.record(actor, Verb.DIRECTIVE_ADAPTED, made, at=at, unit_id=unit.pk, directive=str(found.pk))
    return made


@transaction.atomic
def receive(*, actor: Actor, directive_id: UUID, unit_id: UUID, at: datetime) -> Receipt:
    """Notes that a unit has received what was sent to it; once."""
    known = Receipt.objects.filter(directive=directive_id, unit=unit_id).exists()
    receipt = _receipt(actor, directive_id, unit_id, at)
    if not known:
        audit.record(actor, Verb.DIRECTIVE_RECEIVED, receipt, at=at, unit_id=unit_id, directive=str(directive_id))
    return receipt


@transaction.atomic
def mark_studied(*, actor: Actor, directive_id: UUID, unit_id: UUID, on: date, at: datetime) -> Receipt:
    """Notes the day of the meeting in which a unit studied it; a report that was given stays."""
    receipt = _receipt(actor, directive_id, unit_id, at)
    if reason := rules.why_not_studied(on, receipt.directive.sent_on, clock.day_of(at)):
        raise Refused(reason, fields={"on": [reason]})
    if receipt.stage == Stage.RECEIVED:
        receipt.stage = Stage.STUDIED
    receipt.studied_on = on
    receipt.save(update_fields=["stage", "studied_on"])
    audit.record(actor, Verb.DIRECTIVE_STUDIED, receipt, at=at, unit_id=unit_id, on=on.isoformat())
    return receipt


@transaction.atomic
def report(
    *,
    actor: Actor,
    directive_id: UUID,
    unit_id: UUID,
    changes: str,
    who: str,
    needs: str,
    at: datetime,
    seen: int | None = None,
) -> Receipt:
    """Reports what a directive changes for a unit, who does it by when, and what it needs from above.

    `seen` is the clock.stamp of the receipt that was on the page; refuses where somebody has reported since.
    """
    receipt = _receipt(actor, directive_id, unit_id, at)
    if seen is not None and seen != clock.stamp(receipt.at):
        _refuse_overwriting("changes", receipt.changes)
    wrong = rules.why_not_report(Stage(receipt.stage), changes, who)
    if wrong:
        raise Refused(*wrong.pop("", []), fields=wrong)
    refuse_classified(changes=changes, who=who, needs=needs)
    receipt.stage, receipt.at = Stage.REPORTED, at
    receipt.changes, receipt.who, receipt.needs = changes.strip(), who.strip(), needs.strip()
    receipt.save(update_fields=["stage", "at", "changes", "who", "needs"])
    audit.record(actor, Verb.DIRECTIVE_REPORTED, receipt, at=at, unit_id=unit_id, directive=str(directive_id))
    return receipt


def _receipt(actor: Actor, directive_id: UUID, unit_id: UUID, at: datetime) -> Receipt:
    """The receipt of a unit for what was sent to it, its row locked; made where it is the first thing that is noted."""
    unit = _below(directive_id, unit_id)
    access.require(actor, Capability.ANSWER_DIRECTIVE, unit)
    found = Directive.objects.get(pk=directive_id)
    _refuse_withdrawn(found)
    if not rules.fits(found.kinds, unit.kind_id):
        raise NotThere
    Receipt.objects.bulk_create([Receipt(directive=found, unit=unit, at=at)], ignore_conflicts=True)
    rows = Receipt.objects.select_for_update(of=("self",)).select_related("directive")
    return rows.get(directive=found, unit=unit)


def _locked(directive_id: UUID) -> Directive:
    rows = Directive.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=directive_id)
    found = rows.first()
    if found is None:
        raise NotThere
    return found


def _below(directive_id: UUID, unit_id: UUID) -> Unit:
    """A unit below the one that sent something. Raises NotThere for any other."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or not Directive.objects.filter(pk=directive_id, unit__in=unit.ancestor_ids).exists():
        raise NotThere
    return unit


def _refuse_overwriting(field: str, stands: str) -> None:
    why = _("Somebody else has written here meanwhile: “{stands}”. Open the page again.").format(stands=stands)
    raise Refused(fields={field: [why]})


def _refuse_withdrawn(found: Directive) -> None:
    if found.ended_on is not None:
        raise Refused(_("This was withdrawn; nothing has to be done about it any more."))


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID], on: date) -> list[Effect]:
    """Lets what units that end on a day have sent down be the heirs' (by unit: the heir), with their plans for what
    came from above, and what they have received.

    Of several plans an heir keeps the one with the nearest day, and none for what it sends itself. An heir that is
    founded with the day is as far as the least of those that go on in it; one that was there before stays as far as it
    was.
    """
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    heirs = Unit.objects.in_bulk(set(to.values()))
    sent = Directive.objects.select_for_update(of=("self",)).filter(unit__in=to)
    effects = org.reassign("learning_directive", "unit_id", {one.pk: to[one.unit_id] for one in sent})
    effects += org.reassign("learning_adaptation", "unit_id", _plans_that_go_on(to, heirs))
    founded = {pk for pk, one in heirs.items() if one.during.since == on}
    effects += org.reassign("learning_receipt", "unit_id", _receipts_that_go_on(to, founded))
    return effects + materials.follow_units(actor=actor, to=to, on=on)


def _plans_that_go_on(to: Mapping[UUID, UUID], heirs: Mapping[UUID, Unit]) -> dict[UUID, UUID]:
    rows = Adaptation.objects.select_for_update(of=("self",)).select_related("directive__unit")
    has = set(Adaptation.objects.filter(unit__in=heirs).values_list("directive_id", "unit_id"))
    moved: dict[UUID, UUID] = {}
    for one in rows.filter(unit__in=to).order_by("until", "pk"):
        heir, sender = heirs[to[one.unit_id]], one.directive.unit
        is_below = heir.path.startswith(sender.path) and heir.path != sender.path
        if is_below and (one.directive_id, heir.pk) not in has:
            has.add((one.directive_id, heir.pk))
            moved[one.pk] = heir.pk
    return moved


def _receipts_that_go_on(to: Mapping[UUID, UUID], founded: Collection[UUID]) -> dict[UUID, UUID]:
    of_whom: dict[UUID, set[UUID]] = defaultdict(set)
    for unit_id, heir_id in to.items():
        if heir_id in founded:
            of_whom[heir_id].add(unit_id)
    found: dict[tuple[UUID, UUID], list[Receipt]] = defaultdict(list)
    for one in Receipt.objects.select_for_update(of=("self",)).filter(unit__in=to):
        found[one.directive_id, to[one.unit_id]].append(one)
    stages = list(Stage)
    return {
        min(rows, key=lambda one: (stages.index(Stage(one.stage)), one.pk)).pk: heir_id
        for (_directive_id, heir_id), rows in found.items()
        if len(rows) == len(of_whom.get(heir_id, ()))
    }

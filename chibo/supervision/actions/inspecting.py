"""Inspections: a year's cells drawn, one planned, its result, what becomes of each finding."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.core.words import Said
from chibo.documents.actions import refuse_classified
from chibo.org.models import Unit
from chibo.org.rules import ENDED
from chibo.supervision import queries, rules
from chibo.supervision.models import Finding, Inspection, InspectionKind, InspectionPlan
from chibo.supervision.rules import InspectionState


@transaction.atomic
def draw_plan(*, actor: Actor, unit_id: UUID, year: int, seed: str, count: int, at: datetime) -> InspectionPlan:
    """Draws the cells of a year by stated risk and by chance, and publishes seed, weights and result; once a year."""
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.INSPECT, unit)
    today = clock.day_of(at)
    rows = queries.candidates(actor, unit, today)
    wrong = rules.why_not_draw(
        year=year,
        today=today,
        seed=seed,
        count=count,
        cells=len(rows),
        is_drawn=InspectionPlan.objects.filter(unit=unit, year=year).exists(),
    )
    if wrong:
        raise Refused(fields=wrong)
    by_code = {candidate.code: one for one, candidate in rows}
    drawn = rules.draw([candidate for _one, candidate in rows], seed.strip(), count)
    plan = InspectionPlan.objects.create(
        unit=unit,
        year=year,
        seed=seed.strip(),
        weights={candidate.code: candidate.weight for _one, candidate in rows},
        drawn=[
            {
                "unit": str(by_code[one.code].pk),
                "code": one.code,
                "name": by_code[one.code].name,
                "risks": _in_vietnamese(one.risks),
            }
            for one in drawn
        ],
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.INSPECTIONS_DRAWN, plan, at=at, year=year, seed=plan.seed, count=count)
    return plan


def _in_vietnamese(sentences: Iterable[Said]) -> list[str]:
    """As they are kept: in the language of the organisation, whoever draws."""
    with translation.override("vi"):
        return [str(one) for one in sentences]


@transaction.atomic
def plan_inspection(
    *, actor: Actor, unit_id: UUID, kind: InspectionKind, on: date, because: str, plan_id: UUID | None, at: datetime
) -> Inspection:
    """Sets the day of one inspection: of a cell that was drawn (periodic), or for a stated reason (surprise).

    Who leads the cell is told of a periodic one; a surprise is seen by it only when it was held.
    """
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.INSPECT, unit)
    if on < clock.day_of(at):
        raise Refused(fields={"on": [_("That day is over. Choose today or a later day.")]})
    plan = InspectionPlan.objects.select_related("unit").filter(pk=plan_id).first() if plan_id else None
    if plan is not None:
        access.require(actor, Capability.INSPECT, plan.unit)
    # A cell that was drawn may go on in another one; that one takes its place.
    line = [unit.pk, *Unit.objects.filter(path__startswith=unit.path + ENDED).values_list("pk", flat=True)]
    if kind == InspectionKind.PERIODIC and (
        plan is None or {str(pk) for pk in line}.isdisjoint(one["unit"] for one in plan.drawn)
    ):
        raise Refused(_("Only a cell that was drawn is inspected periodically. For another one plan a surprise."))
    if kind == InspectionKind.SURPRISE and not because.strip():
        raise Refused(fields={"because": [_("Write for which reason; it stands in the inspection.")]})
    if plan is not None and Inspection.objects.filter(plan=plan, unit__in=line).exists():
        raise Refused(_("This cell has its inspection of the year already."))
    refuse_classified(because=because)
    found = Inspection.objects.create(
        unit=unit, plan=plan, kind=kind, on=on, because=because.strip(), by_id=actor.person_id
    )
    audit.record(actor, Verb.INSPECTION_PLANNED, found, at=at, kind=kind, on=on.isoformat())
    return found


@transaction.atomic
def hold_inspection(
    *,
    actor: Actor,
    inspection_id: UUID,
    held_on: date,
    answers: Mapping[str, str],
    found: Mapping[str, tuple[str, date | None]],
    commendation: str,
    conclusion: str,
    at: datetime,
) -> Inspection:
    """Writes the result of an inspection: each line of the checklist, a remedy with its day for each “no”, what
    deserves praise, and the conclusion. The cell reads it from then on."""
    inspection = _locked(actor, inspection_id)
    if reason := rules.why_not_hold(
        InspectionState(inspection.state), inspection.on, held_on=held_on, today=clock.day_of(at)
    ):
        raise Refused(reason)
    lacking = rules.what_is_missing(answers, found, held_on)
    wrong: dict[str, list[object]] = {f"{code}_answer": list(lines) for code, lines in lacking.items()}
    if not conclusion.strip():
        wrong["conclusion"] = [_("Write the conclusion of the inspection.")]
    if wrong:
        raise Refused(fields=wrong)
    texts = {f"{code}_found": text for code, (text, _due) in found.items()}
    refuse_classified(commendation=commendation, conclusion=conclusion, **texts)
    inspection.held_on, inspection.answers = held_on, {code: answers[code] for code in rules.checklist()}
    inspection.commendation, inspection.conclusion = commendation.strip(), conclusion.strip()
    findings = [
        Finding(inspection=inspection, code=code, text=found[code][0].strip(), due_on=due_on)
        for code in rules.checklist()
        if answers[code] == rules.NO and (due_on := found[code][1]) is not None
    ]
    inspection.state = InspectionState.HELD if findings else InspectionState.CLOSED
    inspection.save()
    Finding.objects.bulk_create(findings)
    audit.record(actor, Verb.INSPECTION_HELD, inspection, at=at, findings=len(findings))
    return inspection


@transaction.atomic
def answer_finding(*, actor: Actor, finding_id: UUID, answer: str, at: datetime) -> Finding:
    """Who leads the cell says what was done about a finding; the latest text stands until it is closed."""
    finding = (
        Finding.objects.select_for_update(of=("self",)).select_related("inspection__unit").filter(pk=finding_id).first()
    )
    if finding is None:
        raise NotThere
    access.require(actor, Capability.ANSWER_INSPECTION, finding.inspection.unit)
    if reason := rules.why_not_answer_finding(is_closed=finding.is_mended is not None, answer=answer):
        raise Refused(reason, fields={"answer": [reason]})
    refuse_classified(answer=answer)
    finding.answer, finding.answered_at = answer.strip(), at
    finding.save(update_fields=["answer", "answered_at"])
    audit.record(actor, Verb.FINDING_ANSWERED, finding, at=at, unit_id=finding.inspection.unit_id)
    return finding


@transaction.atomic
def recheck(*, actor: Actor, finding_id: UUID, is_mended: bool, result: str, at: datetime) -> Finding:
    """The second look at a finding. When all were looked at again, the inspection is closed."""
    finding = Finding.objects.select_related("inspection__unit").filter(pk=finding_id).first()
    if finding is None:
        raise NotThere
    inspection = _locked(actor, finding.inspection_id)
    finding.refresh_from_db()
    if reason := rules.why_not_recheck(is_closed=finding.is_mended is not None, result=result):
        raise Refused(reason, fields={"result": [reason]})
    refuse_classified(result=result)
    finding.is_mended, finding.result, finding.rechecked_at = is_mended, result.strip(), at
    finding.save(update_fields=["is_mended", "result", "rechecked_at"])
    if not inspection.findings.filter(is_mended=None).exists():
        inspection.state = InspectionState.CLOSED
        inspection.save(update_fields=["state"])
    audit.record(actor, Verb.FINDING_RECHECKED, finding, at=at, unit_id=inspection.unit_id, is_mended=is_mended)
    return finding


def _locked(actor: Actor, inspection_id: UUID) -> Inspection:
    found = Inspection.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=inspection_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.INSPECT, found.unit)
    return found

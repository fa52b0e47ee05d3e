"""Every change to a consultation: laid open, commented on, sorted into points, answered, concluded."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.consultations import rules
from chibo.consultations.models import Comment, Consultation, Point
from chibo.consultations.rules import Decision
from chibo.core import clock, public
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect

OF_A_LINK = 8


@transaction.atomic
def lay_open(
    *, actor: Actor, unit_id: UUID, title: str, text: str, closes_on: date, is_public: bool, at: datetime
) -> Consultation:
    """Lays a draft open to all units below a committee until a day, and to the public under a link where wished."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.CONSULT, unit)
    today = clock.day_of(at)
    if wrong := rules.why_not_open(title, text, closes_on, today):
        raise Refused(fields=wrong)
    refuse_classified(title=title, text=text)
    found = Consultation.objects.create(
        unit=unit,
        title=canonical(title),
        text=text,
        code=public.code(OF_A_LINK),
        is_public=is_public,
        opens_on=today,
        closes_on=closes_on,
        by_id=actor.person_id,
    )
    audit.record(actor, Verb.DRAFT_LAID_OPEN, found, at=at, unit_id=unit.pk, closes_on=closes_on.isoformat())
    return found


@transaction.atomic
def end_comments(*, actor: Actor, consultation_id: UUID, at: datetime) -> Consultation:
    """Ends the time for comments now; what was said stays. Where it is over already, nothing changes."""
    found = _locked(actor, consultation_id)
    _refuse_concluded(found)
    if not found.is_open_on(clock.day_of(at)):
        return found
    found.closes_on, found.ended_at = clock.day_of(at), at
    found.save(update_fields=["closes_on", "ended_at"])
    audit.record(actor, Verb.DRAFT_COMMENTS_ENDED, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def comment(*, actor: Actor, consultation_id: UUID, unit_id: UUID, paragraph: int, text: str, at: datetime) -> Comment:
    """Comments for a unit on one paragraph of a draft (0: on the whole)."""
    # Locked, so that nothing comes in while the new text is being published.
    found = Consultation.objects.select_for_update().filter(pk=consultation_id).first()
    unit = Unit.objects.filter(pk=unit_id).first()
    if found is None or unit is None or found.unit_id not in unit.ancestor_ids:
        raise NotThere
    access.require(actor, Capability.COMMENT_DRAFT, unit)
    today = clock.day_of(at)
    count, is_open = len(rules.paragraphs(found.text)), found.is_open_on(today)
    _check(rules.why_not_comment(text, paragraph, count, is_open=is_open))
    refuse_classified(text=text)
    made = Comment.objects.create(
        consultation=found, paragraph=paragraph, unit=unit, text=text.strip(), week=public.week_of(today)
    )
    audit.record(actor, Verb.DRAFT_COMMENTED, made, at=at, unit_id=unit.pk, draft=str(found.pk), paragraph=paragraph)
    return made


@transaction.atomic
def take_back(*, actor: Actor, comment_id: UUID, at: datetime) -> Consultation:
    """Takes a unit's own comment back, as long as comments may be given and it belongs to no point."""
    rows = Comment.objects.select_related("consultation", "unit").filter(pk=comment_id, unit__isnull=False)
    draft_id = rows.values_list("consultation", flat=True).first()
    if draft_id is None:
        raise NotThere
    # Its draft first, as who sorts the comments locks it.
    Consultation.objects.select_for_update().filter(pk=draft_id).first()
    made = rows.select_for_update(of=("self",)).first()
    if made is None or made.unit is None:
        raise NotThere
    access.require(actor, Capability.COMMENT_DRAFT, made.unit)
    if not made.consultation.is_open_on(clock.day_of(at)) or made.point_id is not None:
        raise Refused(_("This comment is being dealt with; it is not taken back any more."))
    audit.record(actor, Verb.DRAFT_COMMENT_TAKEN_BACK, made, at=at, unit_id=made.unit.pk)
    made.delete()
    return made.consultation


@transaction.atomic
def receive(*, code: str, paragraph: int, text: str, at: datetime) -> Consultation:
    """Takes in what somebody of the public says of a paragraph.

    Nothing of who he is, of his device or of the hour comes this far, and no line of the audit is written; of the day
    the week is kept.
    """
    found = Consultation.objects.select_for_update().filter(code=code.upper(), is_public=True).first()
    if found is None:
        raise NotThere
    today = clock.day_of(at)
    counted = found.counted if found.counted_on == today else 0
    count, is_open = len(rules.paragraphs(found.text)), found.is_open_on(today)
    _check(rules.why_not_comment(text, paragraph, count, is_open=is_open))
    _check(rules.why_not_receive(counted))
    refuse_classified(text=text)
    found.counted_on, found.counted = today, counted + 1
    found.save(update_fields=["counted_on", "counted"])
    Comment.objects.create(consultation=found, paragraph=paragraph, text=text.strip(), week=public.week_of(today))
    return found


@transaction.atomic
def make_point(
    *, actor: Actor, consultation_id: UUID, paragraph: int, comment_ids: Collection[UUID], gist: str, at: datetime
) -> Point:
    """Makes one point of the comments on a paragraph that say the same."""
    found = _locked(actor, consultation_id)
    _refuse_concluded(found)
    if not gist.strip():
        raise Refused(fields={"gist": [_("Write in a sentence what these comments say.")]})
    refuse_classified(gist=gist)
    rows = found.comments.filter(pk__in=comment_ids, paragraph=paragraph, point=None)
    if not comment_ids or rows.count() != len(set(comment_ids)):
        raise Refused(fields={"comments": [_("Choose the comments that say this; each belongs to one point.")]})
    point = Point.objects.create(
        consultation=found, paragraph=paragraph, gist=canonical(gist), by_id=actor.person_id, at=at
    )
    n = rows.update(point=point)
    audit.record(actor, Verb.DRAFT_POINT_MADE, point, at=at, unit_id=found.unit_id, comments=n)
    return point


@transaction.atomic
def add_to_point(*, actor: Actor, point_id: UUID, comment_ids: Collection[UUID], at: datetime) -> Point:
    """Puts further comments on the same paragraph to a point that is there already."""
    point = _point(actor, point_id)
    rows = Comment.objects.filter(consultation=point.consultation_id, paragraph=point.paragraph, point=None)
    n = rows.filter(pk__in=comment_ids).update(point=point)
    if not n:
        raise Refused(fields={"comments": [_("Choose the comments that say this; each belongs to one point.")]})
    audit.record(actor, Verb.DRAFT_POINT_MADE, point, at=at, unit_id=point.consultation.unit_id, comments=n)
    return point


@transaction.atomic
def undo_point(*, actor: Actor, point_id: UUID, at: datetime) -> Point:
    """Takes a point apart again: its comments belong to none."""
    point = _point(actor, point_id)
    audit.record(actor, Verb.DRAFT_POINT_UNDONE, point, at=at, unit_id=point.consultation.unit_id, gist=point.gist)
    Comment.objects.filter(point=point).update(point=None)
    point.delete()
    return point


@transaction.atomic
def answer_point(
    *, actor: Actor, point_id: UUID, decision: Decision, why: str, at: datetime, seen: int | None = None
) -> Point:
    """Answers a point: taken, in part, or not, and why; all who said it read the answer once the draft is concluded.

    `seen` is the clock.stamp of the point that was on the page; refuses where somebody has answered it since.
    """
    point = _point(actor, point_id)
    if seen is not None and seen != clock.stamp(point.at):
        meanwhile = _("Somebody else has answered this point meanwhile: “{why}”. Open it again.")
        _check(meanwhile.format(why=point.why), field="why")
    _check(rules.why_not_answer(decision, why), field="why")
    refuse_classified(why=why)
    point.decision, point.why, point.by_id, point.at = decision, why.strip(), actor.person_id, at
    point.save(update_fields=["decision", "why", "by", "at"])
    audit.record(actor, Verb.DRAFT_POINT_ANSWERED, point, at=at, unit_id=point.consultation.unit_id, decision=decision)
    return point


@transaction.atomic
def conclude(*, actor: Actor, consultation_id: UUID, new_text: str, at: datetime) -> Consultation:
    """Publishes the new text with its changes and the answer to each point; from here nothing of it changes."""
    found = _locked(actor, consultation_id)
    _refuse_concluded(found)
    wrong = rules.why_not_conclude(
        new_text,
        is_open=found.is_open_on(clock.day_of(at)),
        loose=found.comments.filter(point=None).count(),
        open_points=found.points.filter(decision="").count(),
    )
    if wrong:
        raise Refused(*wrong.pop("", []), fields=wrong)
    refuse_classified(new_text=new_text)
    found.new_text, found.concluded_at = new_text, at
    found.changes = [asdict(one) for one in rules.changes(rules.paragraphs(found.text), rules.paragraphs(new_text))]
    found.save(update_fields=["new_text", "changes", "concluded_at"])
    audit.record(actor, Verb.DRAFT_CONCLUDED, found, at=at, unit_id=found.unit_id)
    return found


def _check(reason: object, field: str = "text") -> None:
    if reason:
        raise Refused(reason, fields={field: [reason]})


def _locked(actor: Actor, consultation_id: UUID) -> Consultation:
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=consultation_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.CONSULT, found.unit)
    return found


def _point(actor: Actor, point_id: UUID) -> Point:
    """A point with the row of its consultation locked, which orders all who sort one draft."""
    consultation_id = Point.objects.filter(pk=point_id).values_list("consultation", flat=True).first()
    if consultation_id is None:
        raise NotThere
    _refuse_concluded(_locked(actor, consultation_id))
    point = Point.objects.select_related("consultation").filter(pk=point_id).first()
    if point is None:
        raise NotThere
    return point


def _refuse_concluded(found: Consultation) -> None:
    if found.concluded_at is not None:
        raise Refused(_("The new text is published; its points and their answers stay as they are."))


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID]) -> list[Effect]:
    """Lets the drafts that units which end have laid open be their heirs' (by unit: the heir), so that those below read
    them as before; and what these units have said of drafts, so that the heirs get the answer."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    drafts = Consultation.objects.select_for_update(of=("self",)).filter(unit__in=to)
    effects = org.reassign("consultations_consultation", "unit_id", {one.pk: to[one.unit_id] for one in drafts})
    said = Comment.objects.filter(unit__in=to).values_list("pk", "unit_id")
    return effects + org.reassign(
        "consultations_comment", "unit_id", {pk: to[unit_id] for pk, unit_id in said if unit_id is not None}
    )

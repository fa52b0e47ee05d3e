"""Scoring a session, by its cell and by the superior who attended; nothing that was handed in is ever overwritten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.assessment import queries, rules
from chibo.assessment.models import FrameworkState, FrameworkVersion, Observer, Remedy, Scoring, Tier
from chibo.assessment.queries import facts
from chibo.assessment.queries.frameworks import InForce, parsed
from chibo.assessment.rules.sheets import Given
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.refusals import Forbidden, Refused
from chibo.documents.actions import refuse_classified
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind, Score, State, VoteMatter
from chibo.org.models import Unit
from chibo.people.models import Person

MOST_LETTERS = 300  # of the title of a part
POWER = {Tier.SELF: Capability.SCORE_MEETING, Tier.SUPERIOR: Capability.SCORE_AS_SUPERIOR}


@transaction.atomic
def name_observer(*, actor: Actor, meeting_id: UUID, person_id: UUID | None, at: datetime) -> None:
    """Names the member who watches a meeting and scores it for the cell (None: nobody); where a framework wants one."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.HOLD_MEETING, meeting.unit)
    # Where it is to be scored again, he is named again: his role ended when he handed in.
    stands = Scoring.objects.filter(meeting=meeting, tier=Tier.SELF, replaced_by=None)
    if stands.exclude(handed_in_at=None).exists():
        raise Refused(_("The session is scored already; who scored it stands."))
    if person_id is not None and person_id not in meeting_queries.taking_part(meeting):
        raise Refused(fields={"person": [_("This person is not a member of the cell on the day of the meeting.")]})
    if person_id is not None and person_id == meeting.chair_id:
        raise Refused(fields={"person": [_("Who chairs does not observe. Name another member.")]})
    user_id = Person.objects.filter(pk=person_id).values_list("user_id", flat=True).first() if person_id else None
    access_actions.name_for_meeting(
        actor=actor,
        role=Role.OBSERVER,
        user_id=user_id,
        unit=meeting.unit,
        matter=meeting.pk,
        on=clock.day_of(at),
        at=at,
    )
    Observer.objects.filter(meeting=meeting).delete()
    if person_id is not None:
        Observer.objects.create(meeting=meeting, person_id=person_id)
    audit.record(actor, Verb.OBSERVER_NAMED, meeting, at=at, person=str(person_id or ""))


@transaction.atomic
def save_sheet(
    *, actor: Actor, meeting_id: UUID, tier: Tier, given: Mapping[str, Given], seen_version: int, at: datetime
) -> Scoring:
    """Keeps a sheet as far as it is filled in; `seen_version` is 0 for one that did not exist yet. Refuses where
    somebody else has saved it since, and what is no possible answer."""
    meeting, sheet = _open_sheet(actor, meeting_id, tier, at)
    return _save(actor, meeting, sheet, given, seen_version, at)


@transaction.atomic
def hand_in(
    *,
    actor: Actor,
    meeting_id: UUID,
    tier: Tier,
    seen_version: int,
    at: datetime,
    votes: tuple[int, int, int] | None = None,
) -> Scoring:
    """Hands a sheet in as it was kept: from here it never changes. The facts are those of this instant and are kept
    with it.

    `votes` (in favour, against, abstained) where the framework has the members vote on the score. Refuses with a
    sentence beside each criterion that is not judged, that differs from the facts without a reason, or that is low and
    without a remedy. The cell's own score goes into its papers while they can still take it.
    """
    meeting, sheet = _open_sheet(actor, meeting_id, tier, at)
    _refuse_another_sheet(sheet, seen_version)
    framework = parsed(sheet.framework.text)
    month = facts.of(meeting, at)
    known = facts.values(month)
    written = rules.sheet_of(sheet.answers)
    if lacking := rules.lacks(framework, written, known):
        raise Refused(
            _("The sheet is not handed in yet: something is missing in it. What you filled in is kept."), fields=lacking
        )
    result = rules.evaluate(framework, rules.answers(framework, written), known)
    if tier == Tier.SELF and framework.scores.self == "vote":
        sheet.vote_id = _vote(actor, meeting, result.total, votes, at)
    sheet.facts = facts.as_json(month)
    sheet.total, sheet.band = result.total, result.band.code
    sheet.handed_in_at = at
    sheet.save(update_fields=["facts", "total", "band", "handed_in_at", "vote"])
    low = {code: written[code].remedy.strip() for code in written if written[code].remedy.strip()}
    titles = {one.code: one.title.vi for one in framework.leaves()}
    Remedy.objects.bulk_create(
        Remedy(scoring=sheet, code=code, title=titles[code], text=text) for code, text in low.items() if code in titles
    )
    audit.record(
        actor,
        Verb.SCORING_HANDED_IN,
        sheet,
        at=at,
        unit_id=meeting.unit_id,
        meeting=str(meeting.pk),
        tier=tier,
        total=str(result.total),
        band=result.band.code,
    )
    _settle(meeting, framework, at)
    if tier == Tier.SELF:
        if meeting.state in (State.UNDER_WAY, State.ENDED):
            meetings.record_score(actor=actor, meeting_id=meeting.pk, score=_for_papers(framework, result, low), at=at)
        # It follows from the handing in, and is nothing that an observer may do to his own role.
        access_actions.end_for_meeting(
            actor=SYSTEM, role=Role.OBSERVER, unit=meeting.unit, matter=meeting.pk, on=clock.day_of(at), at=at
        )
    return sheet


@transaction.atomic
def score_again(*, actor: Actor, meeting_id: UUID, tier: Tier, reason: str, at: datetime) -> Scoring:
    """Opens another sheet beside the one that was handed in, with its answers to begin from; the reason stays."""
    meeting = _locked(actor, meeting_id, tier)
    last = latest(meeting, tier)
    if last is None:
        raise Refused(_("Nothing is handed in yet that could be replaced."))
    why_not = rules.why_not_replace(
        parsed(last.framework.text),
        tier,
        State(meeting.state),
        is_handed_in=last.handed_in_at is not None,
        reason=reason,
    )
    if why_not:
        raise Refused(why_not, fields={"reason": [why_not]})
    refuse_classified(reason=reason)
    sheet = Scoring.objects.create(
        meeting=meeting,
        framework=last.framework,
        tier=tier,
        by_id=actor.person_id,
        answers=last.answers,
        reason=reason.strip(),
        replaces=last,
        saved_at=at,
    )
    audit.record(
        actor, Verb.SCORING_SAVED, sheet, at=at, unit_id=meeting.unit_id, tier=tier, reason=reason.strip(), again=True
    )
    return sheet


@transaction.atomic
def lay_remedies_before(*, actor: Actor, unit_id: UUID, at: datetime) -> list[Part]:
    """Puts what is to be done about low criteria on the agenda of the unit's next regular meeting, a part for each
    session that was scored low, each once. What no meeting waits for yet stays until one is planned, and what would
    tell the superior the cell's score before he has given his own until he has, or his time is over."""
    unit = Unit.objects.get(pk=unit_id)
    access.require(actor, Capability.PREPARE_MEETING, unit)
    rows = Remedy.objects.select_for_update(of=("self",)).select_related("scoring__meeting")
    waiting = rows.filter(queries.OF_WHAT_COUNTS, part=None, scoring__meeting__unit_id=unit_id)
    waiting = waiting.exclude(scoring__meeting__score_sealed_until__gte=clock.day_of(at)).order_by("pk")
    by_meeting: dict[UUID, list[Remedy]] = {}
    for one in waiting:
        if not _comes_back_already(one):
            by_meeting.setdefault(one.scoring.meeting_id, []).append(one)
    parts = []
    for remedies in by_meeting.values():
        held = remedies[0].scoring.meeting
        coming = meeting_queries.next_regular(unit_id, max(held.on + timedelta(days=1), clock.day_of(at)))
        if coming is None:
            continue
        titles = "; ".join(one.title for one in remedies)
        kind = "sinh hoạt chuyên đề" if held.kind == Kind.THEMATIC else "sinh hoạt"
        title = f"Kết quả khắc phục sau buổi {kind} ngày {held.on:%d/%m/%Y}: {titles}"
        part = meetings.add_part(
            actor=actor, meeting_id=coming.pk, title=title[:MOST_LETTERS], owner_id=None, due_on=None, at=at
        )
        Remedy.objects.filter(pk__in=[one.pk for one in remedies]).update(part=part)
        parts.append(part)
    return parts


def _comes_back_already(remedy: Remedy) -> bool:
    """Whether the sheet that this one replaced has laid the same on an agenda; then it is the same part."""
    former = Remedy.objects.filter(scoring=remedy.scoring.replaces_id, code=remedy.code).exclude(part=None).first()
    if former is None:
        return False
    remedy.part_id = former.part_id
    remedy.save(update_fields=["part"])
    return True


def latest(meeting: Meeting, tier: Tier) -> Scoring | None:
    """The sheet of one side that is not replaced, handed in or not; its row locked."""
    rows = Scoring.objects.select_for_update(of=("self",)).select_related("framework")
    return rows.filter(meeting=meeting, tier=tier, replaced_by=None).first()


def _locked(actor: Actor, meeting_id: UUID, tier: Tier) -> Meeting:
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, POWER[tier], meeting.unit, matter=meeting.pk)
    return meeting


def _open_sheet(actor: Actor, meeting_id: UUID, tier: Tier, at: datetime) -> tuple[Meeting, Scoring]:
    """The sheet of one side that can be written now, its row locked; a new one, not kept yet, where there is none."""
    meeting = _locked(actor, meeting_id, tier)
    side = queries.side(meeting, tier)  # nobody else changes it while the meeting is locked
    if side.why_not:
        raise Refused(side.why_not)
    if why_not := queries.why_not_by(actor, side):
        raise Forbidden(why_not)
    sheet = latest(meeting, tier)
    if sheet is None:
        found = queries.in_force(meeting.unit, meeting.on)
        sheet = Scoring(meeting=meeting, framework=_frozen(found), tier=tier, version=0, saved_at=at)
    return meeting, sheet


def _frozen(found: InForce) -> FrameworkVersion:
    """The framework in force as a row to hold scores by: a shipped one is written down the first time."""
    if found.version is not None:
        return found.version
    code = found.framework.code
    last = FrameworkVersion.objects.filter(unit=None, code=code).order_by("-number").first()
    version, _is_new = FrameworkVersion.objects.get_or_create(
        unit=None,
        code=code,
        number=last.number + 1 if last else 1,
        defaults={"text": found.text, "state": FrameworkState.PUBLISHED},
    )
    return version


def _save(
    actor: Actor, meeting: Meeting, sheet: Scoring, given: Mapping[str, Given], seen_version: int, at: datetime
) -> Scoring:
    framework = parsed(sheet.framework.text)
    refuse_classified(**{f"{code}_reason": one.reason for code, one in given.items()})
    refuse_classified(**{f"{code}_remedy": one.remedy for code, one in given.items()})
    if found := rules.wrong(framework, given):
        raise Refused(fields=_beside(found))
    _refuse_another_sheet(sheet, seen_version)
    answers = {code: one.as_json for code, one in given.items() if one.as_json}
    if sheet.version and answers == sheet.answers:
        return sheet
    sheet.answers, sheet.by_id, sheet.saved_at = answers, actor.person_id, at
    sheet.version += 1
    sheet.save()
    audit.record(actor, Verb.SCORING_SAVED, sheet, at=at, unit_id=meeting.unit_id, tier=sheet.tier)
    return sheet


def _refuse_another_sheet(sheet: Scoring, seen_version: int) -> None:
    if sheet.version != seen_version:
        raise Refused(
            _("Somebody else has saved this sheet since you opened it. Open it again; what you typed is below.")
        )


def _beside(found: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
    """Sentences beside the fields of the sheet: each criterion's first one."""
    return {f"{code}_value": lines for code, lines in found.items()}


def _vote(actor: Actor, meeting: Meeting, total: Decimal, votes: tuple[int, int, int] | None, at: datetime) -> UUID:
    if votes is None:
        raise Refused(
            _("Under the framework in force the members vote on the score. Enter the count."),
            fields={"in_favour": [_("Enter how many voted in favour, against, and abstained.")]},
        )
    in_favour, against, abstained = votes
    lines = meeting_queries.roll(meeting)
    base = meeting_queries.base(meeting, lines)
    vote = meetings.take_vote(
        actor=actor,
        meeting_id=meeting.pk,
        subject=f"Thông qua điểm chấm buổi sinh hoạt: {rules.in_figures(total)} điểm",
        matter=VoteMatter.ORDINARY,
        part_id=None,
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        not_voting=max(0, base.voters - in_favour - against - abstained),
        once_more=True,  # another sheet of the same points is another vote
        at=at,
    )
    if not vote.is_carried:
        raise Refused(_("The members did not carry this score. Change it and put it to the vote again."))
    return vote.pk


def _for_papers(framework: rules.Framework, result: rules.Result, remedies: Mapping[str, str]) -> Score:
    titles = {one.code: one.title.vi for one in framework.leaves()}
    return Score(
        points=rules.in_figures(result.total),
        total=rules.in_figures(framework.total),
        band=result.band.title.vi,
        remedies=tuple(f"{titles[code]}: {text}" for code, text in remedies.items() if code in titles),
    )


def _settle(meeting: Meeting, framework: rules.Framework, at: datetime) -> None:
    """Marks which score of a meeting stands, of the last that each side handed in, and who may read the cell's."""
    rows = Scoring.objects.filter(meeting=meeting).exclude(handed_in_at=None)
    last = {row.tier: row for row in rows.order_by("handed_in_at")}
    is_sealed = Tier.SUPERIOR not in last and framework.scores.superior == "scores"
    until = meeting.on + timedelta(days=framework.deadlines[Tier.SUPERIOR]) if is_sealed else None
    meetings.seal_score(actor=SYSTEM, meeting_id=meeting.pk, until=until, at=at)
    totals = {tier: row.total for tier, row in last.items() if row.total is not None}
    side = rules.which_stands(framework, totals)
    rows.filter(stands=True).update(stands=False)
    if side is not None:
        rows.filter(pk=last[side].pk).update(stands=True)

"""Ending a meeting: what is missing is named; minutes are composed, edited, read back, adopted; then all is locked."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import Edit, Refused, Stale
from chibo.documents.actions import issue_paper, refuse_classified
from chibo.documents.models import Paper
from chibo.documents.paperwork import MINUTES, RESOLUTION, MinutesPaper, ResolutionPaper, locality
from chibo.meetings import paperwork, queries, rules
from chibo.meetings.actions.holding import refuse_stale
from chibo.meetings.models import Meeting, Minutes, MinutesRevision, Resolution
from chibo.meetings.rules import State
from chibo.tasks import actions as tasks


@transaction.atomic
def end_meeting(*, actor: Actor, meeting_id: UUID, at: datetime) -> Meeting:
    """Ends a meeting and composes its minutes. Refuses with a sentence for each thing that is missing."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.HOLD_MEETING, meeting.unit)
    lines = queries.roll(meeting)
    if missing := rules.why_not_end(queries.proceedings(meeting, lines, queries.votes(meeting))):
        raise Refused(*missing)
    # The roll now stands for good: without whom the register has placed elsewhere since he was called.
    meeting.roll.exclude(membership__in=[line.membership.pk for line in lines]).delete()
    meeting.state, meeting.ended_at = State.ENDED, at
    meeting.save(update_fields=["state", "ended_at"])
    audit.record(actor, Verb.MEETING_ENDED, meeting, at=at)
    minutes = Minutes.objects.create(meeting=meeting)
    _revise(actor, minutes, [section.as_json for section in paperwork.compose(meeting)], at)
    return meeting


def _revise(actor: Actor, minutes: Minutes, sections: Sequence[dict[str, str]], at: datetime) -> MinutesRevision:
    number = minutes.revisions.count() + 1
    revision = MinutesRevision.objects.create(
        minutes=minutes, number=number, sections=list(sections), by_id=actor.person_id, at=at
    )
    audit.record(actor, Verb.MINUTES_WRITTEN, minutes, at=at, unit_id=minutes.meeting.unit_id, revision=number)
    return revision


def _open_minutes(actor: Actor, meeting_id: UUID) -> tuple[Meeting, Minutes]:
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.WRITE_MINUTES, meeting.unit, matter=meeting.pk)
    minutes = Minutes.objects.filter(meeting=meeting).first()
    if reason := rules.why_not_write_minutes(State(meeting.state), is_adopted=bool(minutes and minutes.adopted_at)):
        raise Refused(reason)
    assert minutes is not None
    return meeting, minutes


@transaction.atomic
def compose_minutes(*, actor: Actor, meeting_id: UUID, at: datetime) -> MinutesRevision:
    """Composes the text anew from what happened; what was written before stays as an earlier revision."""
    meeting, minutes = _open_minutes(actor, meeting_id)
    _unread(minutes)
    return _revise(actor, minutes, [section.as_json for section in paperwork.compose(meeting)], at)


def _refuse_another_text(minutes: Minutes, seen_revision: int) -> MinutesRevision:
    """The text as it stands, if that is the one that somebody had before him."""
    text = minutes.revisions.order_by("-number").first()
    assert text is not None
    if text.number != seen_revision:
        raise Refused(_("The text has changed since you opened the page. Read it to the meeting once more."))
    return text


def _unread(minutes: Minutes) -> None:
    """A changed text has to be read back again."""
    minutes.read_back_at = None
    minutes.save(update_fields=["read_back_at"])


@transaction.atomic
def write_minutes(
    *, actor: Actor, meeting_id: UUID, texts: Sequence[str], seen_revision: int, at: datetime
) -> MinutesRevision:
    """Writes the text of the minutes, a text for each section in its order; headings stay.

    Raises Stale, with both texts, where somebody else has written into the same section since; what others wrote into
    sections that stayed as they were seen is kept.
    """
    _meeting, minutes = _open_minutes(actor, meeting_id)
    latest = minutes.revisions.order_by("-number").first()
    assert latest is not None
    refuse_classified(**{f"text_{n}": text for n, text in enumerate(texts)})
    if latest.number != seen_revision:
        seen = minutes.revisions.filter(number=seen_revision).first()
        if seen is None or len(texts) != len(latest.sections) or not _same_sections(seen, latest):
            raise Stale(
                _("The minutes were composed anew in the meantime. Both texts are shown below; take what you need."),
                edit=Edit(
                    _("Minutes"),
                    stands="\n\n".join(section["text"] for section in latest.sections),
                    typed="\n\n".join(texts),
                    version=latest.number,
                ),
            )
        texts = rules.merged(_texts(seen), _texts(latest), texts)
        refuse_stale(
            latest.number,
            seen_revision,
            *(
                (section["title"], section["text"], text)
                for section, before, text in zip(latest.sections, _texts(seen), texts, strict=True)
                if section["text"] != before
            ),
        )
    if len(texts) != len(latest.sections):
        raise Refused(_("The sections of the minutes have changed. Open the page again."))
    sections = [section | {"text": text.strip()} for section, text in zip(latest.sections, texts, strict=True)]
    if sections == latest.sections:
        return latest
    _unread(minutes)
    return _revise(actor, minutes, sections, at)


@transaction.atomic
def record_score(*, actor: Actor, meeting_id: UUID, score: rules.Score, at: datetime) -> Meeting:
    """Takes the score that the cell gave its own session, for the minutes and the resolution to print.

    Minutes that are composed already get its section, or another text in it, and have to be read back again.
    """
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.SCORE_MEETING, meeting.unit, matter=meeting.pk)
    if reason := rules.why_not_record_score(State(meeting.state)):
        raise Refused(reason)
    meeting.score = asdict(score)
    meeting.save(update_fields=["score"])
    audit.record(actor, Verb.MEETING_SCORED, meeting, at=at, points=score.points, band=score.band)
    minutes = Minutes.objects.filter(meeting=meeting).first()
    if minutes is not None:
        latest = minutes.revisions.order_by("-number").first()
        assert latest is not None
        _unread(minutes)
        _revise(actor, minutes, paperwork.with_score(meeting, score, latest.sections), at)
    return meeting


@transaction.atomic
def seal_score(*, actor: Actor, meeting_id: UUID, until: date | None, at: datetime) -> None:
    """Keeps the cell's score from the superior's member who scores the same session through a day (None: opens it)."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.SCORE_MEETING, meeting.unit, matter=meeting.pk)
    if meeting.score_sealed_until == until:
        return
    meeting.score_sealed_until = until
    meeting.save(update_fields=["score_sealed_until"])
    audit.record(actor, Verb.MEETING_SCORED, meeting, at=at, sealed_until=until.isoformat() if until else None)


@transaction.atomic
def note_upload(*, actor: Actor, meeting_id: UUID, on: date, at: datetime) -> Meeting:
    """Notes the day on which the conclusion of a meeting was put into the e-handbook."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.ISSUE_RESOLUTION, meeting.unit)
    why_not = rules.why_not_upload(
        State(meeting.state), meeting.uploaded_on, on, held_on=meeting.on, today=clock.day_of(at)
    )
    if why_not:
        raise Refused(why_not, fields={"on": [why_not]})
    meeting.uploaded_on = on
    meeting.save(update_fields=["uploaded_on"])
    audit.record(actor, Verb.CONCLUSION_UPLOADED, meeting, at=at, on=on.isoformat())
    return meeting


def _texts(revision: MinutesRevision) -> list[str]:
    return [section["text"] for section in revision.sections]


def _same_sections(one: MinutesRevision, other: MinutesRevision) -> bool:
    return [section["code"] for section in one.sections] == [section["code"] for section in other.sections]


@transaction.atomic
def read_back(*, actor: Actor, meeting_id: UUID, seen_revision: int, at: datetime) -> Minutes:
    """Notes that the minutes were read back to the meeting as they stand, and not as they stood before."""
    meeting, minutes = _open_minutes(actor, meeting_id)
    _refuse_another_text(minutes, seen_revision)
    minutes.read_back_at = at
    minutes.save(update_fields=["read_back_at"])
    audit.record(actor, Verb.MINUTES_READ_BACK, minutes, at=at, unit_id=meeting.unit_id)
    return minutes


@transaction.atomic
def adopt_minutes(*, actor: Actor, meeting_id: UUID, seen_revision: int, at: datetime) -> Meeting:
    """Notes that the meeting adopted its minutes: they are issued as a paper, and all about the meeting is locked.

    `seen_revision` is the text that whoever adopts it had before him; it must be the one that stands.
    """
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.ADOPT_MINUTES, meeting.unit)
    minutes = Minutes.objects.select_for_update().filter(meeting=meeting).first()
    if reason := rules.why_not_adopt(
        state=State(meeting.state),
        is_read_back=bool(minutes and minutes.read_back_at),
        is_adopted=bool(minutes and minutes.adopted_at),
    ):
        raise Refused(reason)
    assert minutes is not None
    text = _refuse_another_text(minutes, seen_revision)
    minutes.adopted_at = at
    minutes.save(update_fields=["adopted_at"])
    audit.record(actor, Verb.MINUTES_ADOPTED, minutes, at=at, unit_id=meeting.unit_id)
    minutes.paper = _issue(
        actor, Capability.ADOPT_MINUTES, meeting, "BB", paperwork.minutes(meeting, text), minutes, at
    )
    minutes.save(update_fields=["paper"])
    meeting.state, meeting.locked_at = State.LOCKED, at
    meeting.save(update_fields=["state", "locked_at"])
    tasks.stand_in_minutes(origin_id=meeting.pk, at=at)
    audit.record(actor, Verb.MEETING_LOCKED, meeting, at=at)
    access_actions.end_for_meeting(
        actor=actor, role=Role.CLERK, unit=meeting.unit, matter=meeting.pk, on=clock.day_of(at), at=at
    )
    return meeting


@transaction.atomic
def issue_resolution(*, actor: Actor, meeting_id: UUID, at: datetime) -> Paper:
    """Issues the resolution that was carried, under the next number of its kind in the term."""
    meeting = Meeting.objects.locked(meeting_id)
    access.require(actor, Capability.ISSUE_RESOLUTION, meeting.unit)
    resolution = Resolution.objects.select_for_update(of=("self",)).filter(meeting=meeting).first()
    if resolution is None or not resolution.clauses.exists():
        raise Refused(_("This meeting has no resolution: no clause was written."))
    if resolution.vote is None or not resolution.vote.is_carried:
        raise Refused(_("The resolution was not carried by a vote, so it cannot be issued."))
    if not meeting.ended_at:
        raise Refused(_("End the meeting before its resolution is issued."))
    if resolution.paper_id:
        raise Refused(_("The resolution has been issued already."))
    paper = _issue(
        actor, Capability.ISSUE_RESOLUTION, meeting, "NQ", paperwork.resolution(meeting, resolution), resolution, at
    )
    resolution.paper = paper
    resolution.save(update_fields=["paper"])
    audit.record(
        actor, Verb.RESOLUTION_ISSUED, resolution, at=at, unit_id=meeting.unit_id, on=clock.day_of(at).isoformat()
    )
    return paper


def _issue(
    actor: Actor,
    capability: Capability,
    meeting: Meeting,
    kind: str,
    paper: MinutesPaper | ResolutionPaper,
    origin: Minutes | Resolution,
    at: datetime,
) -> Paper:
    """Prints and numbers a paper of a meeting, signed by its chair, with the names and rules of the meeting's day."""
    return issue_paper(
        actor=actor,
        capability=capability,
        unit_id=meeting.unit_id,
        kind=kind,
        term=paperwork.term(meeting.unit_id, meeting.on),
        title=paperwork.about(meeting),
        issued_on=clock.day_of(at) if kind == "NQ" else meeting.on,
        place=locality(meeting.unit, meeting.on),
        template=MINUTES if kind == "BB" else RESOLUTION,
        context={"paper": paper},
        signed_by=paper.chair,
        signed_as=paper.chair_office.removesuffix(" chi bộ"),
        origin=origin,
        at=at,
    )

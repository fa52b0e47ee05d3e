"""What the public is asked before a meeting: collections, what comes in without a name, and what becomes of it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock, public
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.meetings.models import Part
from chibo.opinions import queries, rules
from chibo.opinions.actions.answering import raise_opinion
from chibo.opinions.models import Collection, Opinion, Voice
from chibo.opinions.rules import Source
from chibo.org.models import Unit

OF_A_LINK, OF_A_RECEIPT = 8, 12
MOST_IN_A_PART = 300


@transaction.atomic
def open_collection(*, actor: Actor, unit_id: UUID, question: str, closes_on: date, at: datetime) -> Collection:
    """Opens a question to the public until a day, under a link that needs no account."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.COLLECT_VOICES, unit)
    today = clock.day_of(at)
    if wrong := rules.why_not_open(question, closes_on, today):
        raise Refused(fields=wrong)
    refuse_classified(question=question)
    found = Collection.objects.create(
        unit=unit,
        question=canonical(question),
        code=public.code(OF_A_LINK),
        opens_on=today,
        closes_on=closes_on,
        by_id=actor.person_id,
    )
    audit.record(actor, Verb.COLLECTION_OPENED, found, at=at, unit_id=unit.pk, closes_on=closes_on.isoformat())
    return found


@transaction.atomic
def end_collection(*, actor: Actor, collection_id: UUID, at: datetime) -> Collection:
    """Ends a collection at once; what came in stays, and each receipt still shows what became of it."""
    found = _locked(actor, collection_id)
    if not found.is_open_on(clock.day_of(at)):
        raise Refused(_("It is closed already."))
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    audit.record(actor, Verb.COLLECTION_ENDED, found, at=at, unit_id=found.unit_id)
    return found


@transaction.atomic
def receive(*, code: str, text: str, place: str, at: datetime) -> str:
    """Takes in what somebody of the public writes, and returns the code of his receipt, which is kept nowhere.

    Nothing of who he is, of his device or of the hour comes this far; of the day the week is kept. Refuses what comes
    after the end, is empty or too long, carries a marking of secrecy, or is more than a collection takes in a day.
    """
    found = Collection.objects.select_for_update().filter(code=code.upper()).first()
    if found is None:
        raise NotThere
    today = clock.day_of(at)
    counted = found.counted if found.counted_on == today else 0
    if reason := rules.why_not_receive(text, is_open=found.is_open_on(today), counted=counted):
        raise Refused(reason, fields={"text": [reason]})
    refuse_classified(text=text, place=place)
    found.counted_on, found.counted = today, counted + 1
    found.save(update_fields=["counted_on", "counted"])
    receipt = public.code(OF_A_RECEIPT)
    Voice.objects.create(
        collection=found,
        text=canonical(text),
        place=canonical(place) if place.strip() else "",
        week=public.week_of(today),
        receipt=queries.digest(receipt),
    )
    return receipt


@transaction.atomic
def take_up(*, actor: Actor, voice_id: UUID, at: datetime) -> Opinion:
    """Makes an opinion of what came in: from here it has a place and a day, and its receipt shows the answer."""
    voice = _voice(actor, voice_id)
    _refuse_settled(voice)
    opinion = raise_opinion(
        actor=actor,
        unit_id=voice.collection.unit_id,
        text=voice.text,
        source=Source.PUBLIC,
        place=voice.place,
        at=at,
    )
    # What was set aside first is not any more: its receipt shows where it lies.
    voice.reply = "" if voice.is_set_aside else voice.reply
    voice.opinion, voice.is_set_aside = opinion, False
    voice.save(update_fields=["opinion", "is_set_aside", "reply"])
    audit.record(actor, Verb.VOICE_TAKEN_UP, voice, at=at, unit_id=voice.collection.unit_id, opinion=str(opinion.pk))
    return opinion


@transaction.atomic
def reply(*, actor: Actor, voice_id: UUID, text: str, at: datetime) -> Voice:
    """Answers what came in, on its receipt; the latest text stands."""
    voice = _voice(actor, voice_id)
    if not text.strip():
        raise Refused(fields={"text": [_("Write the answer; it stands on the receipt.")]})
    refuse_classified(text=text)
    voice.reply, voice.is_set_aside = canonical(text), False
    voice.save(update_fields=["reply", "is_set_aside"])
    audit.record(actor, Verb.VOICE_ANSWERED, voice, at=at, unit_id=voice.collection.unit_id)
    return voice


@transaction.atomic
def set_aside(*, actor: Actor, voice_id: UUID, text: str, at: datetime) -> Voice:
    """Sets aside what is no matter for the cell, with the reason, which stands on the receipt."""
    voice = _voice(actor, voice_id)
    _refuse_settled(voice)
    if not text.strip():
        raise Refused(fields={"text": [_("Write why it is set aside; it stands on the receipt.")]})
    refuse_classified(text=text)
    voice.reply, voice.is_set_aside = canonical(text), True
    voice.save(update_fields=["reply", "is_set_aside"])
    audit.record(actor, Verb.VOICE_SET_ASIDE, voice, at=at, unit_id=voice.collection.unit_id)
    return voice


@transaction.atomic
def lay_before(*, actor: Actor, collection_id: UUID, at: datetime) -> Part:
    """Puts what came in on the agenda of the next regular meeting: “people ask about: …”, once for a collection."""
    found = _locked(actor, collection_id)
    if found.part_id is not None:
        raise Refused(_("It is on an agenda already."))
    # More than so many do not fit into the title, be they of one letter each.
    voices = found.voices.filter(is_set_aside=False).order_by("week", "pk")[: MOST_IN_A_PART // 3]
    if not voices:
        raise Refused(_("Nothing has come in yet that could be laid before the meeting."))
    coming = meeting_queries.next_regular(found.unit_id, clock.day_of(at))
    if coming is None:
        raise Refused(_("No regular meeting is planned yet. Plan it first."))
    gists = "; ".join(rules.gist(one.text) for one in voices)
    title = f"Ý kiến nhân dân: {gists}"
    part = meetings.add_part(
        actor=actor,
        meeting_id=coming.pk,
        title=title if len(title) <= MOST_IN_A_PART else f"{title[: MOST_IN_A_PART - 1]}…",
        owner_id=None,
        due_on=None,
        at=at,
    )
    found.part = part
    found.save(update_fields=["part"])
    audit.record(actor, Verb.COLLECTION_LAID, found, at=at, unit_id=found.unit_id, meeting=str(coming.pk))
    return part


def _locked(actor: Actor, collection_id: UUID) -> Collection:
    rows = Collection.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=collection_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.COLLECT_VOICES, found.unit)
    return found


def _voice(actor: Actor, voice_id: UUID) -> Voice:
    rows = Voice.objects.select_for_update(of=("self",)).select_related("collection__unit", "opinion")
    found = rows.filter(pk=voice_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.COLLECT_VOICES, found.collection.unit)
    return found


def _refuse_settled(voice: Voice) -> None:
    if voice.opinion_id is not None:
        raise Refused(_("This was taken up already; its opinion says where it lies."))

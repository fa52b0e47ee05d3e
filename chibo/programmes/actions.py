"""Every change to programmes: called for, entered, asked of the members, judged, recognised, shown to others."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.refusals import Edit, NotThere, Refused, Stale
from chibo.documents.actions import refuse_classified
from chibo.meetings import actions as meetings
from chibo.meetings import queries as meeting_queries
from chibo.meetings.models import Part
from chibo.meetings.rules import State as MeetingState
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.programmes import queries, rules
from chibo.programmes.models import Check, Cycle, Entry, Kit, Programme, Recognition, Spread
from chibo.programmes.rules import CheckKind, Nature, State, Undertaking

MOST_LETTERS = 300  # of the title of a part


# What a committee calls for


@transaction.atomic
def call(
    *,
    actor: Actor,
    unit_id: UUID,
    nature: Nature,
    title: str,
    gist: str,
    fields: Sequence[str],
    criteria: Mapping[str, Sequence[str]],
    asks_members: bool,
    at: datetime,
) -> Programme:
    """Calls for something among all units below a committee. `criteria` are lines by kind of unit, "" for every kind.
    Nobody is told before a round of it is opened."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.CALL_PROGRAMME, unit)
    if wrong := rules.why_not_call(title, gist, fields, criteria):
        raise Refused(fields=wrong)
    every_line = [line for lines in criteria.values() for line in lines]
    refuse_classified(title=title, gist=gist, fields="\n".join(fields), criteria="\n".join(every_line))
    found = Programme.objects.create(
        unit=unit,
        nature=nature,
        title=canonical(title),
        gist=gist.strip(),
        fields=[canonical(one) for one in fields],
        criteria={kind: list(lines) for kind, lines in criteria.items() if lines},
        asks_members=asks_members,
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.PROGRAMME_CALLED, found, at=at, unit_id=unit.pk, nature=nature)
    return found


@transaction.atomic
def open_cycle(
    *, actor: Actor, programme_id: UUID, title: str, registers_until: date, ends_on: date, at: datetime
) -> Cycle:
    """Opens a round of a programme: who leads a unit below is told."""
    programme = _programme(actor, programme_id)
    today = clock.day_of(at)
    wrong = rules.why_not_open_cycle(
        title,
        registers_until,
        ends_on,
        today,
        is_ended=programme.ended_on is not None,
        is_taken=programme.cycles.filter(title__iexact=canonical(title)).exists(),
    )
    if wrong:
        raise Refused(fields=wrong)
    refuse_classified(title=title)
    found = Cycle.objects.create(
        programme=programme, title=canonical(title), opens_on=today, registers_until=registers_until, ends_on=ends_on
    )
    audit.record(actor, Verb.CYCLE_OPENED, found, at=at, unit_id=programme.unit_id, programme=str(programme.pk))
    return found


@transaction.atomic
def end_programme(*, actor: Actor, programme_id: UUID, at: datetime) -> Programme:
    """Ends a programme: no round is opened any more; what is under way goes on to its end."""
    found = _programme(actor, programme_id)
    if found.ended_on is not None:
        raise Refused(_("This programme has ended already."))
    found.ended_on = clock.day_of(at)
    found.save(update_fields=["ended_on"])
    audit.record(actor, Verb.PROGRAMME_ENDED, found, at=at, unit_id=found.unit_id)
    return found


def _programme(actor: Actor, programme_id: UUID) -> Programme:
    rows = Programme.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=programme_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.CALL_PROGRAMME, found.unit)
    return found


# What a unit undertakes


@transaction.atomic
def begin(
    *, actor: Actor, cycle_id: UUID, unit_id: UUID, given: Undertaking, source_id: UUID | None, at: datetime
) -> Entry:
    """Begins an entry of a unit in a round; with `source_id` as something that was taken from another unit."""
    # Locked, so that two who enter the same at once wait for each other.
    rows = Unit.objects.select_for_update(of=("self",), no_key=True).select_related("kind")
    unit = rows.filter(pk=unit_id).first()
    cycle = Cycle.objects.select_related("programme").filter(pk=cycle_id).first()
    if unit is None or cycle is None or cycle.programme.unit_id not in unit.ancestor_ids:
        raise NotThere
    access.require(actor, Capability.ENTER_PROGRAMME, unit)
    if reason := rules.why_not_register(State.PREPARING, cycle.registers_until, clock.day_of(at)):
        raise Refused(reason)
    if cycle.programme.ended_on is not None:
        raise Refused(_("This programme has ended; nothing new is entered in it."))
    source = queries.to_be_taken(actor, source_id) if source_id else None
    entry = Entry(cycle=cycle, unit=unit, source=source, by_id=actor.person_id, version=0)
    return _keep(actor, entry, given, at)


@transaction.atomic
def change(*, actor: Actor, entry_id: UUID, given: Undertaking, seen_version: int, at: datetime) -> Entry:
    """Changes an entry before it is registered. What the members said of another aim, or of another measure of it, is
    asked anew. Raises Stale, with both texts."""
    entry = _own(actor, entry_id)
    if reason := rules.why_not_register(State(entry.state), entry.cycle.registers_until, clock.day_of(at)):
        raise Refused(reason)
    if entry.version != seen_version:
        raise Stale(
            _("Somebody else has changed this entry since you opened it. Nothing was overwritten: compare both texts."),
            edit=Edit(_("Entry"), _in_lines(entry.as_undertaking()), _in_lines(given), entry.version),
        )
    was = (entry.aim, entry.measure, entry.baseline, entry.target)
    if entry.said_on is not None and was != (given.aim.strip(), canonical(given.measure), given.baseline, given.target):
        entry.in_favour = entry.against = entry.abstained = entry.said_on = entry.part = None
        entry.worded_at = at
    return _keep(actor, entry, given, at)


def _in_lines(given: Undertaking) -> str:
    numbers = " → ".join("…" if one is None else f"{one.normalize():f}" for one in (given.baseline, given.target))
    lines = [given.title, "; ".join(given.fields), given.aim, given.measure, numbers, given.adapted]
    return "\n".join(line for line in lines if line)


def _keep(actor: Actor, entry: Entry, given: Undertaking, at: datetime) -> Entry:
    title = canonical(given.title)
    twins = Entry.objects.filter(cycle=entry.cycle, unit=entry.unit, title=title).exclude(pk=entry.pk)
    wrong = rules.why_not_keep(
        given, entry.cycle.programme.fields, is_copy=entry.source_id is not None, is_taken=twins.exists()
    )
    if wrong:
        raise Refused(fields=wrong)
    refuse_classified(title=given.title, aim=given.aim, measure=given.measure, adapted=given.adapted)
    entry.title, entry.aim, entry.measure = title, given.aim.strip(), canonical(given.measure)
    entry.baseline, entry.target = given.baseline, given.target
    entry.fields, entry.adapted = list(given.fields), given.adapted.strip()
    entry.version += 1
    entry.save()
    audit.record(actor, Verb.ENTRY_WRITTEN, entry, at=at, unit_id=entry.unit_id, cycle=str(entry.cycle_id))
    return entry


@transaction.atomic
def lay_before(*, actor: Actor, entry_id: UUID, at: datetime) -> Part:
    """Puts an entry on the agenda of the next regular meeting, for the members to say what they think of it."""
    entry = _own(actor, entry_id)
    if reason := rules.why_not_register(State(entry.state), entry.cycle.registers_until, clock.day_of(at)):
        raise Refused(reason)
    if entry.part is not None and not entry.part.meeting.is_over and entry.part.meeting.state != MeetingState.CANCELLED:
        raise Refused(pgettext_lazy("an entry", "It stands on an agenda already."))
    coming = meeting_queries.next_regular(entry.unit_id, clock.day_of(at))
    if coming is None:
        raise Refused(_("No regular meeting is planned yet. Plan it first."))
    title = f"Lấy ý kiến đảng viên về việc đăng ký “{entry.title}”"
    part = meetings.add_part(
        actor=actor, meeting_id=coming.pk, title=title[:MOST_LETTERS], owner_id=None, due_on=None, at=at
    )
    entry.part = part
    entry.save(update_fields=["part"])
    audit.record(actor, Verb.ENTRY_LAID, entry, at=at, unit_id=entry.unit_id, meeting=str(coming.pk))
    return part


@transaction.atomic
def note_opinion(
    *,
    actor: Actor,
    entry_id: UUID,
    in_favour: int,
    against: int,
    abstained: int,
    on: date,
    seen_version: int,
    at: datetime,
) -> Entry:
    """Writes down how the members voted on an entry in the meeting of a day; once they had voted on another wording of
    it, in a meeting that ended after the change. Raises Stale, with both counts."""
    entry = _own(actor, entry_id)
    if reason := rules.why_not_register(State(entry.state), entry.cycle.registers_until, clock.day_of(at)):
        raise Refused(reason)
    if entry.version != seen_version:
        raise Stale(
            _("Somebody else has changed this entry since you opened it. Nothing was overwritten: compare both texts."),
            edit=Edit(
                _("What the members said"),
                "\n".join([_in_lines(entry.as_undertaking()), _as_count(entry)]),
                _count(in_favour, against, abstained, on),
                entry.version,
            ),
        )
    came = queries.who_came(entry.unit_id, on)
    if came is None or on > clock.day_of(at):
        raise Refused(fields={"on": [_("The unit held no meeting on that day.")]})
    if entry.worded_at is not None and queries.who_came(entry.unit_id, on, ended_after=entry.worded_at) is None:
        late = _("It was changed on {day}, after that meeting. Ask the members again in the next meeting.")
        raise Refused(fields={"on": [late.format(day=f"{clock.day_of(entry.worded_at):%d/%m/%Y}")]})
    why = rules.why_not_opinion(in_favour=in_favour, against=against, abstained=abstained, entitled=came)
    if why:
        raise Refused(fields={"in_favour": [why]})
    entry.in_favour, entry.against, entry.abstained, entry.said_on = in_favour, against, abstained, on
    entry.version += 1
    entry.save(update_fields=["in_favour", "against", "abstained", "said_on", "version"])
    audit.record(actor, Verb.ENTRY_SAID, entry, at=at, unit_id=entry.unit_id, on=on.isoformat())
    return entry


def _as_count(entry: Entry) -> str:
    if entry.said_on is None:
        return ""
    return _count(entry.in_favour or 0, entry.against or 0, entry.abstained or 0, entry.said_on)


def _count(in_favour: int, against: int, abstained: int, on: date) -> str:
    words = gettext("%(yes)s in favour, %(no)s against, %(other)s abstained on %(on)s")
    return words % {"yes": in_favour, "no": against, "other": abstained, "on": f"{on:%d/%m/%Y}"}


@transaction.atomic
def register(*, actor: Actor, entry_id: UUID, seen_version: int, at: datetime) -> Entry:
    """Registers an entry as it was written: from here it stands as it is, and the committee above answers."""
    entry = _own(actor, entry_id)
    today = clock.day_of(at)
    if reason := rules.why_not_register(State(entry.state), entry.cycle.registers_until, today):
        raise Refused(reason)
    if entry.version != seen_version:
        raise Refused(_("Somebody else has changed this entry since you opened it. Read it once more."))
    programme = entry.cycle.programme
    if programme.ended_on is not None:
        raise Refused(_("This programme has ended; nothing new is entered in it."))
    wrong = rules.what_is_missing(
        entry.as_undertaking(),
        programme.fields,
        is_copy=entry.source_id is not None,
        asks_members=programme.asks_members and entry.unit.kind.holds_meetings,
        is_said=entry.said_on is not None,
    )
    if wrong:
        raise Refused(*(line for lines in wrong.values() for line in lines))
    entry.state, entry.registered_on = State.REGISTERED, today
    entry.save(update_fields=["state", "registered_on"])
    audit.record(actor, Verb.ENTRY_REGISTERED, entry, at=at, unit_id=entry.unit_id, cycle=str(entry.cycle_id))
    return entry


@transaction.atomic
def withdraw(*, actor: Actor, entry_id: UUID, why: str, at: datetime) -> Entry:
    """A unit withdraws what it undertook, before it is recognised; what was done until then stays."""
    entry = _own(actor, entry_id)
    if entry.state == State.RECOGNISED:
        raise Refused(_("What was recognised is withdrawn by the committee that recognised it."))
    if reason := rules.why_not_withdraw(State(entry.state), why=why):
        raise Refused(reason, fields={"why": [reason]})
    refuse_classified(why=why)
    return _end(actor, entry, State.WITHDRAWN, why, at)


def _end(actor: Actor, entry: Entry, state: State, why: str, at: datetime) -> Entry:
    entry.state, entry.answer, entry.ended_on = state, why.strip(), clock.day_of(at)
    entry.save(update_fields=["state", "answer", "ended_on"])
    audit.record(actor, Verb.ENTRY_ENDED, entry, at=at, unit_id=entry.unit_id, state=state)
    return entry


def _own(actor: Actor, entry_id: UUID) -> Entry:
    entry = _locked(entry_id)
    access.require(actor, Capability.ENTER_PROGRAMME, entry.unit)
    return entry


def _below(actor: Actor, entry_id: UUID) -> Entry:
    entry = _locked(entry_id)
    if entry.registered_on is None:  # a draft is its unit's own
        raise NotThere
    access.require(actor, Capability.JUDGE_ENTRY, entry.unit)
    return entry


def _locked(entry_id: UUID) -> Entry:
    rows = Entry.objects.select_for_update(of=("self",)).select_related("unit__kind", "cycle__programme")
    entry = rows.filter(pk=entry_id).first()
    if entry is None:
        raise NotThere
    return entry


# What the committee above says of it


@transaction.atomic
def answer(*, actor: Actor, entry_id: UUID, accepts: bool, why: str, at: datetime) -> Entry:
    """A committee above accepts a registration, so that it is under way from today, or declines it and says why."""
    entry = _below(actor, entry_id)
    if reason := rules.why_not_answer(State(entry.state), accepts=accepts, why=why):
        raise Refused(reason, fields={"why": [reason]})
    refuse_classified(why=why)
    if not accepts:
        return _end(actor, entry, State.DECLINED, why, at)
    entry.state, entry.started_on, entry.answer = State.RUNNING, clock.day_of(at), why.strip()
    entry.taker_id = entry.unit_id
    entry.save(update_fields=["state", "started_on", "answer", "taker"])
    audit.record(actor, Verb.ENTRY_ACCEPTED, entry, at=at, unit_id=entry.unit_id)
    return entry


@transaction.atomic
def check(
    *,
    actor: Actor,
    entry_id: UUID,
    kind: CheckKind,
    value: Decimal | None,
    words: str,
    met: Sequence[str],
    passes: bool | None,
    at: datetime,
) -> Check:
    """Writes down how far an entry is: the unit itself, or as an appraisal the committee above. `met` are the criteria
    that are met. A final appraisal that it does not pass ends the entry."""
    entry = _own(actor, entry_id) if kind == CheckKind.SELF else _below(actor, entry_id)
    wrong = rules.why_not_check(State(entry.state), kind, words=words, value=value, passes=passes)
    if wrong:
        raise Refused(*wrong.pop("", []), fields=wrong)
    refuse_classified(words=words)
    assert value is not None
    known = rules.criteria_for(entry.cycle.programme.criteria, entry.unit.kind_id)
    found = Check.objects.create(
        entry=entry,
        kind=kind,
        on=clock.day_of(at),
        value=value,
        words=words.strip(),
        met=[one for one in known if one in met],
        passes=passes if kind == CheckKind.FINAL else None,
        by_id=actor.person_id,
        at=at,
    )
    audit.record(actor, Verb.ENTRY_CHECKED, found, at=at, unit_id=entry.unit_id, entry=str(entry.pk), kind=kind)
    if kind == CheckKind.FINAL and not passes:
        _end(actor, entry, State.FAILED, words, at)
    return found


@transaction.atomic
def recognise(
    *, actor: Actor, entry_id: UUID, unit_id: UUID, decision: str, decided_on: date, award: str, at: datetime
) -> Recognition:
    """A committee above recognises an entry by a decision with its number and day; each committee up the line once,
    and what a committee recognised is recognised by its heir."""
    entry = _below(actor, entry_id)
    unit = Unit.objects.filter(pk=unit_id, pk__in=entry.unit.ancestor_ids).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.CALL_PROGRAMME, unit)
    last = entry.checks.filter(kind=CheckKind.FINAL).order_by("-at").first()
    reason = rules.why_not_recognise(
        State(entry.state),
        is_passed=bool(last and last.passes),
        is_recognised_here=unit.pk in queries.behind(entry.recognitions.all(), clock.day_of(at)).values(),
        decision=decision,
    )
    if reason:
        raise Refused(reason)
    if decided_on > clock.day_of(at):
        raise Refused(fields={"decided_on": [_("That day is still to come. Write the day of the decision.")]})
    if entry.started_on is not None and decided_on < entry.started_on:
        why = _("It is under way since {day} only. Write the day of the decision.")
        raise Refused(fields={"decided_on": [why.format(day=f"{entry.started_on:%d/%m/%Y}")]})
    refuse_classified(decision=decision, award=award)
    found = Recognition.objects.create(
        entry=entry,
        unit=unit,
        decision=canonical(decision),
        decided_on=decided_on,
        award=canonical(award) if award.strip() else "",
        by_id=actor.person_id,
        at=at,
    )
    entry.state = State.RECOGNISED
    entry.save(update_fields=["state"])
    audit.record(actor, Verb.ENTRY_RECOGNISED, found, at=at, unit_id=entry.unit_id, entry=str(entry.pk))
    return found


@transaction.atomic
def withdraw_recognition(*, actor: Actor, recognition_id: UUID, why: str, at: datetime) -> Recognition:
    """A committee withdraws its recognition; where no other one stands, the entry has ended, and its kit with it."""
    entry_id = Recognition.objects.filter(pk=recognition_id).values_list("entry_id", flat=True).first()
    if entry_id is None:
        raise NotThere
    entry = _below(actor, entry_id)
    found = Recognition.objects.select_related("unit").get(pk=recognition_id)
    access.require(actor, Capability.CALL_PROGRAMME, queries.answers_for(found.unit, clock.day_of(at)))
    if found.withdrawn_on is not None:
        raise Refused(_("This recognition was withdrawn already."))
    if reason := rules.why_not_withdraw(State(entry.state), why=why):
        raise Refused(reason, fields={"why": [reason]})
    refuse_classified(why=why)
    found.withdrawn_on, found.why = clock.day_of(at), why.strip()
    found.save(update_fields=["withdrawn_on", "why"])
    is_left = entry.recognitions.filter(withdrawn_on=None).exists()
    audit.record(
        actor, Verb.RECOGNITION_WITHDRAWN, found, at=at, unit_id=entry.unit_id, entry=str(entry.pk), is_left=is_left
    )
    if not is_left:
        _end(actor, entry, State.WITHDRAWN, why, at)
        Kit.objects.filter(entry=entry, withdrawn_at=None).update(withdrawn_at=at)
    return found


# What spreads


@transaction.atomic
def show_others(
    *,
    actor: Actor,
    entry_id: UUID,
    what: str,
    how: str,
    cost: str,
    papers: str,
    agenda: str,
    contact: str,
    seen_version: int,
    at: datetime,
) -> Kit:
    """A unit shows others how it did what was recognised. `seen_version` is 0 for who saw no text yet. Raises Stale,
    with both texts."""
    entry = _own(actor, entry_id)
    if reason := rules.why_not_kit(State(entry.state)):
        raise Refused(reason)
    texts = {"what": what, "how": how, "cost": cost, "papers": papers, "agenda": agenda, "contact": contact}
    wrong = {name: [_("Write it in a few sentences.")] for name in ("what", "how") if not texts[name].strip()}
    if wrong:
        raise Refused(fields=wrong)
    refuse_classified(**texts)
    kit = Kit.objects.filter(entry=entry).first() or Kit(entry=entry, version=0)
    if kit.version != seen_version:
        stands = "\n".join(text for name in texts if (text := getattr(kit, name)))
        typed = "\n".join(text for text in texts.values() if text)
        raise Stale(
            _("Somebody else has written it since you opened it. Nothing was overwritten: compare both texts."),
            edit=Edit(_("How it is done"), stands, typed, kit.version),
        )
    for name, text in texts.items():
        setattr(kit, name, text.strip())
    kit.at, kit.withdrawn_at, kit.version = at, None, kit.version + 1
    kit.save()
    audit.record(actor, Verb.KIT_SHOWN, kit, at=at, unit_id=entry.unit_id)
    return kit


@transaction.atomic
def hide_kit(*, actor: Actor, entry_id: UUID, at: datetime) -> Kit:
    """A unit shows others no longer how it did it; who took it up keeps what he has."""
    entry = _own(actor, entry_id)
    kit = Kit.objects.filter(entry=entry, withdrawn_at=None).first()
    if kit is None:
        raise Refused(_("Nothing is shown to others."))
    kit.withdrawn_at = at
    kit.save(update_fields=["withdrawn_at"])
    audit.record(actor, Verb.KIT_HIDDEN, kit, at=at, unit_id=entry.unit_id)
    return kit


@transaction.atomic
def ask_to_compare(*, actor: Actor, programme_id: UUID, indicator: str, months: int, at: datetime) -> Spread:
    """Asks to have the units that took a programme up laid beside like units that did not; the worker does it."""
    programme = _programme(actor, programme_id)
    if indicator not in queries.INDICATORS or months not in queries.MONTHS:
        raise Refused(_("Choose what is compared, and over how many months."))
    if programme.spreads.filter(indicator=indicator, months=months, done_at=None).exists():
        raise Refused(_("This comparison is being worked out already. Open the programme again in a few minutes."))
    found = Spread.objects.create(programme=programme, indicator=indicator, months=months, at=at)
    audit.record(actor, Verb.COMPARISON_ASKED, found, at=at, unit_id=programme.unit_id, indicator=indicator)
    return found


@transaction.atomic
def work_out(*, actor: Actor, spread_id: UUID, at: datetime) -> Spread:
    """Works a comparison out as of a day, and keeps what it came to with what went into it; done twice, it is done
    once."""
    rows = Spread.objects.select_for_update(of=("self",)).select_related("programme__unit")
    found = rows.filter(pk=spread_id).first()
    if found is None:
        raise NotThere
    access.require(actor, Capability.CALL_PROGRAMME, found.programme.unit)
    if found.done_at is not None:
        return found
    given = queries.subjects(found.programme, found.indicator, found.months, clock.day_of(at))
    result = rules.compare(given.took, given.others)
    for name, value in asdict(result).items():
        setattr(found, name, value)
    found.early, found.changed, found.without = given.early, given.changed, given.without
    found.takers, found.candidates, found.done_at = len(given.took), len({one.unit for one in given.others}), at
    found.save()
    audit.record(actor, Verb.PROGRAMME_COMPARED, found, at=at, unit_id=found.programme.unit_id)
    return found


def follow_units(*, actor: Actor, to: Mapping[UUID, UUID]) -> list[Effect]:
    """Lets the heirs of units that end (by unit: the heir) go on with what these have called for and entered.

    Of two entries of one name in a round the heir keeps the one that is further; recognitions stay as they were given,
    and their committee's heir answers for them. Rows are locked in one order, so that two who change the tree wait for
    each other.
    """
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=to))
    # What has ended goes along too: what was entered in it is still judged and read.
    called = Programme.objects.select_for_update(of=("self",)).filter(unit__in=to).order_by("pk")
    effects = org.reassign("programmes_programme", "unit_id", {one.pk: to[one.unit_id] for one in called})
    going_on = [State.PREPARING, *rules.IN_HAND]
    rows = Entry.objects.select_for_update(of=("self",)).filter(unit__in=to, state__in=going_on).order_by("pk")
    heirs = Entry.objects.filter(unit__in=to.values())
    has = set(heirs.values_list("cycle_id", "unit_id", "title"))
    moved: dict[UUID, UUID] = {}
    for one in sorted(rows, key=lambda row: (-going_on.index(State(row.state)), row.pk)):
        name = (one.cycle_id, to[one.unit_id], one.title)
        if name not in has:
            has.add(name)
            moved[one.pk] = to[one.unit_id]
    return effects + org.reassign("programmes_entry", "unit_id", moved)

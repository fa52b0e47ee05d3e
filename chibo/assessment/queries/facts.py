"""What the month itself says of a session: each fact with its value, a sentence, and where its rows are.

A fact without a value is one that cannot be known (yet) from what was written down: then the criterion that reads it
asks for a person's judgement. The names are those of rules.FACTS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import takewhile
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from chibo.assessment import rules
from chibo.assessment.rules.conditions import Type
from chibo.core import clock
from chibo.core.words import Said, ngettext
from chibo.core.words import say as _
from chibo.meetings import queries as meetings
from chibo.meetings.models import Attendance, Contribution, Meeting, Part
from chibo.meetings.queries import RollLine
from chibo.meetings.rules import AttendanceStatus, Kind, Outcome, State, is_done
from chibo.notifications import queries as notifications
from chibo.people import queries as people
from chibo.people.models import Status, Title
from chibo.tasks import queries as tasks
from chibo.tasks.queries import Row
from chibo.tasks.rules import Outcome as Result
from chibo.tasks.rules import State as TaskState

LOOK_BACK = 12
"""How many regular meetings a run of absences is followed back: a year of them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact: its value (None: not known), what it says in a sentence, and the page on which it can be seen."""

    value: rules.Fact
    sentence: Said
    url: str


type Month = Mapping[str, Evidence]


def of(meeting: Meeting, at: datetime) -> dict[str, Evidence]:
    """Everything that is known of a meeting at an instant, by the name of the fact. Some twenty queries, however large
    the cell is."""
    lines = meetings.roll(meeting)
    parts = list(meeting.parts.all())
    return {
        **_length(meeting, at),
        **_attendance(meeting, lines),
        **_preparation(meeting, parts),
        **_notice(meeting),
        **_conduct(meeting, lines, parts),
        **_results(meeting),
        **_closing(meeting),
    }


def values(month: Month) -> dict[str, rules.Fact]:
    """The facts alone, as rules read them."""
    return {name: one.value for name, one in month.items()}


def as_json(month: Month) -> dict[str, str | bool | None]:
    """The facts as a scoring keeps them: a number as `19/20`."""
    return {name: str(one.value) if isinstance(one.value, Fraction) else one.value for name, one in month.items()}


def from_json(stored: Mapping[str, str | bool | None]) -> dict[str, rules.Fact]:
    """The same, read back."""
    return {name: Fraction(one) if isinstance(one, str) else one for name, one in stored.items()}


def as_kept(month: Month, stored: Mapping[str, str | bool | None]) -> dict[str, Evidence]:
    """The facts of a sheet that was handed in: their values of that instant. Where one has changed since, its sentence
    says what it was then, and what is so now."""
    kept = from_json(stored)
    found = {}
    for name, one in month.items():
        value = kept.get(name)
        sentence = one.sentence
        if name in kept and value != one.value:
            sentence = _("When the sheet was handed in: {was}. Since then: {now}").format(
                was=_in_words(name, value), now=one.sentence
            )
        found[name] = Evidence(value, sentence, one.url)
    return found


def _in_words(name: str, value: rules.Fact) -> Said | str:
    if value is None:
        return _("not known yet")
    if isinstance(value, bool):
        return _("it was so") if value else _("it was not so")
    is_share = name in rules.FACTS and rules.FACTS[name].type == Type.SHARE
    return f"{round(100 * value)} %" if is_share else f"{float(value):g}"


def _page(name: str, meeting: Meeting, place: str = "") -> str:
    return reverse(f"meetings:{name}", args=[meeting.pk]) + (f"#{place}" if place else "")


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _length(meeting: Meeting, at: datetime) -> dict[str, Evidence]:
    hold = _page("hold", meeting)
    if meeting.opened_at is None:
        return {"minutes": Evidence(None, _("The meeting was not opened here."), hold)}
    minutes = int(((meeting.ended_at or at) - meeting.opened_at).total_seconds() // 60)
    if not minutes:
        sentence = _("It lasted less than a minute.") if meeting.ended_at else _("It has only just begun.")
    elif meeting.ended_at:
        sentence = ngettext("It lasted {n} minute.", "It lasted {n} minutes.", minutes)
    else:
        sentence = ngettext("It has gone on for {n} minute so far.", "It has gone on for {n} minutes so far.", minutes)
    return {"minutes": Evidence(Fraction(minutes), sentence, hold)}


def _attendance(meeting: Meeting, lines: list[RollLine]) -> dict[str, Evidence]:
    """Who came, of those convened: official and probationary members, without those who are excused or elsewhere."""
    roll = _page("hold", meeting, "roll")
    own = [line for line in lines if not line.is_guest]
    called = [line for line in own if line.attendance]
    if not called:
        unknown = Evidence(None, _("The roll was not called here."), roll)
        return dict.fromkeys(
            ("members", "attendance_share", "absent_without_reason", "longest_excused_streak"), unknown
        )
    excused = (AttendanceStatus.EXEMPT, AttendanceStatus.ELSEWHERE, AttendanceStatus.SUSPENDED)
    convened = [line for line in called if line.status not in excused]
    came = sum(line.seat.came for line in convened)
    silent = sum(line.status is AttendanceStatus.ABSENT_WITHOUT_REASON for line in convened)
    streak = _longest_run(meeting, [line for line in convened if line.status is AttendanceStatus.ABSENT_WITH_REASON])
    members = sum(line.belongs_as != Status.SUSPENDED for line in own)
    return {
        "members": Evidence(
            Fraction(members), ngettext("The cell has {n} member.", "The cell has {n} members.", members), roll
        ),
        "attendance_share": Evidence(
            _share(came, len(convened)),
            _("{came} of {convened} members who were to come were there.").format(came=came, convened=len(convened)),
            roll,
        ),
        "absent_without_reason": Evidence(
            Fraction(silent),
            ngettext("{n} member was absent without reason.", "{n} members were absent without reason.", silent)
            if silent
            else _("Nobody was absent without reason."),
            roll,
        ),
        "longest_excused_streak": Evidence(
            Fraction(streak),
            ngettext(
                "The longest run of excused absences that goes on is {n} regular meeting.",
                "The longest run of excused absences that goes on is {n} regular meetings.",
                streak,
            ),
            roll,
        ),
    }


def _longest_run(meeting: Meeting, absent: list[RollLine]) -> int:
    """How many regular meetings in a row, this one the last, any one member missed with reason."""
    if not absent:
        return 0
    if meeting.kind != Kind.REGULAR:
        return 1
    held = Meeting.objects.filter(
        unit_id=meeting.unit_id, kind=Kind.REGULAR, state__in=[State.ENDED, State.LOCKED], on__lt=meeting.on
    ).order_by("-on")
    before = list(held.values_list("pk", flat=True)[:LOOK_BACK])
    person_ids = [line.person.pk for line in absent]
    missed: set[tuple[UUID, UUID]] = set(
        Attendance.objects.filter(
            meeting__in=before, membership__person__in=person_ids, status=AttendanceStatus.ABSENT_WITH_REASON
        ).values_list("membership__person_id", "meeting_id")
    )

    def run(person_id: UUID) -> int:
        return 1 + sum(1 for _ in takewhile(lambda pk: (person_id, pk) in missed, before))

    return max(run(person_id) for person_id in person_ids)


def _preparation(meeting: Meeting, parts: list[Part]) -> dict[str, Evidence]:
    agenda = _page("meeting", meeting, "agenda")
    prepared = [part for part in parts if part.is_prepared]
    begins = meeting.opened_at or clock.instant(meeting.on, meeting.time.hour, meeting.time.minute)
    ready = [part for part in prepared if part.handed_in_at and part.handed_in_at < begins]
    draft = [part for part in ready if part.holds == "resolution"]
    leaders = people.leaders(meeting.unit_id, meeting.on)
    alone = not any(one.title in (Title.DEPUTY, Title.COMMITTEE_MEMBER) for one in leaders)
    met = getattr(meeting, "preparatory", None)
    return {
        "content_prepared_share": Evidence(
            _share(len(ready), len(prepared)),
            _("{ready} of {all} prepared parts were handed in before the meeting.").format(
                ready=len(ready), all=len(prepared)
            ),
            agenda,
        ),
        "draft_resolution_ready": Evidence(
            bool(draft) if any(part.holds == "resolution" for part in prepared) else None,
            _("The draft resolution was handed in before the meeting.")
            if draft
            else _("No draft resolution was handed in before the meeting."),
            agenda,
        ),
        "papers_days_ahead": _papers(meeting, ready, agenda),
        "committee_met": Evidence(
            met is not None,
            _("The committee met on {day} and its agreement is written down.").format(day=f"{met.held_on:%d/%m/%Y}")
            if met
            else _("No meeting of the committee is written down."),
            _page("meeting", meeting),
        ),
        "leads_alone": Evidence(
            alone,
            _("The cell has only a secretary.") if alone else _("The cell has a deputy or a committee."),
            reverse("unit", args=[meeting.unit_id]),
        ),
    }


def _papers(meeting: Meeting, ready: list[Part], agenda: str) -> Evidence:
    """How many days before the meeting the last of its papers lay before the members, from the notice on."""
    if not ready or meeting.announced_at is None:
        return Evidence(Fraction(0), _("No papers were given out before the meeting."), agenda)
    last = max([meeting.announced_at, *(part.handed_in_at for part in ready if part.handed_in_at)])
    ahead = max(0, (meeting.on - clock.day_of(last)).days)
    return Evidence(
        Fraction(ahead),
        ngettext(
            "The last paper lay before the members {n} day ahead.",
            "The last paper lay before the members {n} days ahead.",
            ahead,
        )
        if ahead
        else _("The last paper came on the day of the meeting."),
        agenda,
    )


def _notice(meeting: Meeting) -> dict[str, Evidence]:
    """Notice to each; who has neither account nor address was told in person, which nothing here shows."""
    url = _page("meeting", meeting, "readers")
    superiors = {one.pk for one in meetings.attending(meeting)}
    follows = bool(superiors)
    has_superior = Evidence(
        follows,
        _("A member of the committee above follows the cell.")
        if follows
        else _("Nobody of the committee above follows the cell."),
        reverse("unit", args=[meeting.unit_id]),
    )
    if meeting.announced_at is None:
        none = Evidence(value=False, sentence=_("No notice was given here."), url=url)
        return {
            "notice_share": Evidence(Fraction(0), none.sentence, url),
            "superior_notified": none,
            "has_attending_superior": has_superior,
        }
    invited = {*meetings.taking_part(meeting), *superiors}
    told_ids = invited.intersection(notifications.told([meetings.invitation_key(meeting.pk)]))
    in_person = len(notifications.out_of_reach(invited - told_ids))
    told, all_told = len(told_ids), bool(superiors) and superiors <= told_ids
    return {
        "notice_share": Evidence(
            _share(told, len(invited)) if not in_person else None,
            _("{told} of {all} invited were given notice here.").format(told=told, all=len(invited))
            if not in_person
            else _(
                "{told} of {all} invited were given notice here; {n} have neither account nor address and are told in "
                "person."
            ).format(told=told, all=len(invited), n=in_person),
            url,
        ),
        "superior_notified": Evidence(
            all_told if follows else None,
            _("The superior's member who follows the cell was given notice.")
            if all_told
            else _("The superior's member who follows the cell was not given notice.")
            if follows
            else has_superior.sentence,
            url,
        ),
        "has_attending_superior": has_superior,
    }


def _conduct(meeting: Meeting, lines: list[RollLine], parts: list[Part]) -> dict[str, Evidence]:
    hold = _page("hold", meeting)
    came = {line.person.pk for line in lines if not line.is_guest and line.seat.came}
    everything = meetings.contributions(meeting)
    said = [one for one in everything if one.person_id in came]
    spoke = {one.person_id for one in said}
    criticism = {part.pk for part in parts if part.holds == "criticism"}
    held = any(one.part_id in criticism or one.nature == "criticism" for one in said)
    this = Q(kind=Kind.THEMATIC, state__in=[State.UNDER_WAY, State.ENDED, State.LOCKED])
    thematic = Meeting.objects.filter(this, unit_id=meeting.unit_id, month=meeting.month).exists()
    return {
        "agenda_share": _agenda(meeting, lines, parts, everything),
        "has_thematic": Evidence(
            thematic,
            _("The month has a thematic session.") if thematic else _("The month has no thematic session."),
            reverse("meetings:of_unit", args=[meeting.unit_id]),
        ),
        "spoke_share": Evidence(
            _share(len(spoke), len(came)),
            _("{spoke} of {came} members who were there spoke.").format(spoke=len(spoke), came=len(came)),
            hold,
        ),
        "minutes_written": Evidence(
            bool(said) if meeting.is_open else meeting.is_over,
            _("What was said is being written down.") if meeting.is_open else _("The minutes are composed."),
            _page("minutes", meeting) if meeting.is_over else hold,
        ),
        "criticism_held": Evidence(
            held,
            _("Criticism and self-criticism are written down.")
            if held
            else _("Nothing is written down about criticism and self-criticism."),
            hold,
        ),
    }


def _agenda(meeting: Meeting, lines: list[RollLine], parts: list[Part], said: list[Contribution]) -> Evidence:
    """How much of the agenda is written down, but for its score and its minutes, which come with the sheet and after.

    What left no trace may have been held all the same: unless something was put off, a person judges.
    """
    votes = meetings.votes(meeting)
    points = meetings.points(meeting, parts, said, votes, tasks.of_origin([meeting.pk]))
    now = meetings.proceedings(meeting, lines, votes)
    pairs = [(part, point) for part, point in zip(parts, points, strict=True) if part.holds not in ("score", "minutes")]
    put_off = [part for part, _point in pairs if part.outcome != Outcome.DONE]
    silent = [part for part, point in pairs if part.outcome == Outcome.DONE and not is_done(point, now)]
    held = len(pairs) - len(put_off) - len(silent)
    sentence = (
        _(
            "{held} of {all} parts of the agenda are written down, score and minutes not counted. Postponed, left "
            "unfinished or without a record: {titles}."
        ).format(titles="; ".join(part.title for part in [*put_off, *silent]))
        if put_off or silent
        else _("{held} of {all} parts of the agenda are written down, score and minutes not counted.")
    )
    return Evidence(
        None if silent and not put_off else _share(held, len(pairs)),
        sentence.format(held=held, all=len(pairs)),
        _page("hold", meeting),
    )


def _is_met(row: Row) -> bool:
    """As the cell settled it; where that is still to come, as it was reported."""
    reported = row.report.outcome if row.state == TaskState.REPORTED and row.report else None
    return (row.outcome or reported) == Result.DONE


def _results(meeting: Meeting) -> dict[str, Evidence]:
    """The tasks that were due by the day of the meeting, from the table that opens it."""
    url = _page("meeting", meeting, "ledger")
    rows = [
        row
        for row in meetings.ledger(meeting)
        if row.state != TaskState.CANCELLED and (row.outcome or row.due_on is None or row.due_on <= meeting.on)
    ]
    met = sum(_is_met(row) for row in rows)
    unsettled = sum(row.state == TaskState.REPORTED for row in rows)
    sentence: Said = (
        _("{met} of {all} tasks that were due were carried out.").format(met=met, all=len(rows))
        if not unsettled
        else _(
            "{met} of {all} tasks that were due were carried out, {n} of them as reported and not settled yet."
        ).format(met=met, all=len(rows), n=unsettled)
    )
    none = _("No task was due since the last meeting.")
    return {
        "tasks_met_share": Evidence(_share(met, len(rows)), sentence if rows else none, url),
        "has_tasks_due": Evidence(bool(rows), sentence if rows else none, url),
    }


def _closing(meeting: Meeting) -> dict[str, Evidence]:
    hold, minutes = _page("hold", meeting), _page("minutes", meeting) if meeting.is_over else _page("hold", meeting)
    resolution = meetings.resolution(meeting)
    carried = bool(resolution and resolution.vote and resolution.vote.is_carried)
    given = bool(tasks.of_origin([meeting.pk]))
    # A thematic session need not end with a resolution or with tasks; whether it should have is judged.
    is_thematic = meeting.kind == Kind.THEMATIC
    adopted = meeting.state == State.LOCKED
    up = meeting.uploaded_on
    days = (up - meeting.on).days if up else None
    return {
        "conclusion_written": Evidence(
            bool(meeting.conclusion.strip()),
            _("The chair's conclusion is written down.")
            if meeting.conclusion.strip()
            else _("The chair's conclusion is missing."),
            hold,
        ),
        "resolution_adopted": Evidence(
            None if resolution is None and is_thematic else carried,
            _("A resolution was put to the vote and carried.") if carried else _("No resolution was carried."),
            hold,
        ),
        "tasks_given": Evidence(
            None if not given and is_thematic else given,
            _("Tasks were given to named members.") if given else _("No task was given."),
            hold,
        ),
        "minutes_adopted": Evidence(
            adopted or None,
            _("The minutes were read back and adopted.") if adopted else _("The minutes are not adopted yet."),
            minutes,
        ),
        "upload_days": Evidence(
            None if days is None else Fraction(days),
            _("It is not noted yet that the conclusion was put into the e-handbook.")
            if days is None
            else ngettext(
                "The conclusion was put into the e-handbook {n} day after the meeting.",
                "The conclusion was put into the e-handbook {n} days after the meeting.",
                days,
            ),
            minutes,
        ),
    }

"""Months of a demo cell, played through the actions that people use: prepared, announced, held, closed, reported."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from chibo.assessment import actions as scoring
from chibo.assessment import queries as scores
from chibo.assessment.models import Tier
from chibo.assessment.rules import Criterion, Given, plain, possible_points
from chibo.assessment.rules import Kind as CriterionKind
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.consultations import actions as consultations
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.demo.district import actor_of, facts
from chibo.learning import actions as learning
from chibo.learning import rules as learning_rules
from chibo.meetings import actions, queries
from chibo.meetings.models import Meeting, Part
from chibo.meetings.reactions import invite
from chibo.meetings.rules import CAME, AttendanceStatus, Kind, Nature, State, VoteMatter, months_ahead
from chibo.opinions import actions as opinions
from chibo.opinions.models import Opinion
from chibo.opinions.rules import Source
from chibo.org.models import Unit
from chibo.people import queries as people
from chibo.people.models import Membership, Person, Status, Title
from chibo.supervision import actions as supervision
from chibo.tasks import actions as tasks
from chibo.tasks import queries as task_queries
from chibo.tasks.models import Task
from chibo.tasks.rules import Outcome
from chibo.topics import actions as topics
from chibo.topics.rules import PlanLine

HELD_MONTHS = 3


@dataclass
class Cell:
    """A cell with those who act for it."""

    unit_id: UUID
    secretary: Actor
    deputy: Actor
    leaders: list[Person]
    chance: random.Random


def cell(unit_id: UUID, on: date) -> Cell:
    offices = people.leaders(unit_id, on)
    by_title = {office.title: office.person for office in reversed(offices)}
    secretary = actor_of(by_title[Title.SECRETARY])
    deputy = actor_of(by_title.get(Title.DEPUTY, by_title[Title.SECRETARY]))
    return Cell(unit_id, secretary, deputy, [office.person for office in offices], random.Random(unit_id.hex[-8:]))


def play(unit_id: UUID, today: date) -> int:
    """Plays the last three months of a cell and begins the one under way; returns how many meetings were held."""
    team = cell(unit_id, today)
    _plan(unit_id, today)
    has_met = Meeting.objects.filter(unit_id=unit_id, kind=Kind.REGULAR, on__lt=today).exists()
    for n in range(1, HELD_MONTHS + (not has_met)):
        _plan(unit_id, _months_back(today, n))
    past = list(Meeting.objects.filter(unit_id=unit_id, on__lt=today).order_by("on", "time"))
    regular = sorted(meeting.on for meeting in past if meeting.kind == Kind.REGULAR)
    for meeting in past:
        # Scoring began two months ago, and not every cell does it every month.
        is_scored = meeting.kind == Kind.REGULAR and meeting.on in regular[-2:] and team.chance.random() < 0.8
        with transaction.atomic():
            hold(team, meeting, is_last=meeting.on == regular[-1], is_scored=is_scored)
    for month in months_ahead(today, count=2):
        assert month.since is not None
        actions.plan_month(actor=SYSTEM, unit_id=unit_id, month=month.since, at=clock.now())
    coming = Meeting.objects.filter(unit_id=unit_id, on__gte=today).order_by("on", "time").first()
    if coming:
        with transaction.atomic():
            begin(team, coming)
    return len(past)


def _plan(unit_id: UUID, month: date) -> None:
    first = month.replace(day=1)
    actions.plan_month(actor=SYSTEM, unit_id=unit_id, month=first, at=clock.instant(first - timedelta(days=8), 9))


def _months_back(today: date, n: int) -> date:
    first = today.replace(day=1)
    for _step in range(n):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def begin(team: Cell, meeting: Meeting) -> None:
    """The month under way: a place is set, and about half of the parts are handed in."""
    at = clock.now()
    meeting = _place(team, meeting, at)
    for n, part in enumerate(meeting.parts.filter(is_prepared=True)):
        if n % 2 == 0:
            _write(team, part, at)


def _place(team: Cell, meeting: Meeting, at: datetime) -> Meeting:
    if meeting.place:
        return meeting
    return actions.change_meeting(
        actor=team.secretary,
        meeting_id=meeting.pk,
        on=meeting.on,
        time=meeting.time,
        place="Nhà văn hóa",
        topic=team.chance.choice(facts()["themes"]) if meeting.kind == Kind.THEMATIC else meeting.topic,
        seen_version=meeting.version,
        at=at,
    )


def _write(team: Cell, part: Part, at: datetime) -> None:
    given = facts()
    texts = {"report": team.chance.choice(given["reports"]), "resolution": given["resolution"]}
    owner = next((actor_of(one) for one in team.leaders if one.pk == part.owner_id), team.secretary)
    actions.hand_in(
        actor=owner,
        part_id=part.pk,
        material=texts.get(part.code, given["information"]),
        seen_version=part.version,
        at=at,
    )


def hold(team: Cell, meeting: Meeting, *, is_last: bool, is_scored: bool) -> None:
    """One meeting from its preparation to locked minutes and an issued resolution."""
    ready = clock.instant(meeting.on - timedelta(days=3), 20)
    meeting = _place(team, meeting, ready)
    for part in meeting.parts.filter(is_prepared=True):
        _write(team, part, ready)
    actions.record_preparatory_meeting(
        actor=team.secretary,
        meeting_id=meeting.pk,
        held_on=meeting.on - timedelta(days=3),
        attendee_ids=[one.pk for one in team.leaders],
        agreed="Thống nhất chương trình, nội dung thảo luận và dự thảo nghị quyết.",
        seen_version=0,
        at=ready,
    )
    actions.announce(actor=team.secretary, meeting_id=meeting.pk, at=ready)
    # Its notices go out at once, as they do when the worker runs: the session is scored by whether they did.
    invite(Entry.objects.get(verb=Verb.MEETING_ANNOUNCED, object_id=meeting.pk))
    start = clock.instant(meeting.on, meeting.time.hour, meeting.time.minute)
    _settle_last_month(team, meeting, start - timedelta(hours=5))
    came = _open(team, meeting, start)
    officials = [member for member in came if member.status == Status.OFFICIAL]
    _discuss(team, meeting, came, start + timedelta(minutes=30))
    if meeting.kind == Kind.REGULAR:
        _resolve(team, meeting, came, len(officials), start + timedelta(minutes=70))
    actions.conclude(
        actor=team.secretary,
        meeting_id=meeting.pk,
        conclusion=facts()["conclusion"],
        lessons=facts()["lessons"] if meeting.kind == Kind.THEMATIC else "",
        seen_version=meeting.version,
        at=start + timedelta(minutes=80),
    )
    end = start + timedelta(minutes=95)
    actions.end_meeting(actor=team.secretary, meeting_id=meeting.pk, at=end)
    if is_scored:
        score(team, meeting, Tier.SELF, team.secretary, end)
    revision = queries.latest_revision(meeting)
    number = revision.number if revision else 1
    actions.read_back(actor=team.secretary, meeting_id=meeting.pk, seen_revision=number, at=end)
    actions.adopt_minutes(actor=team.secretary, meeting_id=meeting.pk, seen_revision=number, at=end)
    if is_scored and team.chance.random() < 0.9:
        up = min(meeting.on + timedelta(days=team.chance.choice([1, 1, 2, 2, 2, 4])), clock.today())
        actions.note_upload(actor=team.secretary, meeting_id=meeting.pk, on=up, at=clock.now())
    if meeting.kind == Kind.REGULAR:
        actions.issue_resolution(actor=team.secretary, meeting_id=meeting.pk, at=end + timedelta(hours=12))
        if is_last:
            _report_half(team, meeting, clock.now())


def score(team: Cell, meeting: Meeting, tier: Tier, actor: Actor, at: datetime) -> None:
    """One side's sheet: what the facts leave open is judged as a careful committee would, mostly full points."""
    meeting = Meeting.objects.select_related("unit").get(pk=meeting.pk)
    side = scores.side(meeting, tier)
    view = scores.view(side.framework, side.sheet, scores.month_of(None, meeting, at))
    given = {}
    for line in view.lines:
        code = line.criterion.code
        if line.says is None and line.is_applicable:
            given[code] = _judgement(team, line.criterion)
        if code in view.result.remedies:
            given[code] = replace(given.get(code, Given()), remedy=team.chance.choice(facts()["remedies"]))
    kept = scoring.save_sheet(actor=actor, meeting_id=meeting.pk, tier=tier, given=given, seen_version=0, at=at)
    scoring.hand_in(actor=actor, meeting_id=meeting.pk, tier=tier, seen_version=kept.version, at=at)


def _judgement(team: Cell, criterion: Criterion) -> Given:
    if criterion.kind is CriterionKind.YES_NO:
        return Given(value=True)
    points = possible_points(criterion)
    worst = max(0, (len(points) - 1) // 4)
    chosen = points[team.chance.choice([0, 0, 0, worst // 2, worst])]
    low = criterion.remedy_below is not None and chosen < criterion.points / 2
    return Given(plain(chosen), remedy=team.chance.choice(facts()["remedies"]) if low else "")


def _roll(team: Cell, meeting: Meeting, at: datetime) -> list[Membership]:
    """Calls the roll; returns who came."""
    called, came = [], []
    leaders = {one.pk for one in team.leaders}
    for line in queries.roll(meeting):
        status, reason = line.status, ""
        if status is None:
            status = AttendanceStatus.PRESENT
            if line.person.pk not in leaders and team.chance.random() < 0.08:
                status, reason = (
                    AttendanceStatus.ABSENT_WITH_REASON,
                    team.chance.choice(["ốm", "đi làm xa", "việc gia đình"]),
                )
        called.append((line.membership.pk, status, reason))
        if status in CAME:
            came.append(line.membership)
    actions.call_roll(actor=team.secretary, meeting_id=meeting.pk, called=called, at=at)
    return came


def _discuss(team: Cell, meeting: Meeting, came: list[Membership], at: datetime) -> None:
    part = meeting.parts.filter(holds="discussion").first()
    assert part is not None
    said = facts()["said"]
    speakers = team.chance.sample(came, min(len(came), 4))
    for n, (speaker, nature) in enumerate(zip(speakers, ("opinion", "opinion", "proposal", "criticism"), strict=False)):
        actions.record_contribution(
            actor=team.secretary,
            meeting_id=meeting.pk,
            part_id=part.pk,
            person_id=speaker.person_id,
            guest="",
            nature=Nature(nature),
            gist=team.chance.choice(said[nature]),
            at=at + timedelta(minutes=4 * n),
        )


def _resolve(team: Cell, meeting: Meeting, came: list[Membership], voters: int, at: datetime) -> None:
    actions.write_resolution(
        actor=team.secretary,
        meeting_id=meeting.pk,
        praise="Đa số đảng viên hoàn thành nhiệm vụ được giao.",
        shortcomings="Một số việc còn chậm do thời tiết và thiếu phối hợp.",
        direction="Tập trung hoàn thành các nhiệm vụ dưới đây.",
        seen_version=0,
        at=at,
    )
    for n, (title, expected, _result) in enumerate(team.chance.sample(facts()["tasks"], 2)):
        clause = actions.write_clause(actor=team.secretary, meeting_id=meeting.pk, text=f"{title}.", at=at)
        people_for = team.chance.sample(came, min(len(came), 2))
        actions.give_task(
            actor=team.secretary,
            meeting_id=meeting.pk,
            title=title,
            expected=expected,
            due_on=meeting.on + timedelta(days=20 + 5 * n),
            assignee_ids=[one.person_id for one in people_for],
            lead_id=people_for[0].person_id,
            clause_id=clause.pk,
            at=at,
        )
    actions.take_vote(
        actor=team.secretary,
        meeting_id=meeting.pk,
        subject="Thông qua nghị quyết",
        matter=VoteMatter.ORDINARY,
        part_id=None,
        in_favour=voters,
        against=0,
        abstained=0,
        is_on_resolution=True,
        at=at,
    )


def _result(task: Task) -> str:
    return next((line[2] for line in facts()["tasks"] if line[0] == task.title), "Đã làm xong.")


def _settle_last_month(team: Cell, meeting: Meeting, at: datetime) -> None:
    """What is still open from earlier meetings is reported and accepted before the next one begins."""
    if meeting.kind != Kind.REGULAR:
        return
    for row in queries.ledger(meeting):
        if row.outcome is None:
            task = Task.objects.get(pk=row.task_id)
            _report(team, task, at)
            is_his_own = team.secretary.person_id in task_queries.assignee_ids(task.pk)
            tasks.accept_task(
                actor=team.deputy if is_his_own else team.secretary,
                task_id=task.pk,
                outcome=Outcome.IN_PART if team.chance.random() < 0.2 else Outcome.DONE,
                settlement=_result(task),
                at=at,
            )


def _report(team: Cell, task: Task, at: datetime) -> None:
    tasks.report_task(actor=team.secretary, task_id=task.pk, outcome=Outcome.DONE, text=_result(task), at=at)


def _report_half(team: Cell, meeting: Meeting, at: datetime) -> None:
    for n, task in enumerate(task_queries.of_origin([meeting.pk])):
        if n % 2 == 0:
            _report(team, task, at)


# What is ready to be tried


def show(ids: dict[str, UUID], at: datetime) -> None:
    """Leaves three cells in the middle of things: a session to open today, a meeting under way, minutes to adopt."""
    today = clock.day_of(at)
    with transaction.atomic():
        team = cell(ids["vinh-dong-01"], today)
        _extra(team, Kind.THEMATIC, facts()["themes"][1], at)
        members = Person.objects.filter(user__username__in=["dangvien", "dubi"])
        leave_work(team, [one.pk for one in members], at)
    with transaction.atomic():
        team = cell(ids["vinh-dong-03"], today)
        meeting = _extra(team, Kind.EXTRAORDINARY, "Bàn việc sửa cầu tràn sau mưa lũ", at)
        _open(team, meeting, at)
    with transaction.atomic():
        team = cell(ids["vinh-dong-04"], today)
        meeting = _extra(team, Kind.EXTRAORDINARY, "Giới thiệu nhân sự bổ sung chi ủy", at)
        came = _open(team, meeting, at)
        _discuss(team, meeting, came, at)
        actions.conclude(
            actor=team.secretary,
            meeting_id=meeting.pk,
            conclusion=facts()["conclusion"],
            lessons="",
            seen_version=meeting.version,
            at=at,
        )
        actions.end_meeting(actor=team.secretary, meeting_id=meeting.pk, at=at)


def attend(ids: dict[str, UUID], superior: Actor, at: datetime) -> None:
    """The superior's member has scored the last regular meeting of two of his cells; those of the others wait."""
    for code in ("vinh-dong-03", "vinh-dong-04"):
        held = Meeting.objects.filter(unit_id=ids[code], kind=Kind.REGULAR, state=State.LOCKED).order_by("-on").first()
        if held is not None:
            with transaction.atomic():
                score(cell(ids[code], clock.day_of(at)), held, Tier.SUPERIOR, superior, at)


def assign(ids: dict[str, UUID], officer: Actor, at: datetime) -> None:
    """Two secretaries of the commune's agencies follow the cells of Vĩnh Đồng that nobody follows yet."""
    today = clock.day_of(at)
    for agency, codes in (("co-quan-05-01", ("02", "08", "09", "10")), ("co-quan-05-02", ("11", "12", "13"))):
        secretary = next((one.person for one in people.leaders(ids[agency], today)), None)
        cells = [ids[f"vinh-dong-{code}"] for code in codes if f"vinh-dong-{code}" in ids]
        if secretary is not None and secretary.user_id is not None and cells:
            supervision.assign(
                actor=officer,
                unit_ids=cells,
                user_id=secretary.user_id,
                since=today.replace(day=1),
                replaces=False,
                at=at,
            )


def raise_opinions(ids: dict[str, UUID], officer: Actor, at: datetime) -> None:
    """What cells of Vĩnh Đồng have raised: three that say the same lie with the commune, two of them joined; others
    wait in their cells, and one was answered and is to be told in the next meeting."""
    earlier = at - timedelta(days=20)
    same, others = facts()["opinions"], facts()["other_opinions"]
    with transaction.atomic():
        sent = []
        for code, text in zip(("01", "03", "04"), same, strict=True):
            found = _raise(ids[f"vinh-dong-{code}"], text, earlier)
            secretary = cell(ids[f"vinh-dong-{code}"], clock.day_of(at)).secretary
            reason = "Vượt quá khả năng của xóm."
            opinions.send_on(actor=secretary, opinion_id=found.pk, reason=reason, at=at)
            sent.append(found.pk)
        opinions.join(actor=officer, opinion_id=sent[1], into_id=sent[0], at=at)
        for code, text in zip(("01", "02"), others[:2], strict=True):
            _raise(ids[f"vinh-dong-{code}"], text, earlier)
        answered = _raise(ids["vinh-dong-01"], others[2], earlier)
        secretary = cell(ids["vinh-dong-01"], clock.day_of(at)).secretary
        text = facts()["opinion_answer"]
        opinions.answer_opinion(actor=secretary, opinion_id=answered.pk, text=text, at=at)


def _raise(unit_id: UUID, text: str, at: datetime) -> Opinion:
    """Brought from the public by who leads the cell."""
    return opinions.raise_opinion(
        actor=cell(unit_id, clock.day_of(at)).secretary,
        unit_id=unit_id,
        text=text,
        source=Source.PUBLIC,
        place="trong xóm",
        at=at,
    )


def leave_work(team: Cell, member_ids: Sequence[UUID], at: datetime) -> None:
    """Leaves something to do: each of these has a task, the deputy a part to write, the secretary one to give out."""
    today = clock.day_of(at)
    for person_id, (title, expected, _result) in zip(member_ids, facts()["tasks"][-2:], strict=False):
        tasks.give_task(
            actor=team.secretary,
            unit_id=team.unit_id,
            title=title,
            expected=expected,
            due_on=today + timedelta(days=6),
            assignee_ids=[person_id],
            at=at,
        )
    meeting = queries.next_regular(team.unit_id, today)
    parts = list(meeting.parts.filter(is_prepared=True)) if meeting else []
    for part in parts[:2]:
        if part.handed_in_at:
            actions.reopen_part(actor=team.secretary, part_id=part.pk, at=at)
    for part, owner_id in zip(parts[:2], (team.deputy.person_id, None), strict=False):
        actions.assign_part(
            actor=team.secretary,
            part_id=part.pk,
            title=part.title,
            owner_id=owner_id,
            due_on=part.due_on if owner_id else None,
            seen=part.given_as,
            at=at,
        )


def _extra(team: Cell, kind: Kind, topic: str, at: datetime) -> Meeting:
    """A session of today, prepared and announced."""
    meeting = actions.plan_meeting(
        actor=team.secretary,
        unit_id=team.unit_id,
        kind=kind,
        on=clock.day_of(at),
        time=time(19, 30),
        place="Nhà văn hóa",
        topic=topic,
        at=at,
    )
    for part in meeting.parts.filter(is_prepared=True):
        _write(team, part, at)
    return actions.announce(actor=team.secretary, meeting_id=meeting.pk, at=at)


def _open(team: Cell, meeting: Meeting, at: datetime) -> list[Membership]:
    """Opens a session and calls its roll; returns who came."""
    meeting = actions.open_meeting(actor=team.secretary, meeting_id=meeting.pk, at=at)
    came = _roll(team, meeting, at)
    actions.name_chair_and_clerk(
        actor=team.secretary,
        meeting_id=meeting.pk,
        chair_id=team.secretary.person_id,
        clerk_id=next(one.person_id for one in came if one.person_id != team.secretary.person_id),
        guests="",
        at=at,
    )
    return came


def send_down(ids: dict[str, UUID], officer: Actor, at: datetime) -> None:
    """What the commune has sent to its cells: a directive, guidance, something to read, a draft with one comment, next
    year's plan."""
    today, given = clock.day_of(at), facts()
    unit_id = Unit.objects.get(pk=ids["vinh-dong-01"]).ancestor_ids[-1]
    with transaction.atomic():
        for nature, days in ((learning_rules.Nature.DIRECTIVE, 45), (learning_rules.Nature.GUIDANCE, 60)):
            learning.send_down(
                actor=officer,
                unit_id=unit_id,
                nature=nature,
                kinds=[],
                until=today + timedelta(days=days),
                at=at,
                **given[str(nature)],
            )
        material = given["material"]
        edition = learning.publish(
            actor=officer,
            unit_id=unit_id,
            material_id=None,
            title=material["title"],
            kinds=[],
            directive_id=None,
            text=material["text"],
            what_changed="",
            upload=None,
            audio=None,
            seen=0,
            at=at,
        )
        learning.put_on_list(
            actor=officer,
            material_id=edition.material_id,
            unit_id=unit_id,
            month=today,
            why=material["why"],
            at=at,
        )
        draft = given["draft"]
        opened = consultations.lay_open(
            actor=officer,
            unit_id=unit_id,
            title=draft["title"],
            text=draft["text"],
            closes_on=today + timedelta(days=25),
            is_public=True,
            at=at,
        )
        consultations.comment(
            actor=cell(ids["vinh-dong-03"], today).secretary,
            consultation_id=opened.pk,
            unit_id=ids["vinh-dong-03"],
            paragraph=draft["paragraph"],
            text=draft["comment"],
            at=at,
        )
        lines = [PlanLine(**line) for line in given["plan"]]
        topics.write_plan(actor=officer, unit_id=unit_id, year=today.year + 1, lines=lines, seen_version=0, at=at)

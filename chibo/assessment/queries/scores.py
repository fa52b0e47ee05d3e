"""Scores as a viewer may see them: the sheet to fill in, the two sides beside each other, the months of a year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import rules
from chibo.assessment.models import FrameworkVersion, Observer, Remedy, Scoring, Tier
from chibo.assessment.queries import facts, frameworks
from chibo.assessment.queries.facts import Evidence
from chibo.assessment.rules import Band, Criterion, Framework, Result
from chibo.assessment.rules.frameworks import Policy
from chibo.assessment.rules.sheets import Given
from chibo.core import period
from chibo.core.actor import Actor
from chibo.core.words import Said
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind as MeetingKind
from chibo.meetings.rules import State
from chibo.org import queries as org
from chibo.org.models import Unit, UnitQuerySet
from chibo.people.models import Membership, Person
from chibo.regulations.rules import Words

MOST_NOTED = 4
"""How many lost criteria the monthly form names for one meeting."""
OF_WHAT_COUNTS = Q(scoring__replaced_by=None) | Q(scoring__replaced_by__handed_in_at=None)
"""Remedies of the sheet that was handed in last: one that only lies open in its place replaces nothing yet."""
LATELY = timedelta(days=7)
"""For how many days the morning's work looks back, should it not have run on one of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion on a sheet: what the facts say, what was given, the points that follow (None: not judged yet)."""

    criterion: Criterion
    evidence: tuple[Evidence, ...]
    says: Decimal | None
    given: Given
    points: Decimal | None
    of: Decimal
    is_applicable: bool
    is_low: bool

    @property
    def is_by_facts(self) -> bool:
        return self.says is not None and not self.given.is_answer

    @property
    def differs(self) -> bool:
        return self.says is not None and self.given.is_answer and self.points != self.says


@dataclass(frozen=True, slots=True)
class Chapter:
    """A group of criteria with the points it makes."""

    group: Criterion
    lines: list[Line]
    points: Decimal
    of: Decimal


@dataclass(frozen=True, slots=True)
class View:
    """A sheet as it is shown: by chapters, with the result so far and how much of it the facts filled in."""

    framework: Framework
    chapters: list[Chapter]
    result: Result
    by_facts: Decimal

    @property
    def earned(self) -> Decimal:
        """The points of the chapters together, before those that nothing could earn were spread over them."""
        return sum((one.points for one in self.chapters), Decimal(0))

    @property
    def of(self) -> Decimal:
        """How many points could be earned in the chapters together."""
        return sum((one.of for one in self.chapters), Decimal(0))

    @property
    def is_spread(self) -> bool:
        """Whether points that nothing here could earn were spread over the chapters."""
        out = any(not one.is_applicable and one.criterion.not_applicable is Policy.RESCALE for one in self.lines)
        return out and 0 < self.of < self.framework.total

    @property
    def lines(self) -> list[Line]:
        return [line for chapter in self.chapters for line in chapter.lines]

    @property
    def to_judge(self) -> int:
        return len(self.result.unanswered)


def view(framework: Framework, sheet: Mapping[str, Given], month: Mapping[str, Evidence]) -> View:
    """Puts a sheet and the facts of its month together. No query."""
    known = facts.values(month)
    result = rules.evaluate(framework, rules.answers(framework, sheet), known)
    says = rules.points_by_facts(framework, known)
    marks = {mark.code: mark for mark in result.marks}
    low = set(result.remedies)

    def line(criterion: Criterion) -> Line:
        mark = marks[criterion.code]
        return Line(
            criterion=criterion,
            evidence=_evidence(criterion, month),
            says=says.get(criterion.code),
            given=sheet.get(criterion.code, Given()),
            points=mark.points,
            of=mark.of,
            is_applicable=mark.is_applicable,
            is_low=criterion.code in low,
        )

    chapters = [
        Chapter(group, [line(one) for one in leaves], marks[group.code].points or Decimal(0), marks[group.code].of)
        for group, leaves in frameworks.chapters(framework)
    ]
    lines = [one for chapter in chapters for one in chapter.lines]
    return View(framework, chapters, result, sum((one.of for one in lines if one.is_by_facts), Decimal(0)))


def _evidence(criterion: Criterion, month: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """What a criterion reads, each sentence once: two facts may be told by the same one."""
    found = {month[name].sentence: month[name] for name in criterion.reads if name in month}
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Side:
    """One side's sheet of a meeting (None: nothing kept yet) under its framework, and why it cannot be written now."""

    meeting: Meeting
    tier: Tier
    scoring: Scoring | None
    framework: Framework
    observer: Person | None
    why_not: Said | None

    @property
    def due_on(self) -> date | None:
        """The last day to hand this side's sheet in; None where the framework sets none."""
        days = self.framework.deadlines.get(self.tier)
        return None if days is None else self.meeting.on + timedelta(days=days)

    @property
    def sheet(self) -> dict[str, Given]:
        return rules.sheet_of(self.scoring.answers) if self.scoring else {}

    @property
    def version(self) -> int:
        return self.scoring.version if self.scoring else 0


def side(meeting: Meeting, tier: Tier) -> Side:
    """The sheet of one side as it stands. The caller has asked who may see it."""
    rows = Scoring.objects.select_related("framework", "by").filter(meeting=meeting, tier=tier, replaced_by=None)
    scoring = rows.first()
    framework = (
        frameworks.parsed(scoring.framework.text)
        if scoring
        else frameworks.in_force(meeting.unit, meeting.on).framework
    )
    observer = Observer.objects.select_related("person").filter(meeting=meeting).first()
    why_not = rules.why_not_score(
        framework, tier, State(meeting.state), is_handed_in=bool(scoring and scoring.handed_in_at is not None)
    )
    return Side(meeting, tier, scoring, framework, observer.person if observer else None, why_not)


def may_replace(scoring: Scoring) -> bool:
    """Whether another sheet could take the place of this one."""
    framework = frameworks.parsed(scoring.framework.text)
    return not rules.is_too_late_to_vote(framework, scoring.tier, State(scoring.meeting.state))


def why_not_by(actor: Actor, side: Side) -> Said | None:
    """Why somebody does not write this sheet under its framework; None if he does. Whether the side is his was asked by
    the caller."""
    return rules.why_not_by(
        side.framework,
        side.tier,
        is_observer=side.observer is not None and side.observer.pk == actor.person_id,
        observer=side.observer.name if side.observer else "",
    )


def to_begin_with(side: Side) -> dict[str, Given]:
    """What a sheet is opened with: what was kept in it, else, where the superior confirms, what the cell handed in."""
    if side.scoring is None and side.tier == Tier.SUPERIOR and side.framework.scores.superior == "confirms":
        own = Scoring.objects.filter(meeting=side.meeting, tier=Tier.SELF, replaced_by=None).exclude(handed_in_at=None)
        if (first := own.first()) is not None:
            return rules.sheet_of(first.answers)
    return side.sheet


def view_of(scoring: Scoring, at: datetime) -> View:
    """A sheet that was handed in, as it is shown to read."""
    month = month_of(scoring, scoring.meeting, at)
    return view(frameworks.parsed(scoring.framework.text), rules.sheet_of(scoring.answers), month)


def remedies_of(scoring: Scoring) -> list[Remedy]:
    """What is to be done about low criteria, with the part of the agenda on which each comes back."""
    return list(scoring.remedies_written.select_related("part__meeting").order_by("pk"))


def month_of(scoring: Scoring | None, meeting: Meeting, at: datetime) -> dict[str, Evidence]:
    """The facts a sheet is read with: those kept with it once it was handed in."""
    month = facts.of(meeting, at)
    if scoring is None or scoring.handed_in_at is None:
        return month
    return facts.as_kept(month, scoring.facts)


def unsealed_lately(today: date) -> list[UUID]:
    """The units with remedies that wait for an agenda and whose score could be read by the superior only since a few
    days ago: nothing else happened that would have brought them there. In a practice it is another day."""
    meetings = Meeting.objects.filter(score_sealed_until__lt=today, score_sealed_until__gte=today - LATELY)
    meetings = meetings.filter(unit__is_practice=False)
    waiting = Remedy.objects.filter(OF_WHAT_COUNTS, part=None, scoring__meeting__in=meetings)
    return list(waiting.values_list("scoring__meeting__unit_id", flat=True).distinct().order_by())


def _unsealed(viewer: Actor, rows: QuerySet[Scoring]) -> QuerySet[Scoring]:
    """Scores without those that a viewer is not to see before he has scored the same session himself."""
    return rows.exclude(meeting__in=meetings.sealed(viewer, Meeting.objects.all()).values("pk"))


def of_meeting(meeting: Meeting) -> list[Scoring]:
    """Everything handed in for a meeting, in its order; what was replaced among it."""
    rows = Scoring.objects.filter(meeting=meeting).exclude(handed_in_at=None)
    return list(rows.select_related("framework", "by", "vote", "replaces", "meeting__unit").order_by("handed_in_at"))


def scored_by_superior(meetings: Iterable[Meeting]) -> set[UUID]:
    """Which of these meetings the superior has scored; one query."""
    rows = Scoring.objects.filter(meeting__in=[one.pk for one in meetings], tier=Tier.SUPERIOR)
    return set(rows.exclude(handed_in_at=None).values_list("meeting_id", flat=True))


def meeting_scored(viewer: Actor, meeting_id: UUID) -> Meeting:
    """A meeting whose scores a viewer may see. Raises NotThere for the unseen."""
    return meetings.get(viewer, meeting_id, Capability.SEE_SCORES)


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion as the two sides see it."""

    criterion: Criterion
    own: Decimal | None
    his: Decimal | None
    of: Decimal
    own_reason: str
    his_reason: str

    @property
    def is_difference(self) -> bool:
        return self.own != self.his


def marks_of(scoring: Scoring) -> Result:
    """A handed-in sheet evaluated with the facts that were kept with it. No query beyond its framework."""
    framework = frameworks.parsed(scoring.framework.text)
    sheet = rules.sheet_of(scoring.answers)
    return rules.evaluate(framework, rules.answers(framework, sheet), facts.from_json(scoring.facts))


@dataclass(frozen=True, slots=True)
class Low:
    """A criterion that was below half of its points in the last session (`meeting_id`), and in how many in a row."""

    meeting_id: UUID
    criterion: Criterion
    times: int


IN_A_ROW = 3


def low_lately(viewer: Actor, unit: Unit) -> list[Low]:
    """What was low in the last sessions of a cell by the score that stands, without a break up to the last one; a score
    that the viewer is not to see yet counts as none."""
    seen = meetings.unsealed(viewer, Meeting.objects.filter(unit=unit))
    rows = Scoring.objects.filter(meeting__in=seen, stands=True).select_related("framework", "meeting")
    last = list(rows.order_by("-meeting__on")[:IN_A_ROW])
    low: list[dict[str, Criterion]] = []
    for scoring in last:
        criteria = {one.code: one for one in frozen(scoring.framework).leaves()}
        low.append(
            {
                mark.code: criteria[mark.code]
                for mark in marks_of(scoring).marks
                if mark.code in criteria
                and mark.is_applicable
                and mark.points is not None
                and mark.points * 2 < mark.of
            }
        )
    found = []
    for code, criterion in (low[0] if low else {}).items():
        times = next((n for n, one in enumerate(low) if code not in one), len(low))
        found.append(Low(last[0].meeting_id, criterion, times))
    return found


def beside(own: Scoring, his: Scoring) -> list[Difference]:
    """The two last sheets criterion by criterion, in the order of the cell's framework."""
    framework = frameworks.parsed(own.framework.text)
    left, right = ({mark.code: mark for mark in marks_of(one).marks} for one in (own, his))
    notes = [rules.sheet_of(one.answers) for one in (own, his)]
    found = []
    for criterion in framework.leaves():
        one, other = left[criterion.code], right.get(criterion.code)
        found.append(
            Difference(
                criterion,
                one.points,
                other.points if other else None,
                one.of,
                notes[0].get(criterion.code, Given()).reason,
                notes[1].get(criterion.code, Given()).reason,
            )
        )
    return found


# The year


def standing(viewer: Actor, unit: Unit, year: int) -> QuerySet[Scoring]:
    """The scores that stand for the meetings of a unit in a year, in their order."""
    rows = Scoring.objects.filter(
        stands=True, meeting__unit=unit, meeting__month__gte=date(year, 1, 1), meeting__month__lt=date(year + 1, 1, 1)
    )
    seen = access.visible(viewer, Capability.SEE_SCORES, _unsealed(viewer, rows), field="meeting__unit")
    return seen.select_related("meeting", "framework").order_by("meeting__on", "meeting__time")


def unscored(viewer: Actor, unit: Unit, since: date, until: date) -> list[Meeting]:
    """The sessions of a unit from a day on and before another that are over and that the cell has not scored, in their
    order; one query."""
    handed_in = Scoring.objects.filter(meeting=OuterRef("pk"), tier=Tier.SELF).exclude(handed_in_at=None)
    rows = Meeting.objects.filter(
        ~Exists(handed_in), unit=unit, on__gte=since, on__lt=until, state__in=[State.ENDED, State.LOCKED]
    )
    return list(access.visible(viewer, Capability.SEE_SCORES, rows).order_by("on", "time"))


def to_score(viewer: Actor, unit: Unit, since: date, until: date) -> list[Meeting]:
    """Those of them whose sheet can still be handed in, at most three: where members vote on the score in the session,
    what is over stays as it is."""
    found = unscored(viewer, unit, since, until)
    return [one for one in found if side(one, Tier.SELF).why_not is None][:3]


def year_of(rows: Sequence[Scoring]) -> tuple[Framework, rules.YearResult] | None:
    """What a year comes to by the framework of its last session; None for a year without a scored one,
    or without a rule."""
    if not rows:
        return None
    framework = frameworks.parsed(rows[-1].framework.text)
    result = rules.year_of(framework, [row.band for row in rows])
    return (framework, result) if result else None


def cells_in_year(unit: Unit, year: int) -> dict[str, int]:
    """What a year comes to for the cells below a unit: how many stand in each band, by its title, best first.

    Each by the framework of its last session; cells without a scored session are left out. Two queries. Only how many
    there are is told, to who leads the unit and so answers for them; that was asked by the caller.
    """
    rows = Scoring.objects.filter(
        stands=True,
        meeting__unit__path__startswith=unit.path,
        meeting__month__gte=date(year, 1, 1),
        meeting__month__lt=date(year + 1, 1, 1),
    ).exclude(meeting__unit=unit)
    counted = rows.values_list("meeting__unit", "framework", "band").annotate(n=Count("pk"), last=Max("meeting__on"))
    by_unit: dict[UUID, list[tuple[UUID, str, int, date]]] = defaultdict(list)
    for unit_id, framework_id, band, n, last in counted.order_by():
        by_unit[unit_id].append((framework_id, band, n, last))
    versions = FrameworkVersion.objects.in_bulk({row[0] for found in by_unit.values() for row in found})
    titles: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for found in by_unit.values():
        framework = frozen(versions[max(found, key=lambda row: row[3])[0]])
        result = rules.year_of(framework, [band for _version, band, n, _last in found for _ in range(n)])
        if result is not None:
            title = result.band.title.vi
            titles[title] = titles.get(title, 0) + 1
            ranks[title] = framework.rank(result.band.code)
    return {title: titles[title] for title in sorted(titles, key=lambda one: ranks[one])}


def counts_of(rows: Sequence[Scoring]) -> list[tuple[Words, int]]:
    """How many sessions stand in each band, best first, by the framework of the last."""
    if not rows:
        return []
    bands = frozen(rows[-1].framework).bands
    return [(band.title, n) for band in bands if (n := sum(row.band == band.code for row in rows))]


def frozen(version: FrameworkVersion) -> Framework:
    return frameworks.parsed(version.text)


# A month of many cells


@dataclass(frozen=True, slots=True)
class Row:
    """One regular meeting of a month with the score that stands (None: not scored), and why points are missing."""

    unit: Unit
    members: int
    meeting: Meeting | None
    scoring: Scoring | None
    band: Band | None
    lost: list[tuple[Criterion, Decimal]]

    @property
    def note(self) -> str:
        """What the monthly form calls the note on deductions."""
        return "; ".join(f"{one.title.vi} (−{rules.in_figures(points)})" for one, points in self.lost)


def cells_of(viewer: Actor, unit: Unit, on: date) -> UnitQuerySet:
    """The cells below a unit whose scores a viewer may see, by name."""
    rows = Unit.objects.on(on).filter(path__startswith=unit.path, kind__holds_meetings=True)
    return access.visible(viewer, Capability.SEE_SCORES, rows.named(on), field="").order_by(*org.BY_NAME)


def month_of_cells(viewer: Actor, cells: Sequence[Unit], month: date) -> list[Row]:
    """The regular meeting of a month of some cells, with its score as far as a viewer may see it; three queries."""
    held = Meeting.objects.filter(unit__in=cells, month=month, kind=MeetingKind.REGULAR).exclude(state=State.CANCELLED)
    by_unit = {one.unit_id: one for one in held}
    rows = _unsealed(viewer, Scoring.objects.filter(stands=True, meeting__in=list(by_unit.values())))
    scored = {one.meeting_id: one for one in rows.select_related("framework")}
    last = period.month(month).last_day or month
    counted = Membership.objects.on(last).filter(unit__in=cells).values_list("unit").annotate(n=Count("pk"))
    members = dict(counted.order_by())
    found = []
    for one in cells:
        meeting = by_unit.get(one.pk)
        scoring = scored.get(meeting.pk) if meeting else None
        found.append(
            Row(
                one,
                members.get(one.pk, 0),
                meeting,
                scoring,
                frozen(scoring.framework).band(scoring.band) if scoring else None,
                _where_points_went(scoring) if scoring else [],
            )
        )
    return found


def _where_points_went(scoring: Scoring) -> list[tuple[Criterion, Decimal]]:
    """The criteria that lost most points, with how many, the most first."""
    leaves = {one.code: one for one in frozen(scoring.framework).leaves()}
    lost = [
        (leaves[mark.code], mark.of - mark.points)
        for mark in marks_of(scoring).marks
        if mark.code in leaves and mark.points is not None and mark.points < mark.of
    ]
    lost.sort(key=lambda one: -one[1])
    return lost[:MOST_NOTED]


def bands_below(viewer: Actor, unit: Unit, month: date) -> dict[str, int]:
    """How many regular meetings of a month below a unit stand in each band, by its Vietnamese title; two queries."""
    rows = Scoring.objects.filter(
        stands=True, meeting__month=month, meeting__kind=MeetingKind.REGULAR, meeting__unit__path__startswith=unit.path
    )
    seen = access.visible(viewer, Capability.SEE_SCORES, _unsealed(viewer, rows), field="meeting__unit")
    counted = list(seen.values_list("framework", "band").annotate(n=Count("pk")).order_by())
    versions = FrameworkVersion.objects.in_bulk({version_id for version_id, _band, _n in counted})
    counts: dict[str, int] = {}
    for version_id, band, n in counted:
        title = frozen(versions[version_id]).band(band).title.vi
        counts[title] = counts.get(title, 0) + n
    return counts

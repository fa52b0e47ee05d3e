"""Gathering what a cell could talk about: its own needs first, each with reasons that are true of its data."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import queries as assessment
from chibo.assessment.models import Scoring
from chibo.consultations import queries as consultations
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.refusals import NotThere
from chibo.learning import queries as learning
from chibo.learning import rules as learning_rules
from chibo.learning.rules import Nature
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind, State
from chibo.opinions import queries as opinions
from chibo.opinions import rules as opinion_rules
from chibo.opinions.models import Opinion, Voice
from chibo.opinions.rules import State as OpinionState
from chibo.org import queries as org
from chibo.org.models import Unit, holds
from chibo.programmes import queries as programmes
from chibo.tasks.models import Task
from chibo.tasks.rules import State as TaskState
from chibo.topics import rules
from chibo.topics.models import Choice, SharedTheme, YearPlan
from chibo.topics.rules import Idea, PlanLine, Suggestion

MOST = 20
"""How many rows of each kind are looked at."""
SESSIONS = 3
GISTS = 4
A_YEAR = timedelta(days=366)
DIRECTIVE, SHARED = "directive:", "shared:"
"""How the keys of these begin, before the id."""


def suggestions(
    viewer: Actor, unit: Unit, meets_on: date, today: date, *, shown: int | None = rules.SHOWN
) -> list[Suggestion]:
    """What a cell could talk about in its meeting of a day, with the reasons of each; a dozen queries.

    Asks who may see it. Nothing is looked at but the cell's own tasks, opinions, voices, scores and agendas.
    """
    access.require(viewer, Capability.SEE_TOPICS, unit)
    return rules.suggestions(
        _ideas(viewer, unit, meets_on, today),
        discussed=_discussed(unit, meets_on - rules.TWO_QUARTERS, today),
        left=_left(unit, today),
        meets_on=meets_on,
        shown=shown,
    )


def one(viewer: Actor, unit: Unit, key: str, meets_on: date, today: date) -> Suggestion:
    """One suggestion by its key. Raises NotThere for one that does not stand any more."""
    every = suggestions(viewer, unit, meets_on, today, shown=None)
    found = next((one for one in every if one.idea.key == key), None)
    if found is None:
        raise NotThere
    return found


def left(viewer: Actor, unit: Unit) -> list[Choice]:
    """What was left with its reason, the latest first."""
    rows = Choice.objects.filter(unit=unit, is_left=True).select_related("by")
    return list(access.visible(viewer, Capability.SEE_TOPICS, rows).order_by("-at")[:MOST])


def _ideas(viewer: Actor, unit: Unit, meets_on: date, today: date) -> Iterator[Idea]:
    yield from _of_tasks(unit, today)
    yield from _of_opinions(unit, today)
    yield from _of_public(unit)
    yield from _of_directives(unit, meets_on, today)
    yield from _of_criteria(viewer, unit)
    yield from _of_plans(unit, meets_on)
    yield from _of_drafts(unit, meets_on, today)
    yield from _of_programmes(unit, today)
    for month, day, title in rules.days():
        for year in (meets_on.year, meets_on.year + 1):
            if idea := rules.of_day(title, date(year, month, day), meets_on):
                yield idea
    yield from of_themes(unit, today)


def of_themes(unit: Unit, today: date) -> Iterator[Idea]:
    """The themes that fit a unit: those that units of its kind shared, and those that come with the product."""
    rows = library().filter(kind=unit.kind_id).exclude(unit=unit).order_by("-uses", "-at")[:MOST]
    shared = list(rows)
    names = org.names_on({one.unit_id for one in shared}, today)
    for one in shared:
        text = "\n".join(filter(None, [rules.material(one.aim, one.questions), one.experience]))
        cell = names.get(one.unit_id, "")
        yield rules.of_shared(f"{SHARED}{one.pk}", one.title, cell=cell, uses=one.uses, material=text)
    for theme in rules.themes():
        if idea := rules.of_theme(theme, unit.kind_id):
            yield idea


def _of_directives(unit: Unit, meets_on: date, today: date) -> Iterator[Idea]:
    """Directives that were not studied yet, and guidance that still stands on the day of the meeting, each under the
    name of who sent it."""
    orders = learning.open_orders(unit, today)[:MOST]
    names = org.names_on({one.directive.unit_id for one in orders}, today)
    for order in orders:
        sent, name = order.directive, names.get(order.directive.unit_id, "")
        plan = order.adaptation.plan if order.adaptation else ""
        text = "\n".join(filter(None, [sent.gist, plan, sent.questions]))
        if sent.nature == Nature.GUIDANCE:
            if order.until < meets_on:
                continue
            yield rules.of_guidance(f"guidance:{sent.pk}", sent.title, unit=name, until=order.until, material=text)
            continue
        yield rules.of_directive(
            f"{DIRECTIVE}{sent.pk}",
            sent.title,
            unit=name,
            days_left=(order.until - today).days,
            material=f"{text}\n{learning_rules.QUESTIONS}",
        )


def _of_plans(unit: Unit, meets_on: date) -> Iterator[Idea]:
    """What the plans of the year, its own and those from above, have for these weeks; its own first."""
    plans = list(YearPlan.objects.filter(unit__in=[unit.pk, *unit.ancestor_ids], year=meets_on.year))
    names = org.names_on({one.unit_id for one in plans}, meets_on)
    own_first = sorted(plans, key=lambda one: one.unit_id != unit.pk)
    for plan in own_first:
        name = "" if plan.unit_id == unit.pk else names.get(plan.unit_id, "")
        for line in plan.as_lines():
            if rules.is_due(line.month, meets_on.month):
                yield rules.of_plan(f"plan:{plan.pk}:{line.month}:{fold(line.title)[:40]}", line, name)


def _of_drafts(unit: Unit, meets_on: date, today: date) -> Iterator[Idea]:
    """Drafts on which something can still be said on the day of the meeting."""
    rows = [one for one in consultations.to_comment(unit, today)[:MOST] if one.closes_on >= meets_on]
    names = org.names_on({one.unit_id for one in rows}, today)
    for one in rows:
        days = (one.closes_on - today).days
        yield rules.of_draft(f"draft:{one.pk}", one.title, unit=names.get(one.unit_id, ""), days_left=days)


def _of_programmes(unit: Unit, today: date) -> Iterator[Idea]:
    """The rounds in which a unit may still enter something, under the name of who calls."""
    rounds = programmes.open_to(unit, today)[:MOST]
    names = org.names_on({one.programme.unit_id for one in rounds}, today)
    for one in rounds:
        yield rules.of_programme(
            f"programme:{one.pk}",
            f"{one.programme.title}, {one.title}",
            unit=names.get(one.programme.unit_id, ""),
            days_left=(one.registers_until - today).days,
            material=one.programme.gist,
        )


def _of_tasks(unit: Unit, today: date) -> Iterator[Idea]:
    rows = Task.objects.filter(unit=unit, state=TaskState.OPEN, due_on__lt=today).order_by("due_on", "pk")[:MOST]
    for task in rows:
        assert task.due_on is not None
        yield rules.of_task(f"task:{task.pk}", task.title, (today - task.due_on).days)


def _of_opinions(unit: Unit, today: date) -> Iterator[Idea]:
    rows = list(Opinion.objects.filter(holder=unit, state=OpinionState.OPEN).order_by("due_on", "pk")[:MOST])
    units = opinions.sources(rows)
    for one in rows:
        yield rules.of_opinion(
            f"opinion:{one.pk}",
            opinion_rules.gist(one.text),
            units=units.get(one.pk, 1),
            days_left=(one.due_on - today).days,
        )


def _of_public(unit: Unit) -> Iterator[Idea]:
    rows = Voice.objects.filter(collection__unit=unit, opinion=None, reply="", collection__part=None)
    counted = (
        rows.order_by().values("collection").annotate(n=Count("pk"), first=Min("week")).order_by("first")[:SESSIONS]
    )
    for one in counted:
        some = rows.filter(collection=one["collection"]).order_by("week", "pk")[:GISTS]
        gists = "; ".join(opinion_rules.gist(voice.text) for voice in some)
        yield rules.of_public(f"public:{one['collection']}", gists, one["n"])


def _of_criteria(viewer: Actor, unit: Unit) -> Iterator[Idea]:
    """What was low in the last sessions."""
    for low in assessment.low_lately(viewer, unit):
        key = f"criterion:{low.meeting_id}:{low.criterion.code}"
        yield rules.of_criterion(key, low.criterion.title.vi, low.times)


def _discussed(unit: Unit, since: date, until: date) -> dict[str, date]:
    """The titles that a cell has talked about, with the last day of each."""
    held = Meeting.objects.filter(
        unit=unit, on__gte=since, on__lte=until, state__in=[State.UNDER_WAY, State.ENDED, State.LOCKED]
    )
    found: dict[str, date] = {}
    for topic, on in held.exclude(topic="").values_list("topic", "on"):
        found[topic] = max(on, found.get(topic, on))
    parts = Part.objects.filter(meeting__in=held, code="own").values_list("title", "meeting__on")
    for title, on in parts:
        found[title] = max(on, found.get(title, on))
    return found


def with_origins(parts: QuerySet[Part]) -> set[UUID]:
    """Some parts, and those from which they were carried over, however often: a suggestion was taken as the first."""
    found: set[UUID] = set()
    line = dict(parts.values_list("pk", "carried_from"))
    while line:
        found |= line.keys()
        before = {pk for pk in line.values() if pk is not None} - found
        line = dict(Part.objects.filter(pk__in=before).values_list("pk", "carried_from")) if before else {}
    return found


def _left(unit: Unit, today: date) -> set[str]:
    """The keys of what was left, and of what stands on an agenda that is still to come."""
    rows = Choice.objects.filter(unit=unit)
    coming = Meeting.objects.filter(unit=unit, state__in=[State.PREPARING, State.ANNOUNCED], on__gte=today)
    waiting = rows.filter(part__in=with_origins(Part.objects.filter(meeting__in=coming, section="conduct")))
    return {*rows.filter(is_left=True).values_list("key", flat=True), *waiting.values_list("key", flat=True)}


def next_day(unit: Unit, today: date) -> date:
    """The day of the next meeting of a cell; a month ahead where none is planned."""
    rows = Meeting.objects.filter(unit=unit, on__gte=today, state__in=[State.PREPARING, State.ANNOUNCED])
    found = rows.order_by("on").values_list("on", flat=True).first()
    return found or today + timedelta(days=30)


def on_agendas(viewer: Actor, unit: Unit, today: date) -> list[Choice]:
    """What was taken onto the agendas of meetings that are still to come, by their days."""
    coming = Meeting.objects.filter(unit=unit, state__in=[State.PREPARING, State.ANNOUNCED], on__gte=today)
    rows = Choice.objects.filter(unit=unit, part__meeting__in=coming).select_related("part__meeting")
    return list(access.visible(viewer, Capability.SEE_TOPICS, rows).order_by("part__meeting__on", "at")[:MOST])


def meetings_to_come(unit: Unit, today: date) -> list[Meeting]:
    """The meetings onto whose agenda a suggestion may be taken."""
    rows = Meeting.objects.filter(unit=unit, on__gte=today, state__in=[State.PREPARING, State.ANNOUNCED])
    return list(rows.order_by("on", "time")[:MOST])


# The library of themes


def library() -> QuerySet[SharedTheme]:
    """What cells have shared and not withdrawn."""
    return SharedTheme.objects.filter(withdrawn_at=None, unit__is_practice=False)


def themes(viewer: Actor, text: str, kind: str) -> QuerySet[SharedTheme]:
    """The library for who leads or follows any cell: whose title holds every word, of one kind of unit or of all."""
    rows = library() if access.has_anywhere(viewer, Capability.SEE_TOPICS) else SharedTheme.objects.none()
    rows = rows.filter(holds("search", text))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("kind").order_by("-uses", "-at", "-pk")


def theme(viewer: Actor, theme_id: UUID) -> SharedTheme:
    """One theme of the library. Raises NotThere for the unseen."""
    found = themes(viewer, "", "").select_related("unit").filter(pk=theme_id).first()
    if found is None:
        raise NotThere
    return found


def held_well(held: Sequence[Meeting]) -> list[Meeting]:
    """Those of a unit's meetings in whose month a session was scored in the best band, by the score that stands and is
    not sealed; one query."""
    months = {one.month for one in held}
    units = {one.unit_id for one in held}
    rows = Scoring.objects.filter(meeting__unit__in=units, meeting__month__in=months, stands=True)
    open_ones = rows.exclude(meeting__score_sealed_until__gte=clock.today()).select_related("framework", "meeting")
    best = {
        (one.meeting.unit_id, one.meeting.month)
        for one in open_ones
        if assessment.frozen(one.framework).rank(one.band) == 0
    }
    return [one for one in held if (one.unit_id, one.month) in best]


def is_sealed(meeting: Meeting, today: date) -> bool:
    """Whether the score of a session in the month of a meeting is still kept from who scores it for the superior."""
    rows = Meeting.objects.filter(unit=meeting.unit_id, month=meeting.month, score_sealed_until__gte=today)
    return rows.exists()


def to_share(viewer: Actor, unit: Unit, today: date) -> list[Meeting]:
    """The thematic sessions of the last year that a cell could share: held well, and not shared yet."""
    if not access.can(viewer, Capability.PREPARE_MEETING, unit):
        return []
    rows = Meeting.objects.filter(unit=unit, kind=Kind.THEMATIC, state=State.LOCKED, on__gte=today - A_YEAR)
    shared = SharedTheme.objects.filter(unit=unit).values("meeting")
    return held_well(list(rows.exclude(pk__in=shared).order_by("-on")[:MOST]))


# The plan of a year


def plan_of(unit: Unit, year: int) -> YearPlan | None:
    """The plan of a unit for a year, where it has one. Who may see it was asked by the caller."""
    return YearPlan.objects.filter(unit=unit, year=year).select_related("by").first()


def proposal(unit: Unit, year: int, today: date) -> list[PlanLine]:
    """A plan to begin with: what the committees above plan, the nearest first, then themes that fit the unit and were
    not talked about lately."""
    above = list(reversed(unit.ancestor_ids))
    plans = sorted(YearPlan.objects.filter(unit__in=above, year=year), key=lambda one: above.index(one.unit_id))
    planned = [line for plan in plans for line in plan.as_lines()]
    if not unit.kind.holds_meetings:
        return rules.draw_up(planned, [], {})
    shared = {
        f"{SHARED}{one.pk}": PlanLine(1, one.title, one.aim, one.questions)
        for one in library().filter(kind=unit.kind_id).exclude(unit=unit).order_by("-uses", "-at")[:MOST]
    }
    shipped = {f"theme:{one.code}": PlanLine(1, one.title, one.aim, one.questions) for one in rules.themes()}
    lately = _discussed(unit, today - rules.TWO_QUARTERS, today)
    best = rules.suggestions(
        of_themes(unit, today), discussed=lately, left=_left(unit, today), meets_on=today, shown=MOST
    )
    return rules.draw_up(planned, [one.idea for one in best], {**shared, **shipped})

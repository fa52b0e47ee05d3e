"""Gathering what a cell could talk about: its own needs first, each with reasons that are true of its data."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import queries as assessment
from chibo.assessment.models import Scoring
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import State
from chibo.opinions import queries as opinions
from chibo.opinions import rules as opinion_rules
from chibo.opinions.models import Opinion, Voice
from chibo.opinions.rules import State as OpinionState
from chibo.org.models import Unit
from chibo.tasks.models import Task
from chibo.tasks.rules import State as TaskState
from chibo.topics import rules
from chibo.topics.models import Choice
from chibo.topics.rules import Idea, Suggestion

MOST = 20
"""How many rows of each kind are looked at."""
SESSIONS = 3


def suggestions(viewer: Actor, unit: Unit, meets_on: date, today: date) -> list[Suggestion]:
    """What a cell could talk about in its meeting of a day, with the reasons of each; a dozen queries.

    Asks who may see it. Nothing is looked at but the cell's own tasks, opinions, voices, scores and agendas.
    """
    access.require(viewer, Capability.SEE_TOPICS, unit)
    since = meets_on - rules.TWO_QUARTERS
    return rules.suggestions(
        _ideas(unit, meets_on, today), discussed=_discussed(unit, since, today), left=_left(unit), meets_on=meets_on
    )


def one(viewer: Actor, unit: Unit, key: str, meets_on: date, today: date) -> Suggestion:
    """One suggestion by its key. Raises NotThere for one that does not stand any more."""
    found = next((one for one in suggestions(viewer, unit, meets_on, today) if one.idea.key == key), None)
    if found is None:
        raise NotThere
    return found


def left(viewer: Actor, unit: Unit) -> list[Choice]:
    """What was left with its reason, the latest first."""
    rows = Choice.objects.filter(unit=unit, is_left=True).select_related("by")
    return list(access.visible(viewer, Capability.SEE_TOPICS, rows).order_by("-at")[:MOST])


def _ideas(unit: Unit, meets_on: date, today: date) -> Iterator[Idea]:
    yield from _of_tasks(unit, today)
    yield from _of_opinions(unit, today)
    yield from _of_public(unit)
    yield from _of_criteria(unit)
    for month, day, title in rules.days():
        for year in (meets_on.year, meets_on.year + 1):
            if idea := rules.of_day(title, date(year, month, day), meets_on):
                yield idea
    for theme in rules.themes():
        if idea := rules.of_theme(theme, unit.kind_id):
            yield idea


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
    waiting = list(rows.select_related("collection").order_by("week", "pk")[:MOST])
    by_question: dict[UUID, list[Voice]] = {}
    for voice in waiting:
        by_question.setdefault(voice.collection_id, []).append(voice)
    for question, voices in by_question.items():
        gists = "; ".join(opinion_rules.gist(one.text) for one in voices[:4])
        yield rules.of_public(f"public:{question}", gists, len(voices))


def _of_criteria(unit: Unit) -> Iterator[Idea]:
    """What was low in the last sessions by the score that stands, without a break up to the last one."""
    rows = Scoring.objects.filter(meeting__unit=unit, stands=True).select_related("framework", "meeting")
    last = list(rows.order_by("-meeting__on")[:SESSIONS])
    low: list[dict[str, str]] = []
    for scoring in last:
        titles = {one.code: one.title.vi for one in assessment.frozen(scoring.framework).leaves()}
        low.append(
            {
                mark.code: titles[mark.code]
                for mark in assessment.marks_of(scoring).marks
                if mark.code in titles and mark.is_applicable and mark.points is not None and mark.points * 2 < mark.of
            }
        )
    for code, title in (low[0] if low else {}).items():
        times = next((n for n, found in enumerate(low) if code not in found), len(low))
        yield rules.of_criterion(f"criterion:{last[0].meeting_id}:{code}", title, times)


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


def _left(unit: Unit) -> set[str]:
    """The keys of what was left, and of what stands on an agenda that is still to come."""
    rows = Choice.objects.filter(unit=unit)
    waiting = rows.filter(part__meeting__state__in=[State.PREPARING, State.ANNOUNCED])
    return {*rows.filter(is_left=True).values_list("key", flat=True), *waiting.values_list("key", flat=True)}


def next_day(unit: Unit, today: date) -> date:
    """The day of the next meeting of a cell; a month ahead where none is planned."""
    rows = Meeting.objects.filter(unit=unit, on__gte=today, state__in=[State.PREPARING, State.ANNOUNCED])
    found = rows.order_by("on").values_list("on", flat=True).first()
    return found or today + timedelta(days=30)


def meetings_to_come(unit: Unit, today: date) -> list[Meeting]:
    """The meetings onto whose agenda a suggestion may be taken."""
    rows = Meeting.objects.filter(unit=unit, on__gte=today, state__in=[State.PREPARING, State.ANNOUNCED])
    return list(rows.order_by("on", "time")[:MOST])

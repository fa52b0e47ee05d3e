"""An officer's subtree in a month: what is planned, held, not held, locked; each number opens to its rows."""

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock, sheets
from chibo.core.actor import Actor
from chibo.core.http import asked_month, months_around
from chibo.core.refusals import NotThere
from chibo.desk import menu, queries
from chibo.desk.views import waiting
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.opinions import queries as opinions
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people import queries as people
from chibo.reorganisation import queries as reorganisations
from chibo.supervision import queries as supervision
from chibo.tasks import queries as tasks
from chibo.tasks.models import Task

PER_PAGE = 25
ROWS_PER_PAGE = 50
MOST_DRAFTS = 5
NUMBERS = (*meetings.NUMBERS, "overdue")


@dataclass(frozen=True, slots=True)
class Number:
    """One figure of a row, and where its rows are."""

    label: str
    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit directly below, and its numbers."""

    name: str
    url: str
    numbers: list[Number]


def _labels() -> dict[str, str]:
    return {
        "planned": _("Planned"),
        "held": _("Held"),
        "not_held": _("Not held"),
        "to_come": _("Still to come"),
        "locked": _("Minutes locked"),
        "thematic": _("Thematic this quarter"),
        "overdue": _("Tasks overdue"),
    }


def _definitions() -> dict[str, str]:
    """What each number counts, and of what."""
    return {
        "planned": _("Meetings of every kind whose month this is, but for those that were called off."),
        "held": _("Meetings of this month that were opened and ended, whether their minutes are adopted yet or not."),
        "not_held": _("Meetings of this month whose day is over and that were not opened."),
        "to_come": _("Meetings of this month whose day is still to come, and those that are under way."),
        "locked": _("Meetings of this month whose minutes were read back, adopted and locked."),
        "thematic": _("Thematic sessions held in the quarter of this month; a cell holds at least one in a quarter."),
        "overdue": _("Tasks that are open after their due day, as of today, whatever month they were given in."),
    }


def _drafts_that_wait(viewer: Actor, unit: Unit) -> list[tuple[str, str]]:
    """The reorganisations that the viewer may approve as the second person."""
    drafts = reorganisations.waiting_for(viewer).filter(root__path__startswith=unit.path)
    return [
        (
            _("A reorganisation waits for your approval: %(title)s") % {"title": one.title},
            reverse("reorganisation:one", args=[one.pk]),
        )
        for one in drafts[:MOST_DRAFTS]
    ]


@page(get=Capability.SEE_MEETING)
def officer(request: Request, unit_id: UUID) -> HttpResponse:
    viewer, today = request.actor, clock.today()
    unit = meetings.unit_of_meetings(viewer, unit_id, today)
    month = asked_month(request, today)
    counts = meetings.numbers_by_child(viewer, unit, month, today)
    overdue = tasks.overdue_by_child(viewer, unit, today)
    in_total = {what: sum(row[what] for row in counts.values()) for what in meetings.NUMBERS}
    total = _numbers(unit, month, in_total, sum(overdue.values()))
    if sheets.is_wanted(request):
        return _table_as_sheet(viewer, unit, month, today, counts, overdue, total)
    shown = Paginator(org.children(viewer, unit_id, today), PER_PAGE).get_page(request.GET.get("page"))
    names = org.apart({child.pk: child.name for child in shown})
    context = {
        "unit": unit,
        "month": month,
        "here": reverse("officer", args=[unit_id]),
        "places": menu.places(viewer, unit),
        "desks": queries.desks(viewer, today),
        "may_reorganise": org.may_found_below(viewer, unit),
        "labels": list(_labels().values()),
        "total": total,
        "needs": [
            *_drafts_that_wait(viewer, unit),
            *_what_is_asked(viewer, unit),
            *_what_was_raised(viewer, unit, today),
            *_what_needs_a_hand(total),
            *_of_attending(viewer, unit, today),
            *waiting.growth(viewer, unit, today),
            *_in_the_register(viewer, unit, today),
        ],
        "page": shown,
        "lines": [
            Line(
                names[child.pk],
                reverse("month" if child.kind.holds_meetings else "officer", args=[child.pk])
                + ("" if child.kind.holds_meetings else f"?month={month:%Y-%m}"),
                _numbers(child, month, counts.get(child.pk, {}), overdue.get(child.pk, 0)),
            )
            for child in shown
        ],
        **months_around(month),
    }
    return render(request, "desk/officer.html", context)


def _table_as_sheet(
    viewer: Actor,
    unit: Unit,
    month: date,
    today: date,
    counts: dict[UUID, dict[str, int]],
    overdue: dict[UUID, int],
    total: list[Number],
) -> HttpResponse:
    children = list(sheets.all_of(org.children(viewer, unit.pk, today)))
    names = org.apart({child.pk: child.name for child in children})

    def line(child: Unit) -> list[object]:
        numbers = _numbers(child, month, counts.get(child.pk, {}), overdue.get(child.pk, 0))
        return [names[child.pk], child.code, *(number.value for number in numbers)]

    lines = [[_("All together"), "", *(number.value for number in total)], *(line(child) for child in children)]
    sheet = sheets.Sheet(unit.name, [_("Unit"), _("Code"), *_labels().values()], lines)
    return sheets.download_lists(f"don-vi-{month:%Y%m}", [sheet])


def _numbers(unit: Unit, month: date, counts: dict[str, int], overdue: int) -> list[Number]:
    counts = counts | {"overdue": overdue}
    return [
        Number(label, counts.get(what, 0), reverse("behind", args=[unit.pk, what]) + f"?month={month:%Y-%m}")
        for what, label in _labels().items()
    ]


def _what_is_asked(viewer: Actor, unit: Unit) -> list[tuple[str, str]]:
    """The questions of the units below that wait for an officer of this one, with where he answers them."""
    n = tasks.asked_of(viewer, unit.pk).count()
    words = ngettext(
        "One question of a unit below waits for your answer.",
        "%(n)s questions of units below wait for your answer.",
        n,
    )
    return [(words % {"n": n}, reverse("tasks:asked"))] if n else []


def _what_was_raised(viewer: Actor, unit: Unit, today: date) -> list[tuple[str, str]]:
    """The opinions that wait for the answer of this unit."""
    n, soon = opinions.counts_of(viewer, unit, today)
    words = ngettext("One opinion waits for an answer.", "%(n)s opinions wait for an answer.", n) % {"n": n}
    if soon:
        words += " " + ngettext("One is due within a week.", "%(n)s are due within a week.", soon) % {"n": soon}
    return [(words, reverse("opinions:inbox", args=[unit.pk]))] if n else []


def _what_needs_a_hand(total: list[Number]) -> list[tuple[str, str]]:
    """What an officer looks at first, in words, with where it leads."""
    by_name = dict(zip(NUMBERS, total, strict=True))
    not_held, overdue = by_name["not_held"], by_name["overdue"]
    needs = []
    if not_held.value:
        words = ngettext(
            "One meeting was not held on its day.", "%(n)s meetings were not held on their day.", not_held.value
        )
        needs.append((words % {"n": not_held.value}, not_held.url))
    if overdue.value:
        words = ngettext("One task is overdue.", "%(n)s tasks are overdue.", overdue.value)
        needs.append((words % {"n": overdue.value}, overdue.url))
    return needs


def _of_attending(viewer: Actor, unit: Unit, today: date) -> list[tuple[str, str]]:
    """What those who attend cells owe, in words, with where it leads; for the committee that sent them."""
    missing = supervision.missing(viewer, unit, today).count()
    late = supervision.promises_late(viewer, unit, today).count()
    needs = []
    if missing:
        words = ngettext(
            "On one meeting nobody has reported in time.", "On %(n)s meetings nobody has reported in time.", missing
        )
        needs.append((words % {"n": missing}, reverse("supervision:missing", args=[unit.pk])))
    if late:
        words = ngettext("One promise to a cell is overdue.", "%(n)s promises to cells are overdue.", late)
        needs.append((words % {"n": late}, reverse("supervision:board", args=[unit.pk])))
    return needs


def _in_the_register(viewer: Actor, unit: Unit, today: date) -> list[tuple[str, str]]:
    """What waits in the register of a subtree, in words, with where it leads."""
    late = people.transfers_at(viewer, unit, "late", today).count()
    over = people.terms_over(viewer, unit, today).count()
    needs = []
    if late:
        words = ngettext(
            "One letter of introduction or stay of a guest is past its day.",
            "%(n)s letters of introduction or stays of guests are past their day.",
            late,
        )
        needs.append((words % {"n": late}, reverse("transfers", args=[unit.pk]) + "?which=late"))
    if over:
        words = ngettext(
            "In one unit the term has run out without an election.",
            "In %(n)s units the term has run out without an election.",
            over,
        )
        needs.append((words % {"n": over}, reverse("terms", args=[unit.pk])))
    return needs


@page(get=Capability.SEE_MEETING)
def behind(request: Request, unit_id: UUID, what: str) -> HttpResponse:
    """The rows behind one number, with what it counts."""
    if what not in NUMBERS:
        raise NotThere
    viewer, today = request.actor, clock.today()
    unit = meetings.unit_of_meetings(viewer, unit_id, today)
    month = asked_month(request, today)
    if sheets.is_wanted(request):
        return _as_sheet(unit, what, month, today, _rows(viewer, unit, what, month, today))
    shown = Paginator(_rows(viewer, unit, what, month, today), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    rows = cast("list[Meeting | Task]", list(shown))
    names = org.names_on({one.unit_id for one in rows}, today)
    back = reverse("officer", args=[unit_id]) + f"?month={month:%Y-%m}"
    context = {
        "unit": unit,
        "month": month,
        "today": today,
        "what": what,
        "label": _labels()[what],
        "definition": _definitions()[what],
        "page": shown,
        "rows": [(one, names.get(one.unit_id, "")) for one in rows],
        "path": [{"name": unit.name, "url": back}, {"name": _labels()[what], "url": ""}],
    }
    return render(request, "desk/behind.html", context)


def _rows(viewer: Actor, unit: Unit, what: str, month: date, today: date) -> QuerySet[Meeting] | QuerySet[Task]:
    if what == "overdue":
        return tasks.overdue(viewer, unit, today)
    return meetings.behind(viewer, unit, what, month, today)


FILES = {
    "planned": "hop-theo-ke-hoach",
    "held": "hop-da-hop",
    "not_held": "hop-chua-hop",
    "to_come": "hop-sap-toi",
    "locked": "bien-ban-da-khoa",
    "thematic": "sinh-hoat-chuyen-de",
    "overdue": "nhiem-vu-qua-han",
}
"""How the file with the rows behind each number is called."""


def _as_sheet(
    unit: Unit, what: str, month: date, today: date, rows: QuerySet[Meeting] | QuerySet[Task]
) -> HttpResponse:
    found = list(sheets.all_of(cast("QuerySet[Meeting | Task]", rows.select_related("unit"))))
    names = org.names_on({one.unit_id for one in found}, today)

    def line(one: Meeting | Task) -> list[object]:
        facts: list[object] = (
            [one.title, one.due_on]
            if isinstance(one, Task)
            else [one.get_kind_display(), one.on, one.get_state_display()]
        )
        return [names.get(one.unit_id, ""), one.unit.code, *facts]

    facts = [_("Task"), _("Due day")] if what == "overdue" else [_("Meeting"), _("Day"), _("State")]
    head = [_("Unit"), _("Code"), *facts]
    name = f"{FILES[what]}-{month:%Y%m}"
    return sheets.download_lists(name, [sheets.Sheet(unit.name, head, (line(one) for one in found))])

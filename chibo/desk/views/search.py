"""Search: all that one may see, marks and case aside: units, people, tasks, papers, opinions, themes."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.access.queries import MOST_FOUND
from chibo.core import clock, sheets
from chibo.core.actor import Actor
from chibo.core.http import asked_words
from chibo.documents import queries as documents
from chibo.opinions import queries as opinions
from chibo.org import queries as org
from chibo.people import queries as people
from chibo.tasks import queries as tasks
from chibo.tasks.models import Task
from chibo.topics import queries as topics

FIRST = 10
PER_PAGE = 50
UNITS, PEOPLE = "units", "people"


@page(get=Capability.SEE_UNIT)
def search(request: Request) -> HttpResponse:
    """The first of each; all units or people, page by page, where `?among=` names them."""
    words = asked_words(request)
    among = request.GET.get("among", "")
    today = clock.today()
    if sheets.is_wanted(request):
        return _as_sheet(request, words, among)
    units, persons = _page_of(request, UNITS, org.found), _page_of(request, PEOPLE, people.found)
    found = list(org.listed(list(units), today)) if units else []
    above = {unit.pk: unit.ancestor_ids[-1] for unit in found if unit.ancestor_ids}
    names = org.names_on(set(above.values()), today)
    notes = org.told_apart({unit.pk: unit.name for unit in found})
    shown = list(people.listed(list(persons), today)) if persons else []
    homes = org.apart({one.unit_id: one.unit_name for one in shown})
    called: list[Task] = []
    if words and not among:
        called = list(tasks.search(request.actor, words)[: FIRST + 1])
    rest: dict[str, list[Any]] = {"papers": [], "opinions": [], "themes": []}
    if words and not among:
        rest = {
            "papers": list(documents.search(request.actor, words)[:FIRST]),
            "opinions": list(opinions.search(request.actor, words)[:FIRST]),
            "themes": list(topics.themes(request.actor, words, "")[:FIRST]),
        }
    context = {
        **rest,
        "words": words,
        "units": units,
        "lines": [(unit, names.get(above.get(unit.pk, unit.pk), ""), notes.get(unit.pk, "")) for unit in found],
        "people": persons,
        "members": [(one, homes[one.unit_id]) for one in shown],
        "tasks": called[:FIRST],
        "more_tasks": len(called) > FIRST,
        "most": MOST_FOUND,
        "among": among if among in (UNITS, PEOPLE) else "",
    }
    return render(request, "desk/search.html", context)


def _page_of(request: Request, which: str, find: Callable[[Actor, str, date], list[UUID]]) -> "Page[UUID] | None":
    """The keys of the first few, or of the page asked for of these alone; None where others are asked for alone."""
    among = request.GET.get("among", "")
    if among in (UNITS, PEOPLE) and among != which:
        return None
    keys = find(request.actor, asked_words(request), clock.today())
    if among == which:
        return Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    return Paginator(keys, FIRST).get_page(1)


def _as_sheet(request: Request, words: str, among: str) -> HttpResponse:
    today = clock.today()
    found = []
    if among != UNITS:
        rows = list(sheets.all_of(people.search(request.actor, words, today)))
        homes = org.apart({one.unit_id: one.unit_name for one in rows})
        head = [_("Full name"), _("Unit"), _("Belongs as")]
        persons = ([one.person.name, homes[one.unit_id], one.get_status_display()] for one in rows)
        found.append(sheets.Sheet(_("People"), head, persons))
    if among != PEOPLE:
        units = list(sheets.all_of(org.search(request.actor, words, today, ended=True)))
        names = org.apart({one.pk: one.name for one in units})
        above = org.last_superiors(one.pk for one in units)
        lines = (
            [names[one.pk], str(one.kind), one.code, above.get(one.pk, ""), one.during.since, one.during.until]
            for one in units
        )
        head = [_("Unit"), _("Kind"), _("Code"), _("Superior unit"), _("Founded on"), _("Ended on")]
        found.append(sheets.Sheet(_("Units"), head, lines))
    return sheets.download_lists("tim-kiem", found)

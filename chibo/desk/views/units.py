"""A unit's page, as of any day: its name and place, who leads it, what is below it, its members, its meetings."""

from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import UNREADABLE, Request, page
from chibo.core import clock, sheets
from chibo.core.http import asked_words
from chibo.core.period import Period
from chibo.core.refusals import NotThere
from chibo.desk.forms import AsOfForm
from chibo.meetings import queries as meetings
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people import actions as register
from chibo.people import queries as people
from chibo.people.models import Membership, Transfer

CHILDREN_PER_PAGE = 50
MEMBERS_SHOWN = 30
MEMBERS_PER_PAGE = 50
MEETINGS_SHOWN = 5


def nearest(unit: Unit, day: date) -> date:
    """The day itself if the unit existed then, else the first or the last one on which it did."""
    during: Period = unit.during
    if during.since and day < during.since:
        return during.since
    return min(day, during.last_day or day)


def _day(request: Request, unit: Unit) -> tuple[date, AsOfForm, str]:
    """The day asked for by `?on=`, its form, and a sentence where the page shows another day than that."""
    asked = request.GET.get("on", "")
    today = clock.today()
    try:
        day = date.fromisoformat(asked) if asked else today
    except ValueError:
        day = nearest(unit, today)
        sentence = (
            _("“%(day)s” is not a day of the calendar. The page shows the unit as it is today.")
            if day == today
            else _("“%(day)s” is not a day of the calendar. The page shows the unit on its last day.")
        )
        return day, AsOfForm(), sentence % {"day": asked[:20]}
    shown = nearest(unit, day)
    form = AsOfForm(initial={"on": shown})
    if shown < day:
        ended = f"{unit.during.until:%d/%m/%Y}"
        return shown, form, _("The unit ended on %(day)s. The page shows its last day.") % {"day": ended}
    if shown > day:
        founded = f"{unit.during.since:%d/%m/%Y}"
        return shown, form, _("The unit was founded on %(day)s. The page shows its first day.") % {"day": founded}
    return day, form, ""


def _typed_day(request: Request, path: str) -> tuple[HttpResponse | None, AsOfForm | None]:
    """The three boxes of the form become the one word `?on=` of the address."""
    if "on_day" not in request.GET:
        return None, None
    form = AsOfForm(request.GET)
    if form.is_valid():
        return redirect(f"{path}?on={form.cleaned_data['on'].isoformat()}"), None
    return None, form


@page(get=Capability.SEE_UNIT)
def unit(request: Request, unit_id: UUID) -> HttpResponse:
    try:
        found = org.known(request.actor, unit_id)
    except NotThere:
        # An old link leads on to the heir that the viewer may see.
        heir = org.heir_for(request.actor, unit_id, clock.today())
        return redirect("unit", heir.pk)
    away, wrong = _typed_day(request, reverse("unit", args=[unit_id]))
    if away:
        return away
    on, form, sentence = _day(request, found)
    shown = org.known_as(found, on)
    today = clock.today()
    may = access.powers_over(
        request.actor,
        shown,
        Capability.MANAGE_UNITS,
        Capability.MANAGE_MEMBERS,
        Capability.MANAGE_ACCOUNTS,
        Capability.MANAGE_GRANTS,
        Capability.SEE_MEMBERS,
        Capability.SEE_RULES,
        Capability.SEE_DRAFTS,
        Capability.SEE_PROGRAMMES,
        Capability.SEE_DIRECTIVES,
        Capability.SEE_ADMISSIONS,
        Capability.SEE_DUES,
        Capability.SEE_READINESS,
        Capability.SEE_DUES_SUMS,
        Capability.SEE_MEETING,
        Capability.SEE_TASKS,
        Capability.SEE_TRANSFERS,
    )
    if sheets.is_wanted(request):
        return _children_as_sheet(request, shown, on)
    children = Paginator(org.children(request.actor, shown.pk, on), CHILDREN_PER_PAGE)
    page = children.get_page(request.GET.get("page"))
    notes = org.told_apart({one.pk: one.name for one in page})
    members = people.members(request.actor, shown.pk, on) if Capability.SEE_MEMBERS in may else None
    context = {
        "unit": shown,
        "line": org.line_above(shown, on),
        "on": on,
        "is_today": on == today,
        "is_there": today in shown.during,
        "sentence": sentence,
        "form": wrong or form,
        "former_names": org.former_names(shown.pk, on),
        "heirs": org.heirs_of(shown.pk, today) if today not in shown.during else [],
        "leaders": people.leaders(shown.pk, on),
        "committee": people.committee_on(shown.pk, on),
        "term_over": people.term_over_since(shown.pk, on) if on == today and today in shown.during else None,
        "page": page,
        "children": [(one, notes.get(one.pk, "")) for one in page],
        "member_count": members.count() if members is not None else None,
        "members": list(members[:MEMBERS_SHOWN]) if members is not None else [],
        "meetings": meetings.of_unit(request.actor, shown.pk)[:MEETINGS_SHOWN] if shown.kind.holds_meetings else [],
        "may": may,
        "may_found": org.may_found_below(request.actor, shown),
    }
    return render(request, "desk/unit.html", context, status=UNREADABLE if wrong else 200)


def _children_as_sheet(request: Request, unit: Unit, on: date) -> HttpResponse:
    found = list(sheets.all_of(org.children(request.actor, unit.pk, on)))
    names = org.apart({one.pk: one.name for one in found})
    rows = ([names[one.pk], str(one.kind), one.code] for one in found)
    head = [_("Unit"), _("Kind"), _("Code")]
    return sheets.download_lists(f"don-vi-{on:%Y%m%d}", [sheets.Sheet(unit.name, head, rows)])


@page(get=Capability.SEE_MEMBERS)
def members(request: Request, unit_id: UUID) -> HttpResponse:
    """Everybody who belongs to a unit on a day, by name."""
    found = org.known(request.actor, unit_id)
    access.require(request.actor, Capability.SEE_MEMBERS, found)
    on, _form, sentence = _day(request, found)
    shown = org.known_as(found, on)
    words = asked_words(request)
    rows = people.members(request.actor, shown.pk, on, words)
    may = access.powers_over(request.actor, shown, Capability.MANAGE_MEMBERS)
    guests = people.guests(shown.pk, on, words)
    if sheets.is_wanted(request):
        is_kept = Capability.MANAGE_MEMBERS in may
        return _members_as_sheet(request, shown, on, rows, guests, is_kept_by_viewer=is_kept)
    page = Paginator(rows, MEMBERS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": shown,
        "line": org.line_above(shown, on),
        "on": on,
        "is_today": on == clock.today(),
        "sentence": sentence,
        "words": words,
        "page": page,
        # Below the first page of the members; the page of a guest is open to his host while he stays.
        "guests": [(one, one.state == Transfer.State.STAYING) for one in guests] if page.number == 1 else [],
        "may": may,
    }
    return render(request, "desk/members.html", context)


def _first(guest: Transfer) -> date | None:
    during: Period | None = guest.during
    return during.since if during else None


def _members_as_sheet(
    request: Request,
    unit: Unit,
    on: date,
    rows: QuerySet[Membership],
    guests: list[Transfer],
    *,
    is_kept_by_viewer: bool,
) -> HttpResponse:
    """What the page shows; to who keeps the register also what each member's page tells him, which is written down."""
    head = [_("Full name"), _("Belongs as"), _("Since")]
    if is_kept_by_viewer:
        head += [_("Born on"), _("Admitted on"), _("Official since"), _("Card number"), _("E-mail address")]

    def line(one: Membership) -> list[object]:
        person = one.person
        said: list[object] = [person.name, one.get_status_display(), one.during.since]
        if is_kept_by_viewer:
            said += [person.born_on, person.joined_on, person.official_on, person.card_number, person.email]
        return said

    found = list(sheets.all_of(rows))
    if is_kept_by_viewer:
        persons = [one.person_id for one in found]
        register.note_readings(actor=request.actor, unit_id=unit.pk, person_ids=persons, at=clock.now())
    lines = [line(one) for one in found]
    lines += [[one.person.name, _("guest from %(unit)s") % {"unit": one.from_where}, _first(one)] for one in guests]
    return sheets.download_lists(f"dang-vien-{on:%Y%m%d}", [sheets.Sheet(unit.name, head, lines)])

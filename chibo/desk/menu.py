"""The main menu, as fits the viewer, and where else the work of a unit is done.

The menu costs two queries, and none on a page that shows no menu.
"""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.core.actor import NOBODY, Actor
from chibo.desk.queries import BELONGING, LEADING, units_held
from chibo.notifications import queries as notifications
from chibo.org.models import Unit

_DESKS = ("home", "month", "remind_all", "my_page", "attending", "officer", "behind", "operator")


@dataclass(frozen=True, slots=True)
class Item:
    url: str
    label: str
    is_current: bool
    waits: bool = False
    """Something new is there: on a phone it stands beside the folded menu."""


def menu(request: HttpRequest) -> dict[str, object]:
    """The items of the frame's menu; empty for who is not signed in."""
    viewer: Actor = getattr(request, "actor", NOBODY)
    return {"menu": SimpleLazyObject(lambda: _items(request, viewer))}


def _items(request: HttpRequest, viewer: Actor) -> list[Item]:
    if not viewer.is_signed_in:
        return []
    held = access.held_by(viewer)
    match = request.resolver_match
    here = (match.app_name, match.url_name or "") if match else ("", "")

    def item(name: str, label: str, *args: object, pages: tuple[str, ...] = ()) -> Item:
        """`pages` are a whole app, or the names of pages of the desk."""
        is_here = here[1] in pages or here[0] in pages
        return Item(reverse(name, args=args), label, is_here)

    leads = units_held(held, LEADING)
    belongs = units_held(held, (*BELONGING, Role.ATTENDING))
    operates = units_held(held, (Role.OPERATOR,))
    place = next(iter([*leads, *units_held(held, (Role.OFFICER,)), *belongs, *operates]), None)
    home = _("This month") if leads else _("My page")
    items = [item("home", home, pages=_DESKS)]
    if place and not operates:
        items.append(item("tasks:mine", _("Tasks"), pages=("tasks",)))
    if leads or belongs:
        items.append(item("meetings:of_unit", _("Meetings"), (leads or belongs)[0], pages=("meetings",)))
    if viewer.person_id:
        unread = notifications.unread_count(viewer)
        items.append(
            replace(item("notifications:notices", _notices(unread), pages=("notifications",)), waits=bool(unread))
        )
    if operates:
        items.append(item("access:accounts", _("Accounts"), operates[0], pages=("access",)))
    if place:
        items.append(item("unit", _("Organisation"), place, pages=("unit", "unit_members")))
        items.append(item("search", _("Search"), pages=("search",)))
        items.append(item("regulations:unit", _("Rules"), place, pages=("regulations",)))
    return items


def places(viewer: Actor, unit: Unit) -> list[tuple[str, str]]:
    """Where else the work of a unit is done, as far as a viewer may go there: label and address; one query."""
    every = _of_a_cell() if unit.kind.holds_meetings else _of_a_committee()
    may = access.powers_over(viewer, unit, *(power for power, _name, _label in every))
    places = [(label, reverse(name, args=[unit.pk])) for power, name, label in every if power in may]
    # A practice is one's own and of no unit.
    return places + ([(_("Practice cell"), reverse("training:practice"))] if Capability.SEE_TRAINING in may else [])


def _of_a_cell() -> list[tuple[Capability, str, str]]:
    return [
        (Capability.SEE_TOPICS, "topics:of_unit", _("What to talk about")),
        (Capability.SEE_TOPICS, "topics:plan", _("Plan of the year")),
        (Capability.SEE_OPINIONS, "opinions:inbox", _("Opinions and recommendations")),
        (Capability.SEE_DIRECTIVES, "learning:of_unit", _("Directives and guidance")),
        (Capability.SEE_DIRECTIVES, "learning:reading", _("The reading list")),
        (Capability.SEE_DRAFTS, "consultations:of_unit", _("Drafts for comment")),
        (Capability.SEE_PROGRAMMES, "programmes:of_unit", _("Programmes and models")),
        (Capability.SEE_ADMISSIONS, "admissions:of_unit", _("Growth of the Party")),
        (Capability.SEE_DUES, "dues:month", _("Dues")),
        (Capability.SEE_READINESS, "readiness:of_unit", _("Means to work with")),
        (Capability.SEE_SCORES, "assessment:year", _("Scores of the year")),
        (Capability.SEE_INSPECTIONS, "supervision:of_cell", _("Inspections")),
        (Capability.SEE_TRAINING, "training:of_unit", _("What to practise")),
        (Capability.NAME_FOR_COURSE, "courses:of_unit", _("Courses")),
    ]


def _of_a_committee() -> list[tuple[Capability, str, str]]:
    return [
        (Capability.SEE_MEETING, "unit_figures", _("On the structure of any day")),
        (Capability.SEE_TRANSFERS, "transfers", _("Letters of introduction")),
        (Capability.PLAN_ATTENDANCE, "supervision:board", _("Who attends which cell")),
        (Capability.INSPECT, "supervision:inspections", _("Inspections")),
        (Capability.SEE_OPINIONS, "opinions:inbox", _("Opinions and recommendations")),
        (Capability.PLAN_TOPICS, "topics:plan", _("Plan of the year")),
        (Capability.SEE_DIRECTIVES, "learning:of_unit", _("Directives and guidance")),
        (Capability.SEE_DIRECTIVES, "learning:materials", _("What there is to read")),
        (Capability.CONSULT, "consultations:of_unit", _("Drafts for comment")),
        (Capability.SEE_PROGRAMMES, "programmes:of_unit", _("Programmes and models")),
        (Capability.SEE_ADMISSIONS, "admissions:of_unit", _("Growth of the Party")),
        (Capability.SEE_DUES_SUMS, "dues:sums", _("Sums of dues")),
        (Capability.SEE_READINESS, "readiness:board", _("Means of the units below")),
        (Capability.SEE_TRAINING, "training:of_unit", _("What to practise")),
        (Capability.HOLD_COURSE, "courses:of_unit", _("Courses")),
    ]


def _notices(n: int) -> str:
    return ngettext("Notices (one unread)", "Notices (%(n)s unread)", n) % {"n": n} if n else _("Notices")

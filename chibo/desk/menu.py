"""The main menu, as fits the viewer; it costs two queries, and none on a page that shows no menu."""

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chibo.access import queries as access
from chibo.access.models import Role
from chibo.core.actor import NOBODY, Actor
from chibo.desk.queries import BELONGING, LEADING, units_held
from chibo.notifications import queries as notifications

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


def _notices(n: int) -> str:
    return ngettext("Notices (one unread)", "Notices (%(n)s unread)", n) % {"n": n} if n else _("Notices")

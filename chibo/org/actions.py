"""Founding, naming, moving and dissolving units, each from a day on."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical, unit_sort_key
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org import rules
from chibo.org.models import Kind, Parentage, Unit, UnitName, path_of

TREE = 2_025_0701


def _hold_the_tree() -> None:
    """Until the transaction ends nobody else changes a place in the tree: a path is made from the paths above it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE])


def _named(unit: Unit, name: str, during: Period) -> UnitName:
    name = canonical(name)
    if not name:
        raise Refused(fields={"name": [_("Write the unit's name.")]})
    return UnitName(unit=unit, name=name, sort_key=unit_sort_key(name), during=during)


@transaction.atomic
def found_unit(
    *, actor: Actor, kind: str, code: str, name: str, parent_id: UUID | None, since: date, at: datetime
) -> Unit:
    """Founds a unit below a parent (none: the root of a tree, which only the system may plant)."""
    _hold_the_tree()
    parent = None
    if parent_id:
        parent = Unit.objects.select_for_update(of=("self",)).select_related("kind").get(pk=parent_id)
    elif not actor.is_system:
        raise Refused(_("A new unit stands below another. Choose its superior unit."))
    unit = Unit(kind=Kind.objects.get(pk=kind), code=canonical(code), during=Period(since))
    unit.path = (parent.path if parent else "") + path_of([unit.pk])
    access.require(actor, Capability.MANAGE_UNITS, unit)
    if reason := rules.why_not_on(since, exists=parent.during if parent else Period(), today=clock.day_of(at)):
        raise Refused(fields={"since": [reason]})
    if since not in unit.kind.during:
        raise Refused(fields={"kind": [_("There were no units of this kind on that day. Choose another kind.")]})
    if parent and (reason := rules.why_not_below(above=parent.kind.rank, below=unit.kind.rank)):
        raise Refused(fields={"kind": [reason]})
    if parent and parent.during.until is not None:
        raise Refused(_("The superior unit has ended. Choose one that is still there."))
    if not unit.code:
        raise Refused(fields={"code": [_("Write a code of letters and figures.")]})
    try:
        with transaction.atomic():
            unit.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(fields={"code": [_("Another unit has this code. Choose another one.")]}) from error
    first = _named(unit, name, unit.during)
    first.save(force_insert=True)
    if parent:
        Parentage.objects.create(unit=unit, parent=parent, during=unit.during)
    audit.record(actor, Verb.UNIT_FOUNDED, unit, at=at, unit_id=unit.pk, name=first.name, since=since.isoformat())
    return unit


@transaction.atomic
def rename_unit(*, actor: Actor, unit_id: UUID, name: str, since: date, at: datetime) -> Unit:
    """Gives a unit a new name from a day on; papers of before keep the old one."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_UNITS, unit)
    if reason := rules.why_not_on(since, exists=unit.during, today=clock.day_of(at)):
        raise Refused(fields={"since": [reason]})
    current = unit.names.get(during__contains=since)
    if reason := rules.why_not_changed_from(since, current=current.during, exists=unit.during):
        raise Refused(fields={"since": [reason]})
    new = _named(unit, name, Period(since, current.during.until))
    if new.name == current.name:
        raise Refused(fields={"name": [_("This is the name already. Write the new one.")]})
    current.during = current.during.until_day(since)
    current.save(update_fields=["during"])
    new.save(force_insert=True)
    audit.record(
        actor, Verb.UNIT_RENAMED, unit, at=at, unit_id=unit.pk, was=current.name, name=new.name, since=since.isoformat()
    )
    return unit


@transaction.atomic
def move_unit(*, actor: Actor, unit_id: UUID, parent_id: UUID, since: date, at: datetime) -> Unit:
    """Puts a unit, with all below it, under another parent from a day on.

    Ranks grow strictly downwards on every day, so that no move on any day can close a circle.
    """
    _hold_the_tree()
    ids = sorted([unit_id, parent_id])
    rows = Unit.objects.select_for_update(of=("self",)).select_related("kind").filter(pk__in=ids).order_by("pk")
    locked = {unit.pk: unit for unit in rows}
    unit, parent = locked[unit_id], locked[parent_id]
    old, new = unit.path, parent.path + path_of([unit.pk])
    access.require(actor, Capability.MANAGE_UNITS, unit)
    access.require(actor, Capability.MANAGE_UNITS, Unit(pk=unit.pk, path=new))
    for exists in (unit.during, parent.during):
        if reason := rules.why_not_on(since, exists=exists, today=clock.day_of(at)):
            raise Refused(fields={"since": [reason]})
    if reason := rules.why_not_under(unit.path, parent.path):
        raise Refused(fields={"parent": [reason]})
    if reason := rules.why_not_below(above=parent.kind.rank, below=unit.kind.rank):
        raise Refused(fields={"parent": [reason]})
    current = unit.parentages.filter(during__contains=since).first()
    if reason := rules.why_not_changed_from(since, current=current.during if current else None, exists=unit.during):
        raise Refused(fields={"since": [reason]})
    assert current is not None
    if current.parent_id == parent_id:
        raise Refused(fields={"parent": [_("The unit stands there already. Choose another superior unit.")]})
    if parent.during.until is not None and (unit.during.until is None or parent.during.until < unit.during.until):
        raise Refused(fields={"parent": [_("The superior unit ends before this unit does. Choose another one.")]})
    was, until = current.parent_id, current.during.until
    current.during = current.during.until_day(since)
    current.save(update_fields=["during"])
    Parentage.objects.create(unit=unit, parent=parent, during=Period(since, until))
    Unit.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr("path", len(old) + 1, Length(F("path"))))
    )
    unit.path = new
    facts = {"was": str(was), "parent": str(parent_id), "since": since.isoformat()}
    audit.record(actor, Verb.UNIT_MOVED, unit, at=at, unit_id=unit.pk, **facts)
    return unit


@transaction.atomic
def dissolve_unit(*, actor: Actor, unit_id: UUID, on: date, at: datetime) -> Unit:
    """Ends a unit on a day (the first on which it is no more). Its members and the units below it must have left."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    access.require(actor, Capability.MANAGE_UNITS, unit)
    lasting = [row for rows in (unit.names, unit.parentages) for row in rows.filter(during__upper_inf=True)]
    last_change = max((row.during.since for row in lasting if row.during.since), default=None)
    if reason := rules.why_not_end_on(on, exists=unit.during, last_change=last_change, today=clock.day_of(at)):
        raise Refused(fields={"on": [reason]})
    if unit.child_parentages.filter(during__overlap=Period(on)).exists():
        raise Refused(_("Units still stand below this one. Move or dissolve them first."))
    if unit.memberships.filter(during__overlap=Period(on)).exists():
        raise Refused(_("The unit still has members. Transfer them first."))
    if unit.offices.filter(during__overlap=Period(on)).exists():
        raise Refused(_("Somebody still holds an office in the unit. End the office first."))
    for row in lasting:
        row.during = row.during.until_day(on)
        row.save(update_fields=["during"])
    unit.during = unit.during.until_day(on)
    unit.save(update_fields=["during"])
    audit.record(actor, Verb.UNIT_DISSOLVED, unit, at=at, unit_id=unit.pk, on=on.isoformat())
    return unit

"""What the demo's cells have undertaken: a model that was recognised and is shown, one that was taken from it, one that
waits for an answer, and one that is still being prepared."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from chibo.core import clock
from chibo.core.actor import Actor
from chibo.demo.district import facts
from chibo.demo.months import cell
from chibo.org.models import Unit
from chibo.programmes import actions, rules
from chibo.programmes.models import Cycle, Entry
from chibo.programmes.rules import CheckKind, Nature, Undertaking

CELLS = ("vinh-dong-02", "vinh-dong-03", "vinh-dong-04", "vinh-dong-01")
DAYS_AGO = 150


@transaction.atomic
def spread(ids: dict[str, UUID], officer: Actor, at: datetime) -> None:
    """Plays a programme of the commune from its call some months ago to today."""
    given = facts()["programme"]
    unit_id = Unit.objects.get(pk=ids[CELLS[0]]).ancestor_ids[-1]
    start = rules.starts()[Nature.MASS_MOBILISATION]
    began = at - timedelta(days=DAYS_AGO)
    programme = actions.call(
        actor=officer,
        unit_id=unit_id,
        nature=Nature.MASS_MOBILISATION,
        title=start.title,
        gist=start.gist,
        fields=start.fields,
        criteria=start.criteria,
        asks_members=False,
        at=began,
    )
    cycle = actions.open_cycle(
        actor=officer,
        programme_id=programme.pk,
        title=given["round"],
        registers_until=clock.day_of(at) + timedelta(days=30),
        ends_on=clock.day_of(at) + timedelta(days=200),
        at=began,
    )
    first, second, third, last = given["models"]
    shown = _recognised(cycle, ids[CELLS[0]], officer, first, began)
    taken = _begun(cycle, ids[CELLS[1]], second, began + timedelta(days=60), source_id=shown.pk)
    _registered(taken, began + timedelta(days=61))
    actions.answer(actor=officer, entry_id=taken.pk, accepts=True, why="", at=began + timedelta(days=64))
    _checked(taken, CheckKind.SELF, second, began + timedelta(days=120))
    _registered(_begun(cycle, ids[CELLS[2]], third, at - timedelta(days=2)), at - timedelta(days=2))
    _begun(cycle, ids[CELLS[3]], last | {"numbers": [None, None, 0]}, at - timedelta(days=1))


def _secretary(entry: Entry, at: datetime) -> Actor:
    return cell(entry.unit_id, clock.day_of(at)).secretary


def _begun(cycle: Cycle, unit_id: UUID, given: dict[str, Any], at: datetime, *, source_id: UUID | None = None) -> Entry:
    baseline, target, _now = given["numbers"]
    undertaking = Undertaking(
        title=given["title"],
        aim=given["aim"],
        measure=given["measure"],
        baseline=None if baseline is None else Decimal(baseline),
        target=None if target is None else Decimal(target),
        fields=(given["field"],),
        adapted=given.get("adapted", ""),
    )
    secretary = cell(unit_id, clock.day_of(at)).secretary
    return actions.begin(
        actor=secretary, cycle_id=cycle.pk, unit_id=unit_id, given=undertaking, source_id=source_id, at=at
    )


def _registered(entry: Entry, at: datetime) -> Entry:
    return actions.register(actor=_secretary(entry, at), entry_id=entry.pk, seen_version=entry.version, at=at)


def _checked(entry: Entry, kind: CheckKind, given: dict[str, Any], at: datetime, officer: Actor | None = None) -> None:
    actions.check(
        actor=officer or _secretary(entry, at),
        entry_id=entry.pk,
        kind=kind,
        value=Decimal(given["numbers"][2]),
        words="Đã vận động từng hộ, kiểm tra thực tế tại xóm.",
        met=entry.cycle.programme.criteria[""][:3],
        passes=True if kind is CheckKind.FINAL else None,
        at=at,
    )


def _recognised(cycle: Cycle, unit_id: UUID, officer: Actor, given: dict[str, Any], began: datetime) -> Entry:
    entry = _registered(_begun(cycle, unit_id, given, began), began + timedelta(days=1))
    actions.answer(actor=officer, entry_id=entry.pk, accepts=True, why="", at=began + timedelta(days=3))
    _checked(entry, CheckKind.SELF, given, began + timedelta(days=40))
    _checked(entry, CheckKind.FINAL, given, began + timedelta(days=50), officer)
    actions.recognise(
        actor=officer,
        entry_id=entry.pk,
        unit_id=cycle.programme.unit_id,
        decision="31-QĐ/ĐU",
        decided_on=clock.day_of(began + timedelta(days=52)),
        award="Giấy khen",
        at=began + timedelta(days=52),
    )
    secretary = _secretary(entry, began)
    actions.show_others(
        actor=secretary, entry_id=entry.pk, seen_version=0, at=began + timedelta(days=55), **given["kit"]
    )
    return entry

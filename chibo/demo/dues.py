"""What the demo's first cells have collected: four months, one member far behind, one sum that waits above."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from chibo.access import actions as access
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.demo.district import actor_of
from chibo.demo.months import cell
from chibo.dues import actions, queries, rules
from chibo.dues.rules import Payer
from chibo.org.models import Unit
from chibo.people.models import Membership

CELLS = ("vinh-dong-01", "vinh-dong-02", "vinh-dong-03", "vinh-dong-04")
MONTHS = 4
BASES = {Payer.WORKER: 7_350_000, Payer.PENSIONER: 4_820_000}
KINDS = (Payer.OTHER, Payer.OTHER, Payer.WORKER, Payer.RETIRED, Payer.PENSIONER, Payer.OTHER, Payer.STUDENT)


@transaction.atomic
def collect(ids: dict[str, UUID], officer: Actor, at: datetime) -> None:
    """Plays the dues of the last months; what was handed up last waits for the officer."""
    for code in CELLS:
        _of_cell(Unit.objects.select_related("kind").get(pk=ids[code]), officer, at)


def _of_cell(unit: Unit, officer: Actor, at: datetime) -> None:
    this = clock.day_of(at).replace(day=1)
    began = clock.instant(rules.shifted(this, -MONTHS), 8)
    team = cell(unit.pk, clock.day_of(at))
    offered = list(queries.may_collect(unit, clock.day_of(at)))
    # A member of the cell's committee, where it has one, else the first by name.
    chosen = next((one.person for one in offered if one.person in team.leaders), offered[0].person)
    if chosen.user_id is None:
        access.open_account(actor=SYSTEM, person_id=chosen.pk, username=f"thu-{unit.code}", at=began)
        chosen.refresh_from_db()
    actions.name_collector(actor=team.secretary, unit_id=unit.pk, person_id=chosen.pk, at=began)
    paying = queries.payers(unit, clock.day_of(at))
    for n, one in enumerate(paying[:-1]):
        payer = KINDS[n % len(KINDS)]
        actions.agree(
            actor=team.secretary,
            unit_id=unit.pk,
            person_id=one.person_id,
            payer=payer,
            base=BASES.get(payer),
            more=None,
            since=rules.shifted(this, 1 - MONTHS),
            at=at,
        )
    for n in range(MONTHS):
        _month(unit, actor_of(chosen), officer, paying, rules.shifted(this, n + 1 - MONTHS), at)


def _month(unit: Unit, collector: Actor, officer: Actor, paying: list[Membership], month: date, at: datetime) -> None:
    today = clock.day_of(at)
    is_last = month == today.replace(day=1)
    # One member has not paid for months, and in the running month not everybody has yet.
    came = [one.person_id for n, one in enumerate(paying) if n != 1 and not (is_last and n % 3 == 2)]
    on = min(month + timedelta(days=4), today)
    actions.collect(actor=collector, unit_id=unit.pk, person_ids=came, month=month, paid_on=on, at=at)
    rest = queries.balance(unit.pk).to_hand_up
    if not is_last and rest > 0:
        given = actions.hand_up(
            actor=collector, unit_id=unit.pk, month=month, amount=rest, handed_on=min(on, today), at=at
        )
        if rules.next_month(month) != today.replace(day=1):
            actions.confirm(actor=officer, handing_id=given.pk, at=at)

"""A cell's month and a member's account, for the two offices and himself; above them sums of units, without names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.core.actor import Actor
from chibo.core.period import month as whole_month
from chibo.core.refusals import NotThere, Refused
from chibo.dues import rules
from chibo.dues.models import Amount, Handing, Payment, Reason
from chibo.dues.rules import Agreed, Payer, State
from chibo.org import queries as org
from chibo.org.models import Parentage, Unit
from chibo.people import queries as people
from chibo.people.models import Membership, Person, Status
from chibo.regulations import queries as regulations
from chibo.regulations.queries import Line as RuleLine


def of_cell(viewer: Actor, unit_id: UUID, on: date, *, power: Capability = Capability.SEE_DUES) -> Unit:
    """A cell of a day whose dues a viewer may see (or set, or collect, by `power`). Raises NotThere for any other."""
    units = Unit.objects.on(on).named(on).select_related("kind").filter(pk=unit_id, kind__holds_meetings=True)
    found = access.visible(viewer, power, units, field="").first()
    if found is None:
        raise NotThere
    return found


# Who pays where, and what


def day_that_counts(month: date, today: date) -> date:
    """The day on which one pays for a month where one belongs: its last, or today while it has not come."""
    last = whole_month(month).last_day
    assert last is not None
    return min(last, today)


def payers(unit: Unit, on: date) -> list[Membership]:
    """Who pays in a cell on a day: its members as the rules in force say, and its guests; by name. Four queries."""
    statuses = set(regulations.value("dues.payers", unit, on).value)
    own = [one for one in people.membership_on(unit.pk, on) if one.status in statuses]
    known = {one.person_id for one in own}
    guests = [one for one in people.guests_on(unit.pk, on) if one.person_id not in known]
    return sorted([*own, *guests], key=lambda one: (one.person.sort_key, one.person_id))


def pays_in(unit: Unit, person_id: UUID, on: date) -> Person:
    """Somebody who pays in a cell on a day. Raises NotThere for everybody else."""
    for one in payers(unit, on):
        if one.person_id == person_id:
            return one.person
    raise NotThere


def base_and_percent(payer: Payer, unit: Unit, month: date, base: int | None) -> tuple[int, float]:
    """Of what base somebody pays how many per cent by the rules in force for a month. Raises Refused where none is."""
    on = whole_month(month).last_day
    assert on is not None
    if payer is Payer.EXEMPT:
        return 0, 0
    found = regulations.values([f"dues.{payer}", "dues.minimum_wage"], unit, on)
    rule = found.get(f"dues.{payer}")
    wage = found.get("dues.minimum_wage")
    if rule is None or (payer in rules.OF_MINIMUM_WAGE and wage is None):
        raise Refused(fields={"since": [_("No rule on this amount is in force in that month. Choose a later month.")]})
    if payer is Payer.STUDENT:
        return int(rule.value), 100
    return (base or 0) if payer in rules.OWN_BASE else int(wage.value if wage else 0), rule.value


def step(unit: Unit, on: date) -> int:
    """To how many đồng amounts are rounded."""
    return int(regulations.value("dues.rounding", unit, on).value)


def kept_percent(unit: Unit, on: date) -> float:
    """How many per cent a cell keeps of what is paid on a day."""
    return float(regulations.value("dues.kept", unit, on).value)


def rates(unit: Unit, on: date, language: str) -> list[RuleLine]:
    """What the rules in force say of amounts and shares, for a page to show with their sources."""
    names = [f"dues.{one}" for one in Payer if one is not Payer.EXEMPT]
    found = regulations.values([*names, "dues.minimum_wage", "dues.rounding", "dues.kept"], unit, on)
    return [RuleLine.of(one, language) for one in found.values()]


# One member


@dataclass(frozen=True, slots=True)
class Standing:
    """How one member stands in a month: what he owes (None: nothing agreed), has paid, which months before are open.

    `looked_at`: the open months of this year without a reason, where the rule wants the cell to look at them.
    """

    person: Person
    is_guest: bool
    payer: str
    owed: int | None
    paid: int
    behind: Sequence[date]
    looked_at: Sequence[date]

    @property
    def open(self) -> int:
        return max((self.owed or 0) - self.paid, 0)

    @property
    def owes(self) -> bool:
        """Whether he has anything to pay for the month."""
        return bool(self.owed)

    @property
    def has_paid(self) -> bool:
        return self.owes and not self.open


@dataclass(frozen=True, slots=True)
class _Known:
    amounts: Mapping[UUID, list[Amount]]
    paid: Mapping[UUID, dict[date, int]]
    reasons: Mapping[UUID, list[Reason]]


def _known(person_ids: Iterable[UUID], today: date) -> _Known:
    """What is written of these members; three queries."""
    ids = list(person_ids)
    amounts: dict[UUID, list[Amount]] = defaultdict(list)
    for one in Amount.objects.filter(person__in=ids).order_by("pk"):
        amounts[one.person_id].append(one)
    paid: dict[UUID, dict[date, int]] = defaultdict(dict)
    first = rules.shifted(today.replace(day=1), -2 * rules.MONTHS_BACK)
    sums = Payment.objects.filter(person__in=ids, month__gte=first).values("person", "month").annotate(n=Sum("amount"))
    for row in sums.order_by():
        paid[row["person"]][row["month"]] = row["n"]
    reasons: dict[UUID, list[Reason]] = defaultdict(list)
    for why in Reason.objects.filter(person__in=ids).order_by("-first", "-pk"):
        reasons[why.person_id].append(why)
    return _Known(amounts, paid, reasons)


def agreed(amounts: Iterable[Amount]) -> list[Agreed]:
    return [Agreed(one.since, one.amount) for one in amounts]


def _standing(membership: Membership, unit: Unit, month: date, today: date, known: _Known, most: int) -> Standing:
    person = membership.person
    rows = known.amounts.get(person.pk, [])
    have, paid = agreed(rows), known.paid.get(person.pk, {})
    behind = rules.unpaid(have, paid, today.replace(day=1))
    spans = [(one.first, one.last) for one in known.reasons.get(person.pk, [])]
    bare = rules.without_reason(behind, spans, today.year)
    current = [one for one in rows if one.since <= month]
    payer = max(current, key=lambda one: (one.since, one.pk)).payer if current else ""
    return Standing(
        person=person,
        is_guest=membership.unit_id != unit.pk,
        payer=payer,
        owed=rules.owed(have, month),
        paid=paid.get(month, 0),
        behind=behind,
        looked_at=bare if len(bare) >= most else [],
    )


def standings(unit: Unit, month: date, today: date) -> list[Standing]:
    """How everybody who pays in a cell stands in a month, by name; the caller has asked who may know. Eight queries."""
    rows = payers(unit, day_that_counts(month, today))
    known = _known((one.person_id for one in rows), today)
    most = int(regulations.value("dues.unpaid.months", unit, today).value)
    return [_standing(one, unit, month, today, known, most) for one in rows]


def told(unit: Unit, month: date, today: date) -> tuple[int, int]:
    """How many have paid for a month in a cell, of how many who owe something: what a meeting is told."""
    rows = standings(unit, month, today)
    return sum(one.has_paid for one in rows), sum(one.owes for one in rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One month of a member's account."""

    month: date
    owed: int | None
    paid: int

    @property
    def is_open(self) -> bool:
        return self.paid < (self.owed or 0)


@dataclass(frozen=True, slots=True)
class Account:
    """What is written of one member: his months, the latest first, what was agreed, why he did not pay."""

    lines: Sequence[Line]
    amounts: Sequence[Amount]
    reasons: Sequence[Reason]
    behind: Sequence[date]


def account(person_id: UUID, today: date) -> Account:
    """The account of one member; the caller has asked who may know. Three queries."""
    known = _known([person_id], today)
    amounts, paid = known.amounts.get(person_id, []), known.paid.get(person_id, {})
    have, this = agreed(amounts), today.replace(day=1)
    months = set(paid)
    if have:
        first = max(min(one.since for one in have), rules.shifted(this, -rules.MONTHS_BACK))
        months |= set(rules.months_from(first, this))
    lines = [Line(month, rules.owed(have, month), paid.get(month, 0)) for month in sorted(months, reverse=True)]
    return Account(
        lines=lines,
        amounts=sorted(amounts, key=lambda one: (one.since, one.pk), reverse=True),
        reasons=known.reasons.get(person_id, []),
        behind=rules.unpaid(have, paid, this),
    )


def payments_of(person_id: UUID | None) -> QuerySet[Payment]:
    """What a member has paid, the latest first, with what takes any of it out of the sums; the caller has asked."""
    rows = Payment.objects.filter(person_id=person_id) if person_id else Payment.objects.none()
    rows = rows.select_related("corrected_by", "unit", "corrects")
    return rows.order_by("-at", "-pk")


def payment(viewer: Actor, payment_id: UUID, *, power: Capability = Capability.SEE_DUES) -> Payment:
    """One payment that a viewer may see by his office, or as his own. Raises NotThere for any other."""
    rows = Payment.objects.select_related("unit__kind", "issued_by__kind", "person", "by", "corrects", "corrected_by")
    found = rows.filter(pk=payment_id).first()
    if found is None:
        raise NotThere
    is_own = power is Capability.SEE_DUES and found.person_id == viewer.person_id
    if not (access.can(viewer, power, found.unit) or is_own):
        raise NotThere
    return found


def of_receipt(found: Payment) -> list[Payment]:
    """All that one receipt is for, by month."""
    rows = Payment.objects.filter(
        issued_by=found.issued_by_id,
        number=found.number,
        person=found.person_id,
        paid_on__year=found.paid_on.year,
    ).select_related("issued_by__kind", "person", "corrects")
    return list(rows.order_by("month", "pk"))


# The two offices


def collectors(unit_id: UUID, on: date) -> list[Grant]:
    """Who collects in a cell on a day."""
    rows = Grant.objects.on(on).filter(unit_id=unit_id, role=Role.COLLECTOR, matter=None)
    return list(rows.select_related("user__person"))


def may_collect(unit: Unit, on: date) -> QuerySet[Membership]:
    """The members of a cell who could collect: neither secretary nor deputy, by name."""
    rows = Membership.objects.on(on).filter(unit=unit).exclude(status__in=[Status.SUSPENDED, Status.ELSEWHERE])
    approving = people.leads([unit.pk], on)
    return rows.exclude(person__in=approving).select_related("person").order_by("person__sort_key", "pk")


# Money of a cell


@dataclass(frozen=True, slots=True)
class Balance:
    """What a cell has collected, kept and handed up in all, in đồng."""

    collected: int
    kept: int
    handed: int

    @property
    def to_hand_up(self) -> int:
        """What has still to go up; below nought where more went up than was due."""
        return self.collected - self.kept - self.handed


def balance(unit_id: UUID) -> Balance:
    """The balance of a cell through all months; two queries."""
    paid = Payment.objects.filter(unit_id=unit_id).aggregate(amount=Sum("amount"), kept=Sum("kept"))
    handed = Handing.objects.filter(unit_id=unit_id, state__in=rules.COUNTS).aggregate(n=Sum("amount"))
    return Balance(paid["amount"] or 0, paid["kept"] or 0, handed["n"] or 0)


def of_month(unit_id: UUID, month: date) -> tuple[int, int]:
    """What came in for a month in a cell, and what it keeps of that."""
    paid = Payment.objects.filter(unit_id=unit_id, month=month).aggregate(amount=Sum("amount"), kept=Sum("kept"))
    return paid["amount"] or 0, paid["kept"] or 0


def handings_of(unit_id: UUID) -> QuerySet[Handing]:
    """What a cell has handed up, the latest first; the caller has asked."""
    return Handing.objects.filter(unit_id=unit_id).select_related("to_unit").order_by("-at", "-pk")


def handing(viewer: Actor, handing_id: UUID) -> Handing:
    """One sum that was handed up, for the cell and for whom it was handed to. Raises NotThere for anybody else."""
    found = Handing.objects.select_related("unit__kind", "to_unit__kind", "by").filter(pk=handing_id).first()
    if found is None or not (
        access.can(viewer, Capability.SEE_DUES, found.unit)
        or access.can(viewer, Capability.RECEIVE_DUES, found.to_unit)
    ):
        raise NotThere
    return found


def to_confirm(viewer: Actor, unit: Unit) -> QuerySet[Handing]:
    """What was handed to a unit and waits for its answer, the earliest first; for who works in its own office."""
    rows = Handing.objects.filter(to_unit=unit, state=State.SENT)
    return access.visible(viewer, Capability.RECEIVE_DUES, rows, field="to_unit").order_by("at", "pk")


def superior_of(unit_id: UUID, on: date) -> UUID | None:
    """The unit above a cell, to which it hands up."""
    return Parentage.objects.filter(unit_id=unit_id, during__contains=on).values_list("parent_id", flat=True).first()


# Sums up the tree


SUMS = ("payers", "owed", "collected", "kept", "handed", "received")


@dataclass(frozen=True, slots=True)
class Sums:
    """The month of one unit and all below it: who pay (persons), then in đồng what they owe, what came in, what the
    cells keep of it, what of the rest they have handed up, and what of that was confirmed."""

    unit_id: UUID
    name: str
    is_cell: bool
    payers: int
    owed: int
    collected: int
    kept: int
    handed: int
    received: int

    @property
    def to_go_up(self) -> int:
        return self.collected - self.kept


def sums(viewer: Actor, unit: Unit, month: date, today: date) -> list[Sums]:
    """Of the units directly below one, the month of each with all below it, in the order of their names; two queries,
    three where there are namesakes. What is no more counts with what it went on in."""
    access.require(viewer, Capability.SEE_DUES_SUMS, unit)
    on = day_that_counts(month, today)
    facts = {
        "path": unit.path,
        "after": unit.path + "g",
        "cut": len(unit.path) + 1,
        "on": on,
        "month": month,
        "statuses": regulations.value("dues.payers", unit, on).value,
        "counts": [str(one) for one in rules.COUNTS],
        "received": str(State.RECEIVED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, facts)
        rows = cursor.fetchall()
    names = org.apart({row[0]: row[1] for row in rows})
    return [Sums(pk, names[pk], is_cell, *numbers) for pk, _said, is_cell, *numbers in rows]


# A path is 32 hexadecimal figures a step, so that what lies below one sorts before the path with a g behind it. A guest
# pays where he is, and stands at home as elsewhere, which is no status that pays.
_SUMS = """
WITH below AS MATERIALIZED (
    SELECT id, encode(substr(path::bytea, %(cut)s, 32), 'escape') AS step FROM org_unit
    WHERE path > %(path)s AND path < %(after)s AND path NOT LIKE %(path)s || '~%%'
), pays AS (
    SELECT b.step, m.person_id FROM below b JOIN people_membership m ON m.unit_id = b.id
    WHERE m.during @> %(on)s::date AND m.status = ANY(%(statuses)s::text[])
    UNION
    SELECT b.step, t.person_id FROM below b JOIN people_transfer t ON t.to_unit_id = b.id
    WHERE t.kind = 'temporary' AND t.during @> %(on)s::date
), owed AS (
    SELECT p.step, count(*) AS payers, coalesce(sum(a.amount), 0) AS owed
    FROM pays p LEFT JOIN LATERAL (
        SELECT amount FROM dues_amount WHERE person_id = p.person_id AND since <= %(month)s
        ORDER BY since DESC, id DESC LIMIT 1
    ) a ON true GROUP BY p.step
), paid AS (
    SELECT b.step, sum(p.amount) AS collected, sum(p.kept) AS kept
    FROM below b JOIN dues_payment p ON p.unit_id = b.id WHERE p.month = %(month)s GROUP BY b.step
), handed AS (
    SELECT b.step, sum(h.amount) AS handed, coalesce(sum(h.amount) FILTER (WHERE h.state = %(received)s), 0) AS received
    FROM below b JOIN dues_handing h ON h.unit_id = b.id
    WHERE h.month = %(month)s AND h.state = ANY(%(counts)s::text[]) GROUP BY b.step
)
SELECT u.id, n.name, k.holds_meetings, coalesce(o.payers, 0), coalesce(o.owed, 0), coalesce(p.collected, 0),
    coalesce(p.kept, 0), coalesce(h.handed, 0), coalesce(h.received, 0)
FROM (SELECT DISTINCT step FROM below) s JOIN org_unit u ON u.id = s.step::uuid
JOIN org_kind k ON k.code = u.kind_id
JOIN org_unitname n ON n.unit_id = u.id AND upper_inf(n.during)
LEFT JOIN owed o ON o.step = s.step LEFT JOIN paid p ON p.step = s.step LEFT JOIN handed h ON h.step = s.step
ORDER BY n.sort_key, u.id"""


def officers(unit_id: UUID, on: date) -> set[UUID]:
    """Who works on a day for the office that confirms what is handed up to a unit."""
    rows = Grant.objects.on(on).filter(unit=unit_id, role=Role.OFFICER, matter=None, user__person__isnull=False)
    return set(rows.values_list("user__person", flat=True))

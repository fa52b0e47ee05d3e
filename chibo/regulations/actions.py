"""Setting and ending a committee's own value of an open key."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import canonical
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.regulations import rules
from chibo.regulations.models import Value


@transaction.atomic
def set_value(
    *,
    actor: Actor,
    unit_id: UUID,
    key: str,
    value: Any,
    during: Period,
    source: str,
    at: datetime,
    issuer: str = "",
    kind: str = "",
) -> Value:
    """Sets an open key for a unit and all below it; `issuer` is who decided, by default the unit itself.

    A value that was set earlier and has no nearer end gives way from the first day of the new one.
    """
    described = rules.key(key)
    unit = Unit.objects.select_for_update(no_key=True).named(clock.day_of(at)).get(pk=unit_id)
    access.require(actor, Capability.SET_RULES, unit)
    if reason := rules.why_not_set(described, during):
        raise Refused(fields={"since": [reason]})
    if reason := rules.why_not(described, value):
        raise Refused(fields={"value": [reason]})
    if not source.strip():
        raise Refused(
            fields={"source": [_("Write the number and the day of the decision, so that others can find it.")]}
        )
    for other in Value.objects.filter(unit=unit, key=key, kind=kind, during__overlap=during):
        if not rules.gives_way(other.during, during):
            day = other.during.since
            raise Refused(
                fields={
                    "since": [
                        _("Another value was set from %(day)s. Choose a later day, or take that one back first.")
                        % {"day": f"{day:%d/%m/%Y}"}
                    ]
                }
            )
        other.during = other.during.until_day(during.since)
        other.save(update_fields=["during"])
    row = Value.objects.create(
        unit=unit,
        key=key,
        kind=kind,
        value=value,
        during=during,
        issuer=canonical(issuer) or unit.name,
        source=canonical(source),
        set_at=at,
    )
    audit.record(actor, Verb.VALUE_SET, row, at=at, key=key, value=value, **_days(during))
    return row


@transaction.atomic
def end_value(*, actor: Actor, value_id: UUID, on: date, at: datetime) -> None:
    """Ends a committee's value on a day, the first on which it no longer holds; one that never held by then is gone.

    The audit keeps what it said.
    """
    row = Value.objects.select_for_update(of=("self",)).select_related("unit").get(pk=value_id)
    access.require(actor, Capability.SET_RULES, row.unit)
    if row.during.until is not None and on >= row.during.until:
        raise Refused(fields={"on": [_("It ended before that day already. Choose an earlier day.")]})
    facts = {"key": row.key, "value": row.value, "on": on.isoformat(), **_days(row.during)}
    if row.during.since is not None and on <= row.during.since:
        audit.record(actor, Verb.VALUE_ENDED, row, at=at, **facts)
        row.delete()
        return
    row.during = row.during.until_day(on)
    row.save(update_fields=["during"])
    audit.record(actor, Verb.VALUE_ENDED, row, at=at, **facts)


def hand_down(*, actor: Actor, heirs: Mapping[UUID, Sequence[UUID]], on: date, at: datetime) -> list[Effect]:
    """Lets new units keep, from a day on, what was set for the units that went on in them (by heir: those units).

    A value is kept where it was set for every one of them and they do not differ; else the rule of the committee above
    is in force, until the heir's own committee sets one.
    """
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=heirs))
    before = Value.objects.filter(unit__in={one for own in heirs.values() for one in own}, during__contains=on)
    of: dict[UUID, dict[tuple[str, str], Value]] = {}
    for row in before:
        of.setdefault(row.unit_id, {})[row.key, row.kind] = row
    kept = []
    for heir, own in heirs.items():
        first, *others = [of.get(one, {}) for one in own]
        for named, row in first.items():
            if all(named in other and other[named].value == row.value for other in others):
                kept.append(
                    Value(
                        unit_id=heir,
                        key=row.key,
                        kind=row.kind,
                        value=row.value,
                        during=Period(on, row.during.until),
                        issuer=row.issuer,
                        source=row.source,
                        set_at=at,
                    )
                )
    Value.objects.bulk_create(kept)
    lines: list[org.Entry] = [
        (Verb.VALUE_SET, row, None, {"key": row.key, "value": row.value, "is_kept": True, **_days(row.during)})
        for row in kept
    ]
    audit.record_all(actor, lines, at=at)
    return [Effect("regulations_value", row.pk) for row in kept]


def _days(during: Period) -> dict[str, Any]:
    return {
        "since": during.since.isoformat() if during.since else None,
        "until": during.until.isoformat() if during.until else None,
    }

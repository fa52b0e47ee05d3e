"""What is done from a desk to several things at once."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.desk import queries
from chibo.documents.actions import refuse_classified
from chibo.meetings import queries as meetings
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people import queries as register
from chibo.people import rules
from chibo.people.models import Committee, Person, Title, Transfer
from chibo.readiness import queries as readiness
from chibo.regulations import queries as regulations
from chibo.tasks import actions as tasks
from chibo.tasks import queries as task_queries


class Reminded(NamedTuple):
    """Of how many tasks how many people were reminded; and the names of those whom no notice reaches."""

    tasks: int
    people: int
    in_person: list[str]


@transaction.atomic
def remind_all(*, actor: Actor, unit_id: UUID, at: datetime) -> Reminded:
    """Reminds of every task that is to be reported at the unit's next regular meeting and was not reminded of today.

    Raises NotThere for a unit whose meetings the actor may
    not see.
    """
    today = clock.day_of(at)
    meetings.unit_of_meetings(actor, unit_id, today)
    meeting = meetings.current(unit_id, today)
    if meeting is None:
        raise NotThere
    due_until = (meetings.hearing(meeting) or meeting).on
    waiting = list(task_queries.to_remind(actor, unit_id, due_until=due_until, on=today))
    if not waiting:
        raise Refused(_("Everybody who has not reported yet was reminded today. The next reminder can go tomorrow."))
    for task in waiting:
        tasks.remind_task(actor=actor, task_id=task.pk, at=at)
    who = set(Person.objects.filter(assigned__task__in=waiting).values_list("pk", flat=True))
    in_person = readiness.in_person(unit_id, who, today)
    return Reminded(tasks=len(waiting), people=len(who) - len(in_person), in_person=list(in_person.values()))


@transaction.atomic
def introduce(
    *,
    actor: Actor,
    membership_id: UUID,
    kind: Transfer.Kind,
    to_unit_id: UUID | None,
    to_place: str,
    number: str,
    issued_on: date,
    ends_on: date | None,
    at: datetime,
) -> Transfer:
    """Issues a letter of introduction, to be received within the working days that the rules in force give."""
    refuse_classified(to_place=to_place, number=number)
    unit = Unit.objects.get(memberships=membership_id)
    return people.issue_transfer(
        actor=actor,
        membership_id=membership_id,
        kind=kind,
        to_unit_id=to_unit_id,
        to_place=to_place,
        number=number,
        issued_on=issued_on,
        due_on=queries.letter_due_on(unit, issued_on),
        ends_on=ends_on,
        at=at,
    )


@transaction.atomic
def arrive(*, actor: Actor, unit_id: UUID, from_place: str, number: str, at: datetime, **facts: Any) -> Transfer:
    """Receives somebody whom a unit outside the system introduces; `facts` are those of people.actions.arrive."""
    refuse_classified(from_place=from_place, number=number)
    return people.arrive(actor=actor, unit_id=unit_id, from_place=from_place, number=number, at=at, **facts)


@transaction.atomic
def withdraw(*, actor: Actor, transfer_id: UUID, reason: str, at: datetime) -> Transfer:
    """Withdraws a letter, or sends it back, with the reason."""
    refuse_classified(reason=reason)
    return people.withdraw_transfer(actor=actor, transfer_id=transfer_id, reason=reason, at=at)


@transaction.atomic
def elect(
    *,
    actor: Actor,
    unit_id: UUID,
    term: str,
    since: date,
    ends_on: date,
    elected: Sequence[tuple[UUID, Title]],
    decision: str,
    decided_on: date | None,
    at: datetime,
) -> Committee:
    """Begins a new term of a cell with those elected, as many as the rules in force allow."""
    unit = Unit.objects.select_related("kind").get(pk=unit_id)
    access.require(actor, Capability.MANAGE_MEMBERS, unit)
    refuse_classified(term=term, decision=decision)
    in_force = regulations.values(("cell.committee.from", "cell.committee.most"), unit, since)
    reason = rules.why_not_led_so(
        [title for _person, title in elected],
        official=register.official_count(unit_id, since),
        committee_from=in_force["cell.committee.from"].value,
        most=in_force["cell.committee.most"].value,
    )
    if reason:
        raise Refused(reason)
    return people.elect_committee(
        actor=actor,
        unit_id=unit_id,
        term=term,
        since=since,
        ends_on=ends_on,
        elected=elected,
        decision=decision,
        decided_on=decided_on,
        at=at,
    )

"""A practice from its first day to its removal. Whatever happens in it happens through the actions of other rooms."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Role
from chibo.accounts.models import User
from chibo.assessment import actions as scoring
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.keys import uuid7
from chibo.core.period import Period
from chibo.core.refusals import NotThere, Refused
from chibo.meetings import actions as meetings
from chibo.meetings.models import Part
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Person, Status, Title
from chibo.training import queries, rules
from chibo.training.actions.others import do_their_part
from chibo.training.actions.removing import remove
from chibo.training.models import Practice

FIRST_HOUR = 8
NOBODYS, SECRETARYS = "information", "resolution"
"""The parts of the agenda that are otherwise than in the template: one given to nobody yet, and one of one's own."""


@transaction.atomic
def begin(*, actor: Actor, at: datetime) -> Practice:
    """Begins a practice month for the actor; what he practised before is removed. `at` is the real instant."""
    access.reaches(actor, Capability.HOME)
    rows = User.objects.select_for_update(of=("self",)).filter(practice=None)
    owner = rows.filter(pk=actor.user_id).first() if actor.user_id else None
    if owner is None:
        raise NotThere
    for earlier in Practice.objects.filter(owner=owner):
        _end(actor, earlier, at)
    month = rules.practice_month(clock.day_of(at))
    first = clock.instant(rules.first_day(month), FIRST_HOUR)
    with clock.set_to(first):
        practice = _found(owner, first, at)
        _plan(practice, month, first)
        follow_up(practice=practice)
    audit.record(actor, Verb.PRACTICE_BEGUN, practice, at=at)
    return practice


def _found(owner: User, first: datetime, real: datetime) -> Practice:
    """The tree of a practice with its people: a commune, the cell, and the cell of the superior who attends."""
    texts, pk = rules.texts(), uuid7()
    code, since = f"thuc-hanh-{pk.hex[-12:]}", clock.day_of(first)
    root = _unit("commune", code, texts.commune, None, since, first)
    cell = _unit("cell", f"{code}-1", texts.cell, root, since, first)
    office = _unit("cell", f"{code}-2", texts.office_cell, root, since, first)
    people.form_committee(
        actor=SYSTEM, unit_id=cell.pk, term=f"{since.year}–{since.year + 5}", during=Period(since), at=first
    )
    entered = [_enter(one, cell.pk, f"{code}-{n}", since, first) for n, one in enumerate(texts.members, start=1)]
    attending = _enter(rules.Comrade(texts.attending), office.pk, f"{code}-0", since, first)
    access_actions.give_grant(
        actor=SYSTEM, user_id=attending.pk, role=Role.ATTENDING, unit_id=cell.pk, during=Period(since), at=first
    )
    return Practice.objects.create(
        pk=pk, owner=owner, account=entered[0], root=root, cell=cell, begun_at=real, at=first, set_at=real
    )


def _unit(kind: str, code: str, name: str, above: Unit | None, since: date, at: datetime) -> Unit:
    parent_id = above.pk if above else None
    return org.found_unit(
        actor=SYSTEM, kind=kind, code=code, name=name, parent_id=parent_id, since=since, at=at, is_practice=True
    )


def _enter(comrade: rules.Comrade, unit_id: UUID, username: str, since: date, at: datetime) -> User:
    status = Status(comrade.status)
    member = people.enter_member(actor=SYSTEM, unit_id=unit_id, name=comrade.name, status=status, since=since, at=at)
    if comrade.title:
        people.take_office(
            actor=SYSTEM,
            person_id=member.person_id,
            unit_id=unit_id,
            title=Title(comrade.title),
            during=Period(since),
            at=at,
        )
    return access_actions.open_account(actor=SYSTEM, person_id=member.person_id, username=username, at=at)


def _plan(practice: Practice, month: date, at: datetime) -> None:
    """The regular meeting as the calendar makes it; one part is given to nobody yet, and one is the secretary's own."""
    meetings.plan_month(actor=SYSTEM, unit_id=practice.cell_id, month=month, at=at)
    secretary = Person.objects.get(user=practice.account_id)
    owners = {NOBODYS: None, SECRETARYS: secretary.pk}
    for part in Part.objects.filter(meeting__unit=practice.cell_id, code__in=owners):
        meetings.assign_part(
            actor=SYSTEM,
            part_id=part.pk,
            title=part.title,
            owner_id=owners[part.code],
            due_on=part.due_on,
            seen=part.given_as,
            at=at,
        )


@transaction.atomic
def resume(*, actor: Actor, at: datetime) -> Practice:
    """Goes on with the actor's practice: its clock goes on from where it stood."""
    practice = _locked(actor)
    _set_clock(practice, practice.now(at), at)
    return practice


@transaction.atomic
def move_on(*, actor: Actor, at: datetime) -> Practice:
    """Moves the clock of the actor's practice on to what comes next, and lets its other members do their part until
    then. That somebody went on is written down nowhere: nobody's learning is watched."""
    practice = _locked(actor)
    with clock.set_to(practice.now(at)):
        step = queries.guide(practice).step
    if step is None or step.moves_to is None:
        raise Refused(_("There is something to do before time goes on. The line at the top of the page says what."))
    _set_clock(practice, step.moves_to, at)
    with clock.set_to(step.moves_to):
        do_their_part(practice=practice, at=step.moves_to)
        scoring.lay_remedies_before(actor=SYSTEM, unit_id=practice.cell_id, at=step.moves_to)
        follow_up(practice=practice)
    return practice


def _locked(actor: Actor) -> Practice:
    rows = Practice.objects.select_for_update(of=("self",)).select_related("account__person", "root")
    access.reaches(actor, Capability.HOME)
    practice = rows.filter(owner_id=actor.user_id).first() if actor.user_id else None
    if practice is None:
        raise NotThere
    return practice


def _set_clock(practice: Practice, to: datetime, real: datetime) -> None:
    practice.at, practice.set_at = to, real
    practice.save(update_fields=["at", "set_at"])


def follow_up(*, practice: Practice) -> None:
    """Lets what follows from what was done in a practice follow at once, on its own day."""
    units = queries.units_of(practice)
    while audit.deliver(at=clock.now(), unit_ids=units):
        pass


@transaction.atomic
def end(*, actor: Actor, at: datetime) -> None:
    """Ends the actor's practice; all that is in it is removed, its people too."""
    _end(actor, _locked(actor), at)


@transaction.atomic
def end_unused(*, actor: Actor, at: datetime) -> int:
    """Removes practices with which nobody has gone on for long; returns how many."""
    rows = list(queries.unused(at).select_for_update(of=("self",), skip_locked=True)[:20])
    for practice in rows:
        _end(actor, practice, at)
    return len(rows)


def _end(actor: Actor, practice: Practice, at: datetime) -> None:
    audit.record(actor, Verb.PRACTICE_ENDED, practice, at=at)
    remove(practice)

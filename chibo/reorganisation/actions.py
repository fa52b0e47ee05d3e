"""Drafting a reorganisation, handing it to a second person, applying it whole on its day, undoing it whole."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import actions as access_actions
from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.admissions import actions as admissions
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.consultations import actions as consultations
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.names import canonical
from chibo.core.period import Period
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.core.words import Said
from chibo.courses import actions as courses
from chibo.documents.actions import refuse_classified
from chibo.dues import actions as dues
from chibo.learning import actions as learning
from chibo.meetings import actions as meetings
from chibo.notifications import actions as notifications
from chibo.opinions import actions as opinions
from chibo.org import actions as org
from chibo.org import queries as units
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people import actions as people
from chibo.people.models import Person, Title
from chibo.programmes import actions as programmes
from chibo.readiness import actions as readiness
from chibo.regulations import actions as regulations
from chibo.reorganisation import messages, queries, rules
from chibo.reorganisation.models import Allocation, Done, Line, Reorganisation, Sort
from chibo.reorganisation.rules import State
from chibo.tasks import actions as tasks
from chibo.topics import actions as topics

BATCH = 5000
TITLES = {title.value for title in Title}


def _require(actor: Actor, root: Unit | None) -> None:
    """Whoever manages the units below the root; the forest is the system's."""
    if root is not None:
        access.require(actor, Capability.MANAGE_UNITS, units.child_to_be(root))
    elif not actor.is_system:
        raise Forbidden(_("What changes the roots of the tree is for the system only. Choose a unit to work below."))


def _refuse(reason: Said | None) -> None:
    if reason:
        raise Refused(reason)


def _draft(actor: Actor, reorganisation_id: UUID, seen_version: int | None = None) -> Reorganisation:
    """A draft to be written in, its row locked."""
    one = Reorganisation.objects.locked(reorganisation_id)
    _require(actor, one.root)
    _refuse(rules.why_not_change(State(one.state)))
    if seen_version is not None and seen_version != one.version:
        raise Refused(
            _("Somebody else changed this draft since you opened it. Nothing was overwritten: look at it again first.")
        )
    return one


def _touch(one: Reorganisation) -> None:
    one.version += 1
    one.save(update_fields=["version"])


def _head(root: Unit | None, title: str, number: str, issuer: str, on: date) -> dict[str, object]:
    fields: dict[str, list[object]] = {}
    if not title.strip():
        fields["title"] = [_("Write in a few words what the decision does.")]
    if not number.strip():
        fields["number"] = [_("Write the number of the decision.")]
    if not issuer.strip():
        fields["issuer"] = [_("Write who issued the decision.")]
    if root is not None and (on not in root.during or root.during.since == on):
        fields["on"] = [_("On that day the unit in whose area this happens did not exist. Check the day.")]
    if fields:
        raise Refused(fields=fields)
    refuse_classified(title=title, number=number, issuer=issuer)
    return {"title": canonical(title), "number": canonical(number), "issuer": canonical(issuer), "on": on}


@transaction.atomic
def draft(
    *, actor: Actor, root_id: UUID | None, title: str, number: str, issuer: str, on: date, at: datetime
) -> Reorganisation:
    """Begins a reorganisation of the units below one (None: of the forest), with its decision and its day."""
    root = Unit.objects.get(pk=root_id) if root_id else None
    _require(actor, root)
    head = _head(root, title, number, issuer, on)
    one = Reorganisation.objects.create(root=root, drafted_by_id=actor.user_id, **head)
    audit.record(actor, Verb.REORGANISATION_DRAFTED, one, at=at, unit_id=root_id, number=one.number)
    return one


@transaction.atomic
def change_head(
    *,
    actor: Actor,
    reorganisation_id: UUID,
    title: str,
    number: str,
    issuer: str,
    on: date,
    seen_version: int,
    at: datetime,
) -> Reorganisation:
    """Corrects the decision's title, number, issuer or day while it is a draft."""
    one = _draft(actor, reorganisation_id, seen_version)
    for name, value in _head(one.root, title, number, issuer, on).items():
        setattr(one, name, value)
    one.save()
    _touch(one)
    audit.record(actor, Verb.REORGANISATION_CHANGED, one, at=at, unit_id=one.root_id, what="head")
    return one


@transaction.atomic
def add_lines(*, actor: Actor, reorganisation_id: UUID, lines: Sequence[rules.Line], at: datetime) -> list[Line]:
    """Adds lines at the end of a draft; whether they are right is told by `queries.checked`, not here."""
    one = _draft(actor, reorganisation_id)
    last = one.lines.order_by("-n").values_list("n", flat=True).first() or 0
    rows = [
        Line(
            reorganisation=one,
            n=last + step,
            what=line.what.value,
            unit=canonical(line.unit),
            name=canonical(line.name),
            kind_id=line.kind or None,
            above=canonical(line.above),
            heir=canonical(line.heir),
        )
        for step, line in enumerate(lines, start=1)
    ]
    Line.objects.bulk_create(rows, batch_size=BATCH)
    _touch(one)
    audit.record(actor, Verb.REORGANISATION_CHANGED, one, at=at, unit_id=one.root_id, what="lines", added=len(rows))
    return rows


@transaction.atomic
def remove_line(*, actor: Actor, line_id: UUID, at: datetime) -> Reorganisation:
    """Takes one line out of a draft."""
    line = Line.objects.filter(pk=line_id).first()
    if line is None:
        raise NotThere
    one = _draft(actor, line.reorganisation_id)
    line.delete()
    _touch(one)
    audit.record(actor, Verb.REORGANISATION_CHANGED, one, at=at, unit_id=one.root_id, what="lines", removed=line.unit)
    return one


@transaction.atomic
def allocate(*, actor: Actor, reorganisation_id: UUID, given: Sequence[queries.Given], at: datetime) -> Reorganisation:
    """Says of members and open tasks to which unit they go, and who holds which office there; the last word counts.

    An empty unit takes back what was said of a member or a task.
    """
    one = _draft(actor, reorganisation_id)
    offices = [row for row in given if row.sort == Sort.OFFICE]
    others = {row.thing: row for row in given if row.sort != Sort.OFFICE}
    one.allocations.filter(thing__in=others).exclude(sort=Sort.OFFICE).delete()
    for row in offices:
        one.allocations.filter(sort=Sort.OFFICE, thing=row.thing, unit=row.unit, title=row.title).delete()
    rows = [
        Allocation(
            reorganisation=one,
            sort=row.sort,
            thing=row.thing,
            person_id=None if row.sort == Sort.TASK else row.thing,
            unit=row.unit,
            title=row.title,
        )
        for row in [*others.values(), *offices]
        if row.unit
    ]
    Allocation.objects.bulk_create(rows, batch_size=BATCH)
    _touch(one)
    audit.record(actor, Verb.REORGANISATION_CHANGED, one, at=at, unit_id=one.root_id, what="allocations", n=len(rows))
    return one


@transaction.atomic
def forget_office(*, actor: Actor, allocation_id: UUID, at: datetime) -> Reorganisation:
    """Takes an office or role to be given out of a draft."""
    row = Allocation.objects.select_related("reorganisation", "person").get(pk=allocation_id, sort=Sort.OFFICE)
    one = _draft(actor, row.reorganisation_id)
    row.delete()
    _touch(one)
    audit.record(actor, Verb.REORGANISATION_CHANGED, one, at=at, unit_id=one.root_id, what="office", removed=row.unit)
    return one


@transaction.atomic
def discard(*, actor: Actor, reorganisation_id: UUID, at: datetime) -> None:
    """Throws a draft away with all that stands in it; the record keeps that it was there."""
    one = _draft(actor, reorganisation_id)
    audit.record(
        actor, Verb.REORGANISATION_DISCARDED, one, at=at, unit_id=one.root_id, title=one.title, number=one.number
    )
    one.delete()


@transaction.atomic
def write_from_file(
    *,
    actor: Actor,
    reorganisation_id: UUID,
    lines: Sequence[rules.Line],
    given: Sequence[queries.Given],
    at: datetime,
) -> Reorganisation:
    """Puts the lines and allocations of a file in the place of all that stands in the draft."""
    one = _draft(actor, reorganisation_id)
    one.lines.all().delete()
    one.allocations.all().delete()
    add_lines(actor=actor, reorganisation_id=one.pk, lines=lines, at=at)
    return allocate(actor=actor, reorganisation_id=one.pk, given=given, at=at)


@transaction.atomic
def submit(*, actor: Actor, reorganisation_id: UUID, at: datetime) -> Reorganisation:
    """Hands a draft without mistakes to a second person."""
    one = Reorganisation.objects.locked(reorganisation_id)
    _require(actor, one.root)
    plan = queries.checked(one)
    blocking = sum(problem.is_blocking for problem in plan.problems)
    _refuse(rules.why_not_submit(State(one.state), has_lines=one.lines.exists(), blocking=blocking))
    # What the rooms refuse is told to who drew it up, and not on the day on which it is to be applied.
    with transaction.atomic():
        carry_out(actor=actor, one=one, at=at)
        transaction.set_rollback(True)
    one.state, one.submitted_by_id, one.submitted_at, one.note = State.SUBMITTED, actor.user_id, at, ""
    one.save(update_fields=["state", "submitted_by", "submitted_at", "note"])
    audit.record(actor, Verb.REORGANISATION_SUBMITTED, one, at=at, unit_id=one.root_id)
    return one


@transaction.atomic
def send_back(*, actor: Actor, reorganisation_id: UUID, reason: str, at: datetime) -> Reorganisation:
    """Makes a draft again of what waits for approval or for its day, with the reason."""
    one = Reorganisation.objects.locked(reorganisation_id)
    _require(actor, one.root)
    if one.state not in (State.SUBMITTED, State.APPROVED):
        raise Refused(_("Only what waits for approval or for its day goes back to the draft."))
    if not reason.strip():
        raise Refused(fields={"reason": [_("Write what is to be changed.")]})
    refuse_classified(reason=reason)
    one.state, one.note, one.approved_by, one.approved_at = State.DRAFT, reason.strip(), None, None
    one.save(update_fields=["state", "note", "approved_by", "approved_at"])
    audit.record(actor, Verb.REORGANISATION_RETURNED, one, at=at, unit_id=one.root_id, reason=one.note)
    return one


@transaction.atomic
def approve(*, actor: Actor, reorganisation_id: UUID, at: datetime) -> Reorganisation:
    """Approves as the second person; on its day or later it is applied at once, before that it waits for its day."""
    one = Reorganisation.objects.locked(reorganisation_id)
    _require(actor, one.root)
    _refuse(rules.why_not_approve(State(one.state), is_same_person=actor.user_id == one.submitted_by_id))
    one.state, one.approved_by_id, one.approved_at = State.APPROVED, actor.user_id, at
    one.save(update_fields=["state", "approved_by", "approved_at"])
    audit.record(actor, Verb.REORGANISATION_APPROVED, one, at=at, unit_id=one.root_id)
    if one.on <= clock.day_of(at):
        apply(actor=actor, reorganisation_id=one.pk, at=at)
        one.refresh_from_db()
    return one


@transaction.atomic
def apply(*, actor: Actor, reorganisation_id: UUID, at: datetime) -> Reorganisation:
    """Carries an approved reorganisation out, whole or not at all, on its day or later.

    Raises Refused with what has come in between since it was checked.
    """
    one = Reorganisation.objects.locked(reorganisation_id)
    _require(actor, one.root)
    if one.state != State.APPROVED:
        raise Refused(
            _("Only what two persons agreed on is applied. Hand the draft in and let another one approve it.")
        )
    if one.on > clock.day_of(at):
        raise Refused(_("Its day has not come yet. It is applied by itself on that day."))
    effects = carry_out(actor=actor, one=one, at=at)
    Done.objects.bulk_create(
        [
            Done(reorganisation=one, table=done.table, row=done.row, column=done.column, was=done.was)
            for done in effects
        ],
        batch_size=BATCH,
    )
    one.state, one.applied_at = State.APPLIED, at
    one.save(update_fields=["state", "applied_at"])
    audit.record(
        actor, Verb.REORGANISATION_APPLIED, one, at=at, unit_id=one.root_id, number=one.number, on=one.on.isoformat()
    )
    return one


def rehearse(*, actor: Actor, reorganisation_id: UUID, at: datetime) -> queries.Rehearsal:
    """Carries a sound draft out and takes it back at once: the figures and the tree before and after."""
    with transaction.atomic():
        one = Reorganisation.objects.locked(reorganisation_id)
        _require(actor, one.root)
        before = queries.picture(one.root, one.on - timedelta(days=1))
        carry_out(actor=actor, one=one, at=at)
        after = queries.picture(one.root, one.on)
        transaction.set_rollback(True)
    return queries.Rehearsal(before, after)


def carry_out(*, actor: Actor, one: Reorganisation, at: datetime) -> list[Effect]:
    """Everything that a reorganisation does, in the transaction of who calls: for good, or to be rehearsed."""
    org.hold_the_tree()
    plan = queries.checked(one)
    if not plan.is_sound:
        wrong = [problem for problem in plan.problems if problem.is_blocking]
        raise Refused(*(str(problem.what) + " " + str(problem.mend) for problem in wrong[:20]))
    structure, on = plan.structure, one.on
    ended = list(structure.ended)
    effects = org.restructure(actor=actor, plan=structure, on=on, at=at)
    effects += people.move_members(actor=actor, going=plan.members, on=on, at=at)
    effects += people.redirect_transfers(actor=actor, to=plan.sole_heirs, going=plan.members, at=at)
    effects += people.empty_units(actor=actor, unit_ids=ended, on=on, at=at)
    effects += access_actions.end_roles(actor=actor, unit_ids=ended, on=on, at=at)
    effects += tasks.hand_over(actor=actor, going=plan.tasks, on=on, at=at)
    effects += tasks.redirect_questions(actor=actor, to=plan.sole_heirs, at=at)
    effects += opinions.follow_units(actor=actor, to=plan.sole_heirs, ended=ended, on=on, at=at)
    effects += consultations.follow_units(actor=actor, to=plan.sole_heirs)
    effects += programmes.follow_units(actor=actor, to=plan.sole_heirs)
    effects += admissions.follow_units(actor=actor, to=plan.sole_heirs, going=plan.members, ended=ended)
    effects += dues.follow_units(actor=actor, to=plan.sole_heirs, going=plan.members, on=on)
    effects += learning.follow_units(actor=actor, to=plan.sole_heirs, on=on)
    effects += readiness.follow_units(actor=actor, to=plan.sole_heirs)
    effects += courses.follow_units(actor=actor, to=plan.sole_heirs, going=plan.members)
    effects += topics.follow_units(actor=actor, to=plan.sole_heirs, on=on)
    reason = str(_("The unit ends on {day}.")).format(day=f"{on:%d/%m/%Y}")
    effects += meetings.call_off_with_units(actor=actor, unit_ids=ended, on=on, reason=reason, at=at)
    effects += regulations.hand_down(actor=actor, heirs=plan.new_heirs, on=on, at=at)
    effects += org.end_units(actor=actor, unit_ids=ended, on=on, at=at)
    org.draw_around(structure, on, clock.day_of(at))
    effects += _fill_offices(actor, plan.offices, on, at)
    return effects


def _fill_offices(actor: Actor, offices: Sequence[queries.OfficeToBe], on: date, at: datetime) -> list[Effect]:
    effects = []
    for one in offices:
        if one.title in TITLES:
            office = people.take_office(
                actor=actor,
                person_id=one.person_id,
                unit_id=one.unit_id,
                title=Title(one.title),
                during=Period(on),
                at=at,
            )
            effects.append(Effect("people_office", office.pk))
            continue
        user_id = Person.objects.values_list("user_id", flat=True).get(pk=one.person_id)
        if user_id is None:
            raise Refused(_("%(name)s has no account yet, so no role can be given.") % {"name": one.person_name})
        grant: Grant = access_actions.give_grant(
            actor=actor,
            user_id=user_id,
            role=Role(one.title),
            unit_id=one.unit_id,
            during=Period(on),
            at=at,
            subtree=one.title == Role.OFFICER,
        )
        effects.append(Effect("access_grant", grant.pk))
    return effects


@transaction.atomic
def undo(*, actor: Actor, reorganisation_id: UUID, reason: str, at: datetime) -> Reorganisation:
    """Takes an applied reorganisation back as a whole, while nothing has been built on it; the audit keeps both.

    Raises Refused with a sentence for each thing that was built on it.
    """
    org.hold_the_tree()
    one = Reorganisation.objects.locked(reorganisation_id)
    _require(actor, one.root)
    if one.state != State.APPLIED:
        raise Refused(_("Only what was applied can be undone."))
    if not reason.strip():
        raise Refused(fields={"reason": [_("Write why the decision is taken back.")]})
    refuse_classified(reason=reason)
    if built := queries.built_on(one):
        raise Refused(*built)
    effects = queries.effects(one)
    try:
        with transaction.atomic():
            founded = queries.founded(effects)
            meetings.forget_untouched(actor=actor, unit_ids=founded, at=at)
            notifications.leave_units(unit_ids=founded, path=messages.path(one))
            org.take_back(actor=actor, root=one.root, effects=effects, on=one.on, at=at)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise Refused(
            _("Something was built on this reorganisation since, so it cannot be undone. Draw up a new one instead.")
        ) from error
    one.effects.all().delete()
    one.state, one.undone_at, one.note = State.UNDONE, at, reason.strip()
    one.save(update_fields=["state", "undone_at", "note"])
    audit.record(actor, Verb.REORGANISATION_UNDONE, one, at=at, unit_id=one.root_id, reason=one.note)
    return one


def apply_due(*, at: datetime) -> list[Reorganisation]:
    """Applies what was approved and whose day has come, in the order of the days; what fails goes back to the draft."""
    due = Reorganisation.objects.filter(state=State.APPROVED, on__lte=clock.day_of(at)).order_by("on", "approved_at")
    done = []
    for one in due:
        try:
            done.append(apply(actor=SYSTEM, reorganisation_id=one.pk, at=at))
        except Refused as refusal:
            send_back(actor=SYSTEM, reorganisation_id=one.pk, reason=str(refusal), at=at)
    return done

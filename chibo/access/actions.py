"""Opening accounts, handing over codes, giving and ending grants."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Reading, Role
from chibo.accounts.models import SignInCode, User
from chibo.accounts.rules import code_digest, sign_in_name
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.period import Period
from chibo.core.refusals import NotThere, Refused
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.org.rules import Effect
from chibo.people.models import Membership

CODE_LIVES = timedelta(days=14)
# Read from paper by old eyes: no letter that looks like a digit or like another letter.
CODE_ALPHABET = "ACDEFHJKLMNPRTUVWXY3479"
CODE_LENGTH = 10
GIVEN_BY_HAND = {Role.ATTENDING, Role.OFFICER, Role.OPERATOR}


def _membership_for_account(actor: Actor, person_id: UUID, at: datetime) -> Membership:
    membership = (
        Membership.objects.on(clock.day_of(at))
        .select_for_update(of=("self", "person"))
        .select_related("person", "unit")
        .filter(person_id=person_id)
        .first()
    )
    if membership is None:
        raise NotThere
    access.require(actor, Capability.MANAGE_ACCOUNTS, membership.unit)
    return membership


@transaction.atomic
def open_account(*, actor: Actor, person_id: UUID, username: str, at: datetime) -> User:
    """Opens an account for a member; it has no password until a one-time code has let him in."""
    membership = _membership_for_account(actor, person_id, at)
    person = membership.person
    if person.user_id:
        raise Refused(_("This person has an account already. Issue a one-time code instead."))
    email = "" if membership.unit.is_practice else person.email
    user = _open(actor, username, email, membership.unit_id, at)
    person.user = user
    person.save(update_fields=["user"])
    return user


@transaction.atomic
def open_operator(*, actor: Actor, username: str, unit_id: UUID, at: datetime) -> str:
    """Opens the account of an operator, who need not be in the register, for a unit and all below it.

    Returns the one-time code that lets him in.
    """
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit_id)
    access.require(actor, Capability.MANAGE_ACCOUNTS, unit)
    access.require(actor, Capability.MANAGE_GRANTS, unit)
    user = _open(actor, username, "", unit.pk, at)
    _give(actor, user.pk, Role.OPERATOR, unit, Period(clock.day_of(at)), at, subtree=True)
    return _issue(actor, user, unit.pk, at)


def _open(actor: Actor, username: str, email: str, unit_id: UUID, at: datetime) -> User:
    if not sign_in_name(username):
        raise Refused(fields={"username": [_("Write a name to sign in with.")]})
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, email)
    except IntegrityError as error:
        raise Refused(fields={"username": [_("Somebody signs in with this name already. Choose another.")]}) from error
    audit.record(actor, Verb.ACCOUNT_OPENED, user, at=at, unit_id=unit_id)
    return user


@transaction.atomic
def issue_code(*, actor: Actor, person_id: UUID, at: datetime) -> str:
    """Makes a one-time code to be handed over on paper; earlier ones end. It is shown once and kept only as a hash."""
    membership = _membership_for_account(actor, person_id, at)
    user = membership.person.user
    if membership.unit.is_practice:
        raise Refused(_("Nobody signs in to a practice cell by a code: its members act by themselves."))
    if user is None:
        raise Refused(_("This person has no account yet. Open one first."))
    if not user.is_active:
        raise Refused(_("This account is closed. Open it again first."))
    access.require_all_of(actor, user, clock.day_of(at))
    return _issue(actor, user, membership.unit_id, at)


def _issue(actor: Actor, user: User, unit_id: UUID, at: datetime) -> str:
    SignInCode.objects.filter(user=user, used_at=None).delete()
    code = "".join(secrets.choice(CODE_ALPHABET) for _position in range(CODE_LENGTH))
    SignInCode.objects.create(user=user, digest=code_digest(code), issued_at=at, expires_at=at + CODE_LIVES)
    audit.record(actor, Verb.SIGN_IN_CODE_ISSUED, user, at=at, unit_id=unit_id)
    return code


def _known_account(actor: Actor, user_id: UUID, at: datetime) -> tuple[User, UUID]:
    """An account that the actor manages, of a member or of somebody who was one, and of which unit; else NotThere."""
    user = User.objects.select_for_update().filter(pk=user_id).first()
    place = access.place_of_account(user_id, clock.day_of(at))
    if user is None or place is None:
        raise NotThere
    access.require(actor, Capability.MANAGE_ACCOUNTS, place)
    access.require_all_of(actor, user, clock.day_of(at))
    return user, place.pk


@transaction.atomic
def close_account(*, actor: Actor, user_id: UUID, reason: str, at: datetime) -> None:
    """Closes an account: its password, its codes and every session of it end at once."""
    user, unit_id = _known_account(actor, user_id, at)
    if user.pk == actor.user_id:
        raise Refused(_("Nobody closes his own account. Ask another officer of the committee."))
    if not user.is_active:
        raise Refused(_("This account is closed already. There is nothing left to do."))
    if not reason.strip():
        raise Refused(fields={"reason": [_("Write why the account is closed.")]})
    user.is_active = False
    # A session lasts as long as the password with which it began.
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    SignInCode.objects.filter(user=user, used_at=None).delete()
    audit.record(actor, Verb.ACCOUNT_CLOSED, user, at=at, unit_id=unit_id, reason=reason)


@transaction.atomic
def reopen_account(*, actor: Actor, user_id: UUID, at: datetime) -> None:
    """Opens a closed account again; like a new one it waits for a one-time code."""
    user, unit_id = _known_account(actor, user_id, at)
    if user.is_active:
        raise Refused(_("This account is open already. Make a one-time code for it instead."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(actor, Verb.ACCOUNT_OPENED, user, at=at, unit_id=unit_id, again=True)


@transaction.atomic
def give_grant(
    *,
    actor: Actor,
    user_id: UUID,
    role: Role,
    unit_id: UUID,
    during: Period,
    at: datetime,
    subtree: bool = False,
    matter: UUID | None = None,
) -> Grant:
    """Gives an account a role for a unit (with `subtree`: and all below it) in a period."""
    unit = Unit.objects.select_for_update(of=("self",)).select_related("kind").get(pk=unit_id)
    access.require(actor, Capability.MANAGE_GRANTS, unit)
    if role not in GIVEN_BY_HAND:
        raise Refused(fields={"role": [_("This role follows from a membership or an office. Enter that instead.")]})
    if user_id == actor.user_id:
        raise Refused(_("Nobody gives a role to himself. Ask another officer of the committee."))
    if role == Role.ATTENDING and not unit.kind.holds_meetings:
        raise Refused(fields={"role": [_("One attends a unit that holds meetings. Choose a cell.")]})
    same = Grant.objects.filter(user_id=user_id, role=role, unit=unit, matter=matter, during__overlap=during)
    if same.exists():
        raise Refused(fields={"since": [_("This person has the role here in that period already.")]})
    return _give(actor, user_id, role, unit, during, at, subtree=subtree, matter=matter)


def name_for_meeting(
    *, actor: Actor, role: Role, user_id: UUID | None, unit: Unit, matter: UUID, on: date, at: datetime
) -> None:
    """Lets one account, and no other, be the clerk or the observer of one meeting from a day on; the room that names
    him asks, in its transaction."""
    end_for_meeting(actor=actor, role=role, unit=unit, matter=matter, on=on, at=at)
    if user_id:
        access.require(actor, Capability.HOLD_MEETING, unit)
        _give(actor, user_id, role, unit, Period(on), at, matter=matter)


def name_for_unit(
    *, actor: Actor, role: Role, user_id: UUID, unit: Unit, capability: Capability, on: date, at: datetime
) -> None:
    """Lets one account, and no other, hold a role for a unit from a day on; the room that names him asks, in its
    transaction, with the power that it takes."""
    access.require(actor, capability, unit)
    for grant in Grant.objects.on(on).filter(unit=unit, matter=None, role=role):
        end_grant(actor=actor, grant_id=grant.pk, on=on, at=at, capability=capability)
    _give(actor, user_id, role, unit, Period(on), at)


def end_for_meeting(*, actor: Actor, role: Role, unit: Unit, matter: UUID, on: date, at: datetime) -> None:
    """Ends whatever lets somebody be the clerk or the observer of one meeting, as of a day; the room that named him
    asks, in its transaction."""
    for grant in Grant.objects.on(on).filter(unit=unit, matter=matter, role=role):
        end_grant(actor=actor, grant_id=grant.pk, on=on, at=at, capability=Capability.HOLD_MEETING)


def _give(
    actor: Actor,
    user_id: UUID,
    role: Role,
    unit: Unit,
    during: Period,
    at: datetime,
    *,
    subtree: bool = False,
    matter: UUID | None = None,
) -> Grant:
    grant = Grant.objects.create(user_id=user_id, role=role, unit=unit, during=during, subtree=subtree, matter=matter)
    audit.record(actor, Verb.GRANT_GIVEN, grant, at=at, role=role, subtree=subtree)
    return grant


def end_roles(*, actor: Actor, unit_ids: Sequence[UUID], on: date, at: datetime) -> list[Effect]:
    """Ends on a day every role given by hand for units that end then, in the reorganisation that ends them."""
    access.require_all(actor, Capability.MANAGE_UNITS, Unit.objects.filter(pk__in=unit_ids))
    effects = org.cut("access_grant", unit_ids, on)
    ended = Grant.objects.select_related("unit").in_bulk([one.row for one in effects])
    lines: list[org.Entry] = [
        (Verb.GRANT_ENDED, grant, None, {"role": grant.role, "on": on.isoformat()}) for grant in ended.values()
    ]
    audit.record_all(actor, lines, at=at)
    return effects


@transaction.atomic
def end_grant(
    *,
    actor: Actor,
    grant_id: UUID,
    on: date,
    at: datetime,
    capability: Capability = Capability.MANAGE_GRANTS,
) -> None:
    """Ends a grant on a day; one that would have begun only then is taken back whole."""
    grant = Grant.objects.select_for_update(of=("self",)).select_related("unit").get(pk=grant_id)
    access.require(actor, capability, grant.unit)
    if grant.during.until is not None and grant.during.until <= on:
        raise Refused(fields={"on": [_("This ended before that day already. Choose an earlier day.")]})
    audit.record(actor, Verb.GRANT_ENDED, grant, at=at, role=grant.role, on=on.isoformat())
    if grant.during.since is not None and grant.during.since >= on:
        grant.delete()
    else:
        grant.during = grant.during.until_day(on)
        grant.save(update_fields=["during"])


def note_reading(*, actor: Actor, read: Mapping[UUID, Iterable[str]], at: datetime) -> None:
    """Keeps that these fields of these units were looked at from above in this month; nothing where the actor looks
    from inside. Who looked is not kept, here or in the audit. Two statements at most."""
    units = access.visible(actor, Capability.LOOK_FROM_ABOVE, Unit.objects.filter(pk__in=list(read)), field="")
    month = clock.day_of(at).replace(day=1)
    Reading.objects.bulk_create(
        [
            Reading(unit_id=unit_id, field=field, month=month)
            for unit_id in units.values_list("pk", flat=True)
            for field in read[unit_id]
        ],
        ignore_conflicts=True,
    )

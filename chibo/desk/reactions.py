"""What follows from an account's keys, and from letters of introduction: those whom it concerns are told."""

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.words import say as _
from chibo.notifications import actions as notifications
from chibo.people import queries as register
from chibo.people.models import Person, Transfer
from chibo.tasks import queries as tasks


@on(Verb.SIGN_IN_CODE_ISSUED)
def tell_whose_account_a_code_opens(entry: Entry) -> None:
    """Tells the owner of an account who made a one-time code for it, and when."""
    owner = Person.objects.filter(user_id=entry.object_id).first()
    if owner is None or owner.pk == entry.person_id:
        return
    notifications.send(
        actor=SYSTEM,
        person_ids=[owner.pk],
        subject=_("A one-time code was made for your account"),
        body=_(
            "{who} made it at {when:%H:%M} on {when:%d/%m/%Y}. Whoever holds the code can sign in as you, once. "
            "If you did not ask for it, tell the office of your committee now."
        ).format(who=entry.actor_name, when=entry.at.astimezone(clock.HERE)),
        path=reverse("people:person", args=[owner.pk]),
        unit_id=entry.unit_id,
        key=f"{entry.verb}/{entry.pk}",
        at=entry.at,
    )


@on(
    Verb.TRANSFER_ISSUED,
    Verb.TRANSFER_RECEIVED,
    Verb.TRANSFER_PROLONGED,
    Verb.TRANSFER_RETURNED,
    Verb.TRANSFER_SETTLED,
    Verb.TRANSFER_WITHDRAWN,
    Verb.TRANSFER_REDIRECTED,
)
def tell_both_sides_of_a_letter(entry: Entry) -> None:
    """Tells the member, and who leads or keeps both units, what became of a letter; not him who did it.

    Who belongs nowhere any more, because he died or left, is not told.
    """
    rows = Transfer.objects.named().select_related("from_unit", "to_unit")
    transfer = rows.filter(pk=entry.object_id).first()
    if transfer is None:
        return
    day = clock.day_of(entry.at)
    told = {transfer.person_id} if register.membership_now(transfer.person_id, day) else set()
    for unit in (transfer.from_unit, transfer.to_unit):
        if unit is not None:
            told |= tasks.leader_ids(unit.pk, day) | tasks.nearest_officer_ids(unit, day)
    notifications.send(
        actor=SYSTEM,
        person_ids=told - {entry.person_id},
        subject=_LETTER[Verb(entry.verb)].format(name=transfer.person.name),
        body=_("{kind} from {home} to {there}, letter {number} of {day:%d/%m/%Y}. {note}").format(
            kind=transfer.get_kind_display().capitalize(),
            home=transfer.from_where,
            there=transfer.to_where,
            number=transfer.number,
            day=transfer.issued_on,
            note=transfer.note,
        ),
        path=reverse("transfer", args=[transfer.pk]),
        unit_id=entry.unit_id,
        key=f"{entry.verb}/{entry.pk}",
        at=entry.at,
    )


_LETTER = {
    Verb.TRANSFER_ISSUED: _("A letter of introduction is issued: {name}"),
    Verb.TRANSFER_RECEIVED: _("Received in the other unit: {name}"),
    Verb.TRANSFER_PROLONGED: _("The time in the other unit is prolonged: {name}"),
    Verb.TRANSFER_RETURNED: _("Returned from the other unit: {name}"),
    Verb.TRANSFER_SETTLED: _("The time in the other unit is over: {name}"),
    Verb.TRANSFER_REDIRECTED: _("A letter of introduction follows its units in a reorganisation: {name}"),
    Verb.TRANSFER_WITHDRAWN: _("A letter of introduction is withdrawn: {name}"),
}

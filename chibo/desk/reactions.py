"""What follows from an account's keys: its owner is told who else has handled them."""

from django.urls import reverse

from chibo.audit.bus import on
from chibo.audit.models import Entry
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.words import say as _
from chibo.notifications import actions as notifications
from chibo.people.models import Person


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

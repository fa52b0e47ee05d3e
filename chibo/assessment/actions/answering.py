"""Answering what was worth a second look."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.assessment import queries
from chibo.assessment.models import SignalAnswer
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere, Refused
from chibo.documents.actions import refuse_classified
from chibo.org.models import Unit


@transaction.atomic
def answer_signal(*, actor: Actor, unit_id: UUID, sign: str, text: str, at: datetime) -> SignalAnswer:
    """Keeps what somebody knows about a signal beside it; written again, the later text stands."""
    unit = Unit.objects.select_for_update(of=("self",)).filter(pk=unit_id).first()
    if unit is None:
        raise NotThere
    access.require(actor, Capability.SEE_SIGNALS, unit)
    told = next((one for one in queries.signals_of(actor, unit) if one.signal.sign == sign), None)
    if told is None:
        raise Refused(_("This is not said of this cell any more."))
    if not text.strip():
        raise Refused(fields={"text": [_("Write what you know about it.")]})
    refuse_classified(text=text)
    answer, _is_new = SignalAnswer.objects.update_or_create(
        meeting=told.meeting, sign=sign, defaults={"text": text.strip(), "by_id": actor.person_id, "at": at}
    )
    audit.record(actor, Verb.SIGNAL_ANSWERED, answer, at=at, unit_id=unit.pk, sign=sign, text=text.strip())
    return answer

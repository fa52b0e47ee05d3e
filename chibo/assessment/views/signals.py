"""What is worth a second look in a cell: for its leaders and for who follows it, with room for an answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.assessment import actions, forms, queries
from chibo.core import clock
from chibo.meetings import queries as meetings


@page(get=Capability.SEE_SIGNALS, post=Capability.SEE_SIGNALS)
def signals(request: Request, unit_id: UUID) -> HttpResponse:
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today())
    told = queries.signals_of(request.actor, unit)
    sign = request.POST.get("sign", "")
    sent = forms.SignalAnswer(request.POST, auto_id=f"{sign}_%s") if request.method == "POST" else None

    def act() -> None:
        assert sent is not None
        actions.answer_signal(
            actor=request.actor, unit_id=unit_id, sign=sign, text=sent.cleaned_data["text"], at=clock.now()
        )

    status = carry_out(sent, act) if sent is not None else 200
    if status:
        context = {
            "unit": unit,
            "form": sent,
            "told": [
                (
                    one,
                    sent
                    if sent is not None and one.signal.sign == sign
                    else forms.SignalAnswer(
                        initial={"text": one.answer.text if one.answer else ""}, auto_id=f"{one.signal.sign}_%s"
                    ),
                )
                for one in told
            ],
            "path": [
                {"name": _("Scores of the year"), "url": reverse("assessment:year", args=[unit_id])},
                {"name": _("Worth a second look"), "url": ""},
            ],
        }
        return render(request, "assessment/signals.html", context, status=status)
    messages.success(request, _("Your answer is kept beside it."))
    return redirect("assessment:signals", unit_id)

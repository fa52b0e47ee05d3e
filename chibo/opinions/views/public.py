"""What the public is asked, and what became of what it said."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chibo.core import clock, public
from chibo.core.refusals import Refused
from chibo.opinions import actions, forms, queries
from chibo.opinions.rules import State
from chibo.org import queries as org

# Every address here declares no power. The reason stands beside its name.
PUBLIC = {
    "say": "the public writes without an account; what it writes is shown to the cell alone",
    "receipt": "opened by a code that only who wrote it has",
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, code: str) -> HttpResponse:
    """A question and room for an answer; then the code of a receipt, shown once."""
    code = code.upper()
    found = queries.open_question(code)
    if found is None:
        return public.nothing(request)
    form = forms.Say(request, code)
    context = {
        "question": found,
        "unit": org.name_on(found.unit_id, clock.today()),
        "is_open": found.is_open_on(clock.today()),
        "form": form,
    }
    if request.method != "POST":
        return public.page(request, "opinions/public/say.html", context)
    status = public.UNREADABLE
    if form.is_valid():
        try:
            form.refuse_programs()
            receipt = actions.receive(
                code=code, text=form.cleaned_data["text"], place=form.cleaned_data["place"], at=clock.now()
            )
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            grouped = "-".join(receipt[n : n + 4] for n in range(0, len(receipt), 4))
            return public.page(request, "opinions/public/thanks.html", {"question": found, "receipt": grouped})
    form.give_out_again()
    return public.page(request, "opinions/public/say.html", context, status)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of what one wrote. The code is sent in the form and stands in no address, and so in no log."""
    form = forms.Receipt(request.POST if request.method == "POST" else None)
    voice = queries.by_receipt(form.cleaned_data["receipt"]) if form.is_bound and form.is_valid() else None
    status = 200
    if form.is_bound and voice is None:
        status = public.UNREADABLE
        if form.is_valid():
            form.add_error("receipt", _("No receipt has this code. Compare it letter by letter."))
    opinion = (voice.opinion.into or voice.opinion) if voice and voice.opinion else None
    answer = queries.answer_of(opinion) if opinion and opinion.state == State.ANSWERED else None
    context = {"form": form, "voice": voice, "opinion": opinion, "answer": answer}
    return public.page(request, "opinions/public/receipt.html", context, status)

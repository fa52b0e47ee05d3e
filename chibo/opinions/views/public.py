"""Pages for the public: no account, no cookie, no script. Nobody is known here, and nothing about him is kept.

They are the only pages of chibo without a power. They ask for no session, so that none is begun, and the key of a form
is signed and not stored.
"""

from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chibo.core import clock
from chibo.core.refusals import Refused
from chibo.opinions import actions, forms, queries
from chibo.opinions.rules import State
from chibo.org import queries as org

UNREADABLE = 422
SALT = "chibo.opinions.voice"
SOONEST, LATEST = 3, 24 * 3600  # seconds between the page and the answer: faster is a program, later a forgotten page

# Every address here declares no power. The reason stands beside its name.
PUBLIC = {
    "say": "the public writes without an account; what it writes is shown to the cell alone",
    "receipt": "opened by a code that only who wrote it has",
}


def address_of(code: str) -> str:
    """The whole address of a question, for a poster: on the host of the public, where there is one."""
    return f"{settings.PUBLIC_URL}{reverse('public:say', args=[code])}"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, code: str) -> HttpResponse:
    """A question and room for an answer; then the code of a receipt, shown once."""
    found = queries.open_question(code)
    if found is None:
        return nothing(request)
    signer = signing.TimestampSigner(salt=SALT)
    form = forms.Say(request.POST if request.method == "POST" else None, initial={"token": signer.sign(code)})
    context = {
        "question": found,
        "unit": org.name_on(found.unit_id, clock.today()),
        "is_open": found.closes_on >= clock.today(),
        "form": form,
    }
    if request.method != "POST":
        return _page("opinions/public/say.html", context)
    status = UNREADABLE
    if form.is_valid():
        try:
            _refuse_programs(signer, code, form.cleaned_data)
            receipt = actions.receive(
                code=code, text=form.cleaned_data["text"], place=form.cleaned_data["place"], at=clock.now()
            )
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            grouped = "-".join(receipt[n : n + 4] for n in range(0, len(receipt), 4))
            return _page("opinions/public/thanks.html", {"question": found, "receipt": grouped})
    form.data = {name: form.data.get(name) for name in form.data} | {"token": signer.sign(code)}
    return _page("opinions/public/say.html", context, status)


def _refuse_programs(signer: signing.TimestampSigner, code: str, typed: dict[str, str]) -> None:
    """Refuses what no person sends: a filled trap, or a form that was not given out for this question, or just now."""
    if typed["leave_empty"].strip():
        raise Refused(fields={"leave_empty": [_("Leave this field empty, and send it again.")]})
    again = _("Read through what you wrote, and send it again.")
    try:
        if signer.unsign(typed["token"], max_age=LATEST) != code:
            raise Refused(again)
    except signing.BadSignature as error:
        raise Refused(again) from error
    try:
        signer.unsign(typed["token"], max_age=SOONEST)
    except signing.SignatureExpired:
        return
    raise Refused(again)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of what one wrote. The code is sent in the form and stands in no address, and so in no log."""
    form = forms.Receipt(request.POST if request.method == "POST" else None)
    voice = queries.by_receipt(form.cleaned_data["receipt"]) if form.is_bound and form.is_valid() else None
    status = 200
    if form.is_bound and voice is None:
        status = UNREADABLE
        if form.is_valid():
            form.add_error("receipt", _("No receipt has this code. Compare it letter by letter."))
    opinion = (voice.opinion.into or voice.opinion) if voice and voice.opinion else None
    answer = queries.answer_of(opinion) if opinion and opinion.state == State.ANSWERED else None
    context = {"form": form, "voice": voice, "opinion": opinion, "answer": answer}
    return _page("opinions/public/receipt.html", context, status)


def nothing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A link that leads nowhere, in the frame of these pages."""
    return _page("opinions/public/nothing.html", {}, 404)


def _page(template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """A page without what the frame of others works out from a request: no session is looked at, none is begun."""
    response = HttpResponse(render_to_string(template, dict(context)), status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response

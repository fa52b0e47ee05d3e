"""Pages for the public: no account, no cookie, no script. Nobody is known here, and nothing about him is kept.

They are the only pages of chibo without a power. They ask for no session, so that none is begun, and the key of a form
is signed and not stored.
"""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from chibo.core.forms import Form, LineField
from chibo.core.http import ASKED_LANGUAGE
from chibo.core.refusals import Refused

UNREADABLE = 422
SALT = "chibo.public"
SOONEST, LATEST = 3, 24 * 3600  # seconds between the page and the answer: faster is a program, later a forgotten page
LETTERS = "ACDEFHJKLMNPRTUVWXY3479"
"""Of a code that is copied from a screen or from paper: none looks like another."""


class Sent(Form):
    """What somebody of the public sends. `leave_empty` is seen by programs alone; `token` tells when the page was given
    out, and for what."""

    token = forms.CharField(widget=forms.HiddenInput)
    leave_empty = LineField(label=gettext_lazy("Leave this field empty"), max_length=100, required=False)

    def __init__(self, request: HttpRequest, code: str) -> None:
        self._signer, self._code = signing.TimestampSigner(salt=SALT), code
        super().__init__(request.POST if request.method == "POST" else None, initial={"token": self._signer.sign(code)})

    def refuse_programs(self) -> None:
        """Refuses what no person sends: a filled trap, or a form that was not given out for this, or just now."""
        if self.cleaned_data["leave_empty"].strip():
            raise Refused(fields={"leave_empty": [_("Leave this field empty, and send it again.")]})
        again = _("Read through what you wrote, and send it again.")
        try:
            if self._signer.unsign(self.cleaned_data["token"], max_age=LATEST) != self._code:
                raise Refused(again)
        except signing.BadSignature as error:
            raise Refused(again) from error
        try:
            self._signer.unsign(self.cleaned_data["token"], max_age=SOONEST)
        except signing.SignatureExpired:
            return
        raise Refused(_("It was sent at once. Nothing is lost: wait a few seconds, then send it again."))

    def give_out_again(self) -> None:
        """Lets what was refused be sent again, with all that was typed."""
        self.data = {name: self.data.get(name) for name in self.data} | {"token": self._signer.sign(self._code)}


def code(length: int) -> str:
    """A code that cannot be guessed, in letters that are not mistaken for each other."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def week_of(day: date) -> date:
    """The Monday of a day: all that is kept of when somebody of the public wrote."""
    return day - timedelta(days=day.weekday())


def address(path: str) -> str:
    """The whole address of a page, for a poster: on the host of the public, where there is one."""
    return f"{settings.PUBLIC_URL}{path}"


def page(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """A page without what the frame of others works out from a request: no session is looked at, none is begun.

    Its language stands in the address, since no cookie may. What answers to a form has no switch: it would lose what
    was typed, or the code of a receipt.
    """
    language = request.GET.get(ASKED_LANGUAGE, "")
    is_asked = language in dict(settings.LANGUAGES)
    other = "vi" if get_language() == "en" else "en"
    frame = {
        "in_language": f"?{ASKED_LANGUAGE}={language}" if is_asked else "",
        "and_language": f"&{ASKED_LANGUAGE}={language}" if is_asked else "",
        "other_language": other if request.method != "POST" else "",
        "switch": f"?{urlencode({**request.GET.dict(), ASKED_LANGUAGE: other})}",
    }
    response = HttpResponse(render_to_string(template, {**frame, **context}), status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


def nothing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A link that leads nowhere, in the frame of these pages."""
    return page(request, "core/public/nothing.html", {}, 404)

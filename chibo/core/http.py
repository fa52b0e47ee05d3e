"""Forms and pages over HTTP: nothing is cached, nothing is sent twice, nothing typed is lost."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from chibo.core import clock, period
from chibo.core.forms import refilling
from chibo.core.keys import uuid7
from chibo.core.models import KeptForm, Submission
from chibo.core.refusals import NotThere, Refused

type Handler = Callable[[HttpRequest], HttpResponse]

FORM_KEY = "form_key"
ASKED_LANGUAGE = "language"  # in an address: pages for the public have no cookie
SENT = "chibo-sent"  # read and dropped by keep.js
_NOT_THE_PERSONS_OWN = {FORM_KEY, "csrfmiddlewaretoken"}
KEPT_FOR = timedelta(days=1)
UNREADABLE = 422
FIRST_YEAR = 2000  # nothing is kept of the years before
FAR = 100  # years: further away no meeting is held, and the calendar ends somewhere


def by_host(get_response: Handler) -> Handler:
    """On the host of the public, where it has one, there is nothing but its pages."""
    public = urlsplit(settings.PUBLIC_URL).netloc

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.PUBLIC_URL != settings.URL and request.get_host() == public:
            request.urlconf = "chibo.config.public_urls"
        return get_response(request)

    return middleware


def no_store(get_response: Handler) -> Handler:
    """Pages stay out of every cache: an old phone is often shared."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware


def chosen_language(get_response: Handler) -> Handler:
    """Vietnamese, unless the person has switched or the address asks; a browser's preference is no choice of his."""

    def middleware(request: HttpRequest) -> HttpResponse:
        code = request.GET.get(ASKED_LANGUAGE) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response

    return middleware


# A form's key


def new_form_key(request: HttpRequest) -> str:
    """A key for one form shown to one user; sending it twice has one effect.

    A form that was kept goes on under its own key until it has been sent, also where it comes back with its errors.
    """
    kept = getattr(request, "kept_key", None)
    return signing.dumps([str(kept or uuid7()), str(request.user.pk or ""), bool(kept)], salt=FORM_KEY)


@dataclass(frozen=True, slots=True)
class FormKey:
    """The key of a form, the id of the user whom it was shown to, and whether the form had been kept for him."""

    key: UUID
    user_id: str
    is_kept: bool


def read_form_key(value: str) -> FormKey | None:
    """What a key says; None if it is not one of ours."""
    try:
        key, user_id, is_kept = signing.loads(value, salt=FORM_KEY)
    except (signing.BadSignature, ValueError):
        return None
    return FormKey(UUID(key), user_id, is_kept)


def _typed(data: QueryDict) -> dict[str, list[str]]:
    return {name: data.getlist(name) for name in data if name not in _NOT_THE_PERSONS_OWN and "password" not in name}


def once(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    """Runs a posted form's view once per form key; a repeat is led to where the first one ended.

    Only a redirect counts as an effect: a page shown again with its errors may be sent again with the same key. The
    same key with other content (somebody went back and changed the text) has no effect: what was typed is kept and
    shown, to be sent as a new form. Raises Refused for a key that was made for somebody else.
    """
    made = read_form_key(request.POST.get(FORM_KEY, ""))
    user_id = request.user.pk
    if made is None or user_id is None or made.user_id != str(user_id):
        raise Refused(_("This form is no longer valid. Open the page again and send it once more."))
    if made.is_kept:
        request.kept_key = made.key  # type: ignore[attr-defined]  # read by new_form_key
    files = {name: str([(file.name, file.size) for file in request.FILES.getlist(name)]) for name in request.FILES}
    content = repr((request.path, sorted(_typed(request.POST).items()), sorted(files.items())))
    digest = hashlib.sha256(content.encode()).hexdigest()
    with transaction.atomic():
        submission, is_first = Submission.objects.select_for_update().get_or_create(
            key=made.key, defaults={"user_id": user_id, "digest": digest, "at": clock.now()}
        )
        if not is_first:
            if submission.digest != digest and (kept := keep(request)):
                return HttpResponseRedirect(reverse("kept_form", args=[kept]))
            return _sent(HttpResponseRedirect(submission.outcome))
        response = view()
        if isinstance(response, HttpResponseRedirect):
            submission.outcome = response.url
            submission.save(update_fields=["outcome"])
            _sent(response)
        else:
            submission.delete()
        return response


def _sent(response: HttpResponse) -> HttpResponse:
    """Tells the script of the next page that the form took effect, so that the device forgets what was typed."""
    response.set_cookie(SENT, "1", max_age=60, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response


# What was typed when the session had ended


def keep(request: HttpRequest) -> UUID | None:
    """Keeps the text of a form posted without a session, for the user to whom the form was shown."""
    made = read_form_key(request.POST.get(FORM_KEY, ""))
    if made is None or not made.user_id:
        return None
    fields = _typed(request.POST)
    key = made.key
    if Submission.objects.filter(key=key).exists():
        # Another text than the one that was sent: it goes under a key of its own, the same for the same text.
        key = uuid5(key, repr((request.path, sorted(fields.items()))))
    kept, _is_new = KeptForm.objects.get_or_create(
        user_id=made.user_id, path=request.path, fields=fields, form_key=key, defaults={"at": clock.now()}
    )
    return kept.pk


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Leads to the sign-in page, and from there back to where the person was, with all that was typed."""
    back = request.get_full_path()
    if request.method == "POST" and (kept := keep(request)):
        back = reverse("kept_form", args=[kept])
    elif request.method == "POST":
        back = "/"
    return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def kept_form(request: HttpRequest, key: UUID) -> HttpResponse:
    """Shows what was typed before the session ended on the page it was typed for, ready to be sent once.

    A form that names no address is sent back here, and goes on to where it belongs.
    """
    kept = KeptForm.objects.filter(pk=key, at__gt=clock.now() - KEPT_FOR).first()
    here = request.path
    if kept is not None and request.method == "POST":
        request.path = request.path_info = kept.path
    if not request.user.is_authenticated:
        return sign_in_first(request)
    if kept is None or kept.user_id != request.user.pk:
        return render(request, "404.html", status=404)
    if request.method == "POST":
        return _answer_at(request, kept.path)
    if sent := Submission.objects.filter(key=kept.form_key).first():
        return render(request, "core/kept_form.html", {"sent": sent})
    request.kept_key, request.kept_at = kept.form_key, here  # type: ignore[attr-defined]  # read by the form's head
    response = _filled_in(request, kept)
    if response.status_code in (200, UNREADABLE):
        response.status_code = 200
        return response
    # There is no such page any more, or nothing to fill in on it: what was typed in words is shown by itself.
    texts = [line for lines in kept.fields.values() for line in lines if " " in line.strip()]
    return render(request, "core/kept_form.html", {"kept": kept, "texts": texts})


def _answer_at(request: HttpRequest, path: str) -> HttpResponse:
    """What the page at another address answers to a request."""
    try:
        match = resolve(path)
    except Resolver404:
        return render(request, "404.html", status=404)
    request.resolver_match = match
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _filled_in(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """The page a kept form was sent to, with what was typed filled in; nothing is done and nothing found wrong."""
    fields = QueryDict(mutable=True)
    for name, lines in kept.fields.items():
        fields.setlist(name, lines)
    # Both are read before the method changes: there is no body to read them from.
    assert not request.POST
    assert not request.FILES
    request.method, request.POST = "POST", fields  # type: ignore[assignment]  # a QueryDict as a POST has it
    request.path = request.path_info = kept.path
    said = _("What you typed has not been sent yet. Nothing is lost: read it once more and send it now.")
    messages.warning(request, said)
    token = refilling.set(True)
    try:
        with transaction.atomic():
            response = _answer_at(request, kept.path)
            transaction.set_rollback(True)
    finally:
        refilling.reset(token)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose session ended carries an old token: the text is kept and the person signs in again."""
    if not request.user.is_authenticated:
        return sign_in_first(request)
    get_token(request)
    return render(request, "403.html", {"reason": reason}, status=403)


def page_to_come_back_to(request: HttpRequest) -> str:
    """The address of the page that is shown; where it answers a form, of the page on which the form stood."""
    if kept_at := getattr(request, "kept_at", ""):
        return str(kept_at)
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    if request.method != "POST" or not is_ours:
        return request.get_full_path()
    return urlsplit(came_from)._replace(scheme="", netloc="").geturl()


def asked_month(request: HttpRequest, otherwise: date) -> date:
    """The first day of the month that was asked for (`?month=2026-11`), else of the one named."""
    try:
        asked = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return otherwise.replace(day=1)
    return asked if abs(asked.year - otherwise.year) <= FAR else otherwise.replace(day=1)


def months_around(month: date) -> dict[str, date]:
    """The months to step to from the one that a page shows, for its template."""
    return {"month_before": period.month_before(month), "month_after": period.month_after(month)}


def asked_year(request: HttpRequest, otherwise: int, *, most: int) -> int:
    """The year that was asked for (`?year=2026`), up to a last one, else the one named."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and FIRST_YEAR <= int(asked) <= most else otherwise


def asked_words(request: HttpRequest, otherwise: str = "") -> str:
    """The words for which a page is searched (`?q=`), cut to what a search needs."""
    return request.GET.get("q", otherwise).replace("\x00", "").strip()[:100]


def asked_id(request: HttpRequest, name: str) -> UUID | None:
    """The id that the address of a page names; None for none. Raises NotThere for what is no id."""
    text = request.GET.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotThere from None


def download(name: str, content: bytes, content_type: str) -> HttpResponse:
    """A file to be kept under a name; a name with marks reaches every browser."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response

"""Signing in with a code from paper, and choosing a password afterwards; allauth has the rest."""

import time
from typing import cast
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal import flows
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from chibo.accounts.forms import CodeForm, SetPasswordForm
from chibo.accounts.models import SignInCode, User
from chibo.accounts.rules import sign_in_name
from chibo.core import clock

UNREADABLE = 422
TOO_MANY = 429
# Whoever came in by a code may choose a password without knowing the old one, while he is still at it.
CODE_COUNTS_FOR = 30 * 60


def _next(request: HttpRequest) -> str:
    return str(get_next_redirect_url(request) or "")


def _with_next(name: str, target: str) -> str:
    return reverse(name) + (f"?{urlencode({'next': target})}" if target else "")


@sensitive_post_parameters("code")
def sign_in_by_code(request: HttpRequest) -> HttpResponse:
    """Opens an account with a code from paper, and leads on to choosing a password."""
    target = _next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name = sign_in_name(form.cleaned_data["login"])
        if not ratelimit.consume(request, action="sign_in_code", key=name):
            return too_many(request)
        with transaction.atomic():
            user = SignInCode.objects.use(username=name, code=form.cleaned_data["code"], at=clock.now())
            if user:
                flows.login.record_authentication(request, user, method="code")
                onward = Login(user=user, redirect_url=_with_next("account_set_password", target))
                response: HttpResponse = flows.login.perform_login(request, onward)
                request.session.set_expiry(app_settings.SESSION_COOKIE_AGE)
                return response
        form.add_error(
            None,
            _(
                "This name and this code do not open an account. Check both against the paper; a code works once, "
                "for two weeks. If it is used up, ask your secretary for a new one."
            ),
        )
    context = {"form": form, "next": target}
    return render(request, "accounts/code.html", context, status=UNREADABLE if form.errors else 200)


def _came_by_code(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and records[-1]["method"] == "code" and time.time() - records[-1]["at"] < CODE_COUNTS_FOR


@sensitive_post_parameters("password1", "password2")
@login_required
def set_password(request: HttpRequest) -> HttpResponse:
    """Lets somebody without a password, or who has just come in by a code, choose one; he may also go on without."""
    user, target = cast(User, request.user), _next(request)
    if user.has_usable_password() and not _came_by_code(request):
        return HttpResponseRedirect(_with_next("account_change_password", target))
    onward = target or resolve_url(settings.LOGIN_REDIRECT_URL)
    if not ratelimit.consume(request, action="change_password"):
        return too_many(request)
    form = SetPasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            flows.password_change.finalize_password_set(request, user)
        return HttpResponseRedirect(onward)
    context = {"form": form, "next": target, "onward": onward}
    return render(request, "account/password_set.html", context, status=UNREADABLE if form.errors else 200)


def too_many(request: HttpRequest) -> HttpResponse:
    """What too many attempts get, and what to do instead."""
    return render(request, "429.html", status=TOO_MANY)

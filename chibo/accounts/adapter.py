"""What allauth may do here: nobody signs up by himself, and every answer says what to do."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chibo.accounts.models import User
from chibo.accounts.rules import sign_in_name

log = logging.getLogger(__name__)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The name or the password is not right. Check both; if you no longer know the password, "
            "ask your secretary for a one-time code."
        ),
        "enter_current_password": _("This is not your present password. Type it once more."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return sign_in_name(username)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many wrong passwords get the same page as too many of anything."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise ImmediateHttpResponse(respond_429(request)) from error

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_password_reset_mail(user, email, context)
        except OSError as error:  # SMTP's own errors are among them
            log.exception("the letter to %s could not be sent", user.pk)
            raise ImmediateHttpResponse(render(self.request, "accounts/no_letter.html", status=503)) from error

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

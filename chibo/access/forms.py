"""What is typed to open an account, and to give and end a role."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.access.models import Role
from chibo.core.forms import DayField, Form, LineField
from chibo.core.period import Period


class OpenForm(Form):
    username = LineField(
        label=_("Name to sign in with"),
        help_text=_("Small letters without marks and spaces. A short one is easy to type."),
        max_length=60,
    )


class CloseForm(Form):
    reason = LineField(
        label=_("Why it is closed"), help_text=_("For example: transferred to another province."), max_length=200
    )


class GrantForm(Form):
    user = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    role = forms.ChoiceField(label=_("As"), widget=forms.RadioSelect)
    since = DayField(label=_("From"))
    until = DayField(
        label=_("Until"),
        help_text=_("The first day on which it no longer holds. Empty: no end is known."),
        required=False,
    )

    def __init__(self, *args: Any, users: list[tuple[str, str]], roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("user", users)
        self.offer("role", [(role.value, role.label) for role in roles])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end comes after the beginning. Choose a later day."))
        elif since:
            cleaned["during"] = Period(since, until)
        return cleaned


class EndForm(Form):
    on = DayField(label=_("Ended on"), help_text=_("The first day on which it no longer holds."))

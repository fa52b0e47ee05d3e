"""What is typed to sign in and to choose a password: allauth's forms in the house's words."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from chibo.accounts.models import User
from chibo.accounts.rules import sign_in_name
from chibo.core.forms import Form, LineField

# Sentences of Django and allauth that these forms can say; this app's catalogue has them in Vietnamese.
SAID_AGAIN = (
    _("This password is too common."),
    _("The password is too similar to the %(verbose_name)s."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "n",
    ),
    _("You must type the same password each time."),
)
NEW_PASSWORD = _("At least 10 characters. A short sentence that only you know is easy to keep in mind.")
NAME = _("Name to sign in with")


def _say(form: forms.Form, **labels: Any) -> None:
    """Gives an allauth form the house's labels; a placeholder vanishes while one types, so there is none."""
    form.use_required_attribute = False
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].help_text = ""
        form.fields[name].widget.attrs.pop("placeholder", None)


def _plain_name(field: forms.Field) -> None:
    field.widget.attrs.update({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})


class SignInForm(allauth.LoginForm):  # type: ignore[misc]  # allauth ships no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, login=NAME, password=_("Password"))
        _plain_name(self.fields["login"])

    def clean_login(self) -> str:
        return sign_in_name(self.cleaned_data["login"])


class CodeForm(Form):
    login = LineField(label=NAME, max_length=60)
    code = LineField(
        label=_("One-time code"),
        help_text=_("As it stands on the paper. Spaces and small letters do not matter."),
        max_length=40,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain_name(self.fields["login"])
        self.fields["code"].widget.attrs.update({"autocomplete": "one-time-code", "spellcheck": "false"})


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("The new password once more"),
        )
        self.fields["password1"].help_text = NEW_PASSWORD


class SetPasswordForm(allauth.SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, user: AbstractBaseUser, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        _say(self, password1=_("New password"), password2=_("The new password once more"))
        self.fields["password1"].help_text = NEW_PASSWORD


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, password1=_("New password"), password2=_("The new password once more"))
        self.fields["password1"].help_text = NEW_PASSWORD


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, email=_("Your e-mail address"))

    def clean_email(self) -> str:
        # Only the address in the register counts: allauth would also keep, and write to, one that was corrected since.
        email = str(self.cleaned_data["email"])
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email

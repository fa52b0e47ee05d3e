"""The four questions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import Form
from chibo.readiness.models import QUESTIONS


class Answers(Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[str(name)] = forms.TypedChoiceField(
                label=words,
                widget=forms.RadioSelect,
                choices=[("yes", _("Yes")), ("no", _("No"))],
                coerce=lambda said: said == "yes",
                error_messages={"required": _("Choose yes or no.")},
            )

"""What is typed into the register: members, how they belong, their offices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField
from chibo.core.names import canonical
from chibo.core.period import Period
from chibo.org.models import Unit
from chibo.people.models import Status, Title


class PersonForm(Form):
    name = LineField(label=_("Full name"), max_length=120)
    born_on = DayField(label=_("Born on"), required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Notices and the letter for a forgotten password go there."),
        required=False,
        max_length=254,
    )


class EnterForm(PersonForm):
    status = forms.ChoiceField(label=_("Belongs as"), choices=Status.choices, widget=forms.RadioSelect)
    since = DayField(label=_("Member of the cell since"))

    field_order = ("name", "status", "since", "born_on", "email")


class StatusForm(Form):
    status = forms.ChoiceField(label=_("Belongs as"), choices=Status.choices, widget=forms.RadioSelect)
    since = DayField(label=_("From"), help_text=_("What was before stays in the register."))


class EndForm(Form):
    on = DayField(label=_("Ended on"), help_text=_("The first day on which it no longer holds."))


class TransferForm(Form):
    unit = forms.ChoiceField(label=_("New cell"), widget=forms.RadioSelect)
    since = DayField(label=_("From"), help_text=_("The day in the transfer paper."))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(str(unit.pk), unit.name) for unit in units]  # type: ignore[attr-defined]


class PeriodForm(Form):
    """A beginning, and an end that may stay open; cleans to `during`."""

    since = DayField(label=_("From"))
    until = DayField(
        label=_("Until"),
        help_text=_("The first day on which it no longer holds. Empty: no end is known."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end comes after the beginning. Choose a later day."))
        elif since:
            cleaned["during"] = Period(since, until)
        return cleaned


class CommitteeForm(PeriodForm):
    term = forms.CharField(label=_("Term"), help_text=_("For example 2025–2030."), max_length=20)

    field_order = ("term", "since", "until")

    def clean_term(self) -> str:
        return canonical(self.cleaned_data["term"])


class OfficeForm(PeriodForm):
    unit = forms.ChoiceField(label=_("In which unit"), widget=forms.RadioSelect)
    title = forms.ChoiceField(label=_("Office"), choices=Title.choices, widget=forms.RadioSelect)

    field_order = ("unit", "title", "since", "until")

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [(str(unit.pk), unit.name) for unit in units]  # type: ignore[attr-defined]

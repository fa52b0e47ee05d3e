"""What is typed about a reorganisation: its decision, one change at a time, who goes where, a reason."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.access.models import Role
from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.people.models import Title
from chibo.reorganisation.rules import Line, What

TITLES = [(title.value, title.label) for title in Title] + [
    (Role.OFFICER.value, Role.OFFICER.label),
    (Role.ATTENDING.value, Role.ATTENDING.label),
]
type Choices = Sequence[tuple[str, str]]


class HeadForm(Form):
    title = LineField(label=_("What the decision does"), max_length=300, help_text=_("For example: two cells merge."))
    number = LineField(label=_("Number of the decision"), max_length=60)
    issuer = LineField(label=_("Issued by"), max_length=200)
    on = DayField(
        label=_("In force from"), help_text=_("A day to come is waited for; a day in the past is applied at once.")
    )


class ChangeForm(Form):
    """One change, by its kind; cleans to the lines that it means."""

    def __init__(
        self, *args: Any, what: What, units: Choices, places: Choices, heirs: Choices, kinds: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
        one = forms.ChoiceField(label=_("Which unit"), choices=[("", "–"), *units])
        several = forms.MultipleChoiceField(label=_("Which units"), choices=units, widget=forms.CheckboxSelectMultiple)
        place = forms.ChoiceField(label=_("Below which unit"), choices=[("", "–"), *places])
        heir = forms.ChoiceField(
            label=_("Which unit takes it over"), choices=[("", _("the new one below")), *heirs], required=False
        )
        several_heirs = forms.MultipleChoiceField(
            label=_("Which units take it over"), choices=heirs, widget=forms.CheckboxSelectMultiple
        )
        name = LineField(label=_("New name"), max_length=200)
        kind = forms.ChoiceField(label=_("New kind"), choices=kinds, widget=forms.RadioSelect)
        code = LineField(label=_("New code"), max_length=40, help_text=_("Short, and of this unit alone."))
        new = {
            "name": LineField(label=_("Name, if a new unit takes it over"), max_length=200, required=False),
            "code": LineField(label=_("Code of the new unit"), max_length=40, required=False),
            "kind": forms.ChoiceField(
                label=_("Kind of the new unit"), choices=kinds, widget=forms.RadioSelect, required=False
            ),
            "above": forms.ChoiceField(
                label=_("Below which unit the new one stands"), choices=[("", "–"), *places], required=False
            ),
        }
        fields: dict[What, dict[str, forms.Field]] = {
            What.FOUND: {"name": name, "code": code, "kind": kind, "above": place},
            What.RENAME: {"unit": one, "name": name},
            What.MOVE: {"units": several, "above": place},
            What.MERGE: {"units": several, "heir": heir, **new},
            What.SPLIT: {"unit": one, "heirs": several_heirs},
            What.CEDE: {"unit": one, "heirs": several_heirs},
            What.CONVERT: {"unit": one, "kind": kind, "code": code, "above": place},
            What.DISSOLVE: {"units": several},
        }
        self.fields |= fields[what]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.what is What.MERGE and not cleaned.get("heir"):
            for field in ("name", "code", "kind", "above"):
                if not cleaned.get(field):
                    self.add_error(field, _("Fill this in, or choose above a unit that is there already."))
        return cleaned

    def lines(self) -> list[Line]:
        """What the form means, line by line; their numbers come later."""
        typed = self.cleaned_data
        text = {name: typed.get(name) or "" for name in ("name", "kind", "above", "heir", "code")}
        match self.what:
            case What.FOUND:
                return [Line(0, What.FOUND, text["code"], text["name"], text["kind"], text["above"])]
            case What.RENAME:
                return [Line(0, What.RENAME, typed["unit"], text["name"])]
            case What.CONVERT:
                return [Line(0, What.CONVERT, typed["unit"], "", text["kind"], text["above"], text["code"])]
            case What.MOVE | What.DISSOLVE:
                return [Line(0, self.what, one, above=text["above"]) for one in typed["units"]]
            case What.SPLIT | What.CEDE:
                return [Line(0, self.what, typed["unit"], heir=one) for one in typed["heirs"]]
        found = []
        if not text["heir"]:
            found.append(Line(0, What.FOUND, text["code"], text["name"], text["kind"], text["above"]))
        heir = text["heir"] or text["code"]
        return found + [Line(0, What.MERGE, one, heir=heir) for one in typed["units"] if one != heir]


class FileForm(Form):
    file = forms.FileField(
        label=_("The filled-in workbook"), help_text=_("What stands in the draft is replaced by what the file says.")
    )


class ReasonForm(Form):
    reason = LongTextField(label=_("Reason"), rows=3, max_length=1000)


class OfficeForm(Form):
    person = forms.ChoiceField(label=_("Who"), widget=forms.RadioSelect)
    title = forms.ChoiceField(label=_("Office or role"), choices=TITLES, widget=forms.RadioSelect)
    unit = forms.ChoiceField(label=_("In which unit"))

    def __init__(self, *args: Any, people: Choices, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", people)
        self.offer("unit", places)


class WhereForm(Form):
    """To which unit each of the members or tasks on a page goes; a field for each."""

    def __init__(self, *args: Any, things: Sequence[tuple[str, str, str]], places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for thing, label, told in things:
            field = forms.ChoiceField(
                label=label, choices=[("", _("not said yet")), *places], required=False, initial=told
            )
            # A page may be kept half said; in the end each of them must be.
            field.is_asked_for = True  # type: ignore[attr-defined]  # read by the label's template
            self.fields[thing] = field

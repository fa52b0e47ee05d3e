"""The base of every form: the house's look, fields that older people can fill in, refusals beside their field."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from datetime import date, time
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from chibo.core import names
from chibo.core.refusals import Refused

_BOXES = {"radio", "checkbox"}

# Django's own sentences: its Vietnamese is blank or stiff, so this app's catalogue says them again.
SAID_AGAIN = (
    _("This field is required."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid email address."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("“%(pk)s” is not a valid value."),
    _("“%(value)s” is not a valid UUID."),
    _("Enter a valid UUID."),
    _("Enter a complete value."),
    _("Null characters are not allowed."),
    _("No file was submitted."),
    _("The submitted file is empty."),
    _("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s."),
)


class BoundField(forms.BoundField):
    """Gives each widget the class of its kind, so that a form needs no attributes of its own."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return attrs
        kind = _kind(widget)
        if kind in {"radios", "checkboxes"}:
            classes = [f"govuk-{kind}__input"]
            # A single choice cannot be wrong by itself: the fieldset carries the error.
            attrs.pop("aria-invalid", None)
        else:
            classes = [f"govuk-{kind}"]
            if self.errors:
                classes.append(f"govuk-{kind}--error")
        if own := widget.attrs.get("class"):
            classes.append(own)
        return attrs | {"class": " ".join(classes)}

    @property
    def is_single_box(self) -> bool:
        """One checkbox whose label stands to its right."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def first_id(self) -> str:
        """The id of the first thing to fill in: where the error summary leads."""
        return self.id_for_label or f"{self.auto_id}_0"


def _kind(widget: forms.Widget) -> str:
    input_type = getattr(widget, "input_type", None)
    if input_type in _BOXES:
        return "radios" if input_type == "radio" else "checkboxes"
    if isinstance(widget, forms.Select):
        return "select"
    if input_type == "file":
        return "file-upload"
    return "textarea" if isinstance(widget, forms.Textarea) else "input"


class Renderer(TemplatesSetting):
    """FORM_RENDERER: `{{ form }}` and `{{ form.name.as_field_group }}` come out in the house's look."""

    form_template_name = "core/forms/form.html"
    field_template_name = "core/forms/field.html"
    bound_field_class = BoundField


refilling: ContextVar[bool] = ContextVar("refilling", default=False)
"""Whether forms are only shown with what was typed into them: then none is valid, and none has an error."""


class Form(forms.Form):
    """A form whose errors the server words: the browser's own bubbles speak the browser's language."""

    use_required_attribute = False
    asked_for: tuple[str, ...] = ()
    """Fields that may be left empty for a while, but are wanted: nothing says of them that they may stay empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.asked_for:
            self.fields[name].is_asked_for = True  # type: ignore[attr-defined]  # read by label.html
        for field in self.fields.values():
            # A choice is made and not filled in.
            if isinstance(field, forms.ChoiceField):
                field.error_messages["required"] = _("Nothing is chosen.")

    def is_valid(self) -> bool:
        if refilling.get():
            self._errors, self.cleaned_data = ErrorDict(), {}
            return False
        return super().is_valid()

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Lets choose among what is known only when the form is shown."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def refuse(self, refusal: Refused) -> None:
        """Puts an action's refusal where the errors stand: beside its fields, the rest at the top."""
        beside = {name: lines for name, lines in refusal.fields.items() if name in self.fields}
        for name, lines in beside.items():
            self.add_error(name, [str(line) for line in lines])
        shown = {str(line) for lines in beside.values() for line in lines}
        if rest := [str(line) for line in refusal.sentences if str(line) not in shown]:
            self.add_error(None, rest)


class DayWidget(forms.MultiWidget):
    """Three boxes, day, month and year: nothing to open, nothing to aim at."""

    template_name = "core/forms/day.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"day": self._box(2), "month": self._box(2), "year": self._box(4)}, dict(attrs or {}))

    @staticmethod
    def _box(length: int) -> forms.TextInput:
        return forms.TextInput({"inputmode": "numeric", "maxlength": length, "autocomplete": "off"})

    def decompress(self, value: date | None) -> list[str]:
        return [f"{value.day:02d}", f"{value.month:02d}", str(value.year)] if value else ["", "", ""]


class DayField(forms.Field):
    """A day, typed as day, month and year; cleans to a `datetime.date`, or None where it may stay empty."""

    widget = DayWidget
    default_error_messages = {
        "required": _("Enter the day, the month and the year."),
        "part": _("Enter the day, the month and the year in figures, for example 03 12 2026."),
        "year": _("Enter the year with four figures, for example 2026."),
        "calendar": _("%(day)s/%(month)s/%(year)s is not in the calendar. Check the day and the month."),
    }

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date):
            return value
        parts = [str(part or "").strip() for part in value or []]
        if not any(parts):
            return None
        if not all(part.isdecimal() and len(part) <= 4 for part in parts):
            raise forms.ValidationError(self.error_messages["part"], code="part")
        day, month, year = parts
        if not 1900 <= int(year) <= 2200:
            raise forms.ValidationError(self.error_messages["year"], code="year")
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            raise forms.ValidationError(
                self.error_messages["calendar"],
                code="calendar",
                params={"day": day, "month": month, "year": year},
            ) from None


class TimeField(forms.Field):
    """A time of day as people write it (19:30, 19h30, 19 giờ); cleans to a `datetime.time`, or None."""

    widget = forms.TextInput
    default_error_messages = {
        "required": _("Enter the time, for example 19:30."),
        "invalid": _("Enter the hour and the minutes, for example 19:30."),
    }
    _written = re.compile(r"(\d{1,2})\s*(?::|\.|h|g|giờ)?\s*(\d{2})?(?:\s*(?:phút|ph|p))?", re.IGNORECASE)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "govuk-input--time", "autocomplete": "off", "maxlength": 15}

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:
        if isinstance(value, time):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            hour, minute = self._written.fullmatch(text).groups()  # type: ignore[union-attr]  # None is caught
            return time(int(hour), int(minute or 0))
        except (AttributeError, ValueError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class LineField(forms.CharField):
    """One line of words; comes out in NFC, single-spaced, in the spelling that goes out (ủy, hòa)."""

    def to_python(self, value: Any) -> str:
        return names.canonical(str(super().to_python(value) or ""))


class LongTextField(forms.CharField):
    """Several lines of a person's own words; line ends come out as `\\n`, letters in NFC."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 6, max_length: int = 20_000, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "")
        return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"rows": self.rows}

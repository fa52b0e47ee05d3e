"""What is typed on the pages that compose several domains."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form
from chibo.people.actions import MOST_BYTES


class AsOfForm(Form):
    on = DayField(label=_("Show the unit as it was on"))


class ListForm(Form):
    file = forms.FileField(
        label=_("List of members"),
        help_text=_("An Excel workbook (.xlsx, .xls) or a spreadsheet (.ods), one sheet or several."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            sentence = _("This file is larger than %(n)s MB. Divide it into several files.")
            raise forms.ValidationError(sentence, params={"n": MOST_BYTES // 1_000_000})
        return file


class BelievedForm(Form):
    on = DayField(label=_("How it was on"))
    at = DayField(label=_("As it was known at the end of"))


class StructureForm(Form):
    on = DayField(label=_("Figures of"))
    structure = DayField(label=_("On the structure of"), help_text=_("The same day shows them as they were reported."))

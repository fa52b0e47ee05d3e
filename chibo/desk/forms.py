"""What is typed on the pages that compose several domains."""

from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form


class AsOfForm(Form):
    on = DayField(label=_("Show the unit as it was on"))


class BelievedForm(Form):
    on = DayField(label=_("How it was on"))
    at = DayField(label=_("As it was known at the end of"))


class StructureForm(Form):
    on = DayField(label=_("Figures of"))
    structure = DayField(label=_("On the structure of"), help_text=_("The same day shows them as they were reported."))

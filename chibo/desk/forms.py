"""What is typed on the pages that compose several domains."""

from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form


class AsOfForm(Form):
    on = DayField(label=_("Show the unit as it was on"))

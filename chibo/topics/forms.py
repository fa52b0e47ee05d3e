"""What is typed about suggestions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import Form, LineField


class Leave(Form):
    key = forms.CharField(max_length=120, widget=forms.HiddenInput)
    reason = LineField(label=_("Why it is not for this cell"), max_length=300)

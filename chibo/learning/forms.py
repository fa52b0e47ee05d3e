"""What is typed about directives."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.learning.models import NATURE_WORDS
from chibo.learning.rules import LONGEST, LONGEST_TEXT


class Send(Form):
    nature = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect, choices=NATURE_WORDS.items())
    title = LineField(label=_("What it is called, with number and day"), max_length=300)
    gist = LongTextField(
        label=_("What it asks, in your own words"),
        help_text=_("Ten lines that a cell can read aloud are worth more than the whole document."),
        rows=8,
        max_length=LONGEST,
    )
    questions = LongTextField(label=_("Questions that open the discussion"), rows=3, max_length=2_000, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("For which kinds of unit"),
        help_text=_("Leave all empty for every kind."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    until = DayField(label=_("To be done by"))


class Adapt(Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    plan = LongTextField(label=_("What the units below are to do, and how they are helped"), rows=6, max_length=LONGEST)
    until = DayField(label=_("To be done by"))


class Studied(Form):
    on = DayField(label=_("Day of the meeting in which it was studied"))


class Report(Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    changes = LongTextField(label=_("What the cell does otherwise from now on"), rows=3, max_length=2_000)
    who = LongTextField(label=_("Who does it, by when"), rows=2, max_length=1_000)
    needs = LongTextField(
        label=_("What is in the way, what the unit above should help with"), rows=2, max_length=1_000, required=False
    )


class Publish(Form):
    """A material, or its next edition."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = LineField(label=_("What the material is called"), max_length=300)
    text = LongTextField(
        label=_("Its text, or what matters in it"),
        help_text=_("It opens at once on every telephone; the file and the recording are fetched only by who wants."),
        rows=12,
        max_length=LONGEST_TEXT,
    )
    what_changed = LongTextField(label=_("What is new in this edition"), rows=2, max_length=1_000)
    file = forms.FileField(
        label=_("The whole document"), required=False, help_text=_("Word, PDF, a table or a picture; up to 10 MB.")
    )
    audio = forms.FileField(
        label=_("A recording of it, read aloud"), required=False, help_text=_("MP3, M4A or OGG; up to 10 MB.")
    )
    directive = forms.ChoiceField(label=_("The directive to which it belongs"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("For which kinds of unit"),
        help_text=_("Leave all empty for every kind."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class PutOnList(Form):
    unit = forms.ChoiceField(label=_("On whose reading list"), widget=forms.RadioSelect)
    month = forms.ChoiceField(label=_("Of which month"))
    why = LineField(label=_("Why it is worth reading now"), max_length=300, required=False)

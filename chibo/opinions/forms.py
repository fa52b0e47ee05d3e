"""What is typed about opinions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.opinions.rules import LONGEST, Source


class Raise(Form):
    source = forms.ChoiceField(
        label=_("Whose it is"),
        widget=forms.RadioSelect,
        choices=[(Source.MEMBER, _("my own")), (Source.PUBLIC, _("from the public, told to me"))],
        initial=Source.MEMBER,
    )
    text = LongTextField(label=_("What you raise"), rows=5, max_length=LONGEST)
    place = LineField(
        label=_("Place, if it is from the public"),
        help_text=_("The hamlet or the street; no household and no name."),
        max_length=120,
        required=False,
    )


class FromMeeting(Form):
    text = LongTextField(label=_("What is raised"), rows=5, max_length=LONGEST)


class Answer(Form):
    """The answer; `promises` where who answers may give himself a task in that unit."""

    text = LongTextField(label=_("The answer"), rows=6, max_length=5_000)
    promise = LineField(label=_("What is promised in it, as a task of yours"), max_length=300, required=False)
    due_on = DayField(label=_("By when"), required=False)

    def __init__(self, *args: Any, promises: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not promises:
            del self.fields["promise"], self.fields["due_on"]


class Send(Form):
    reason = LongTextField(label=_("Why it is for the unit above to answer"), rows=3, max_length=1_000)


class Again(Form):
    reason = LongTextField(label=_("What is still missing"), rows=3, max_length=1_000)

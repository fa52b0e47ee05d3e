"""What is typed about opinions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.core.public import Sent
from chibo.opinions.rules import LONGEST, LONGEST_VOICE, Source
from chibo.people.models import Person

OF_ANOTHER = "another"


class Raise(Form):
    """What is raised; `members` are those whose word the writer may write down, nobody for most."""

    source = forms.ChoiceField(label=_("Whose it is"), widget=forms.RadioSelect, initial=Source.MEMBER)
    member = forms.ChoiceField(label=_("The member who said it, if it is another's"), required=False)
    text = LongTextField(label=_("What you raise"), rows=5, max_length=LONGEST)
    place = LineField(
        label=_("Place, if it is from the public"),
        help_text=_("The hamlet or the street; no household and no name."),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, members: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        another = [(OF_ANOTHER, _("of another member, who told me"))] if members else []
        public = (Source.PUBLIC, _("from the public, told to me"))
        self.offer("source", [(Source.MEMBER, _("my own")), *another, public])
        if members:
            self.offer("member", [("", _("Choose")), *((one.pk, one.name) for one in members)])
            self.fields["member"].is_asked_for = True  # type: ignore[attr-defined]  # read by label.html
        else:
            del self.fields["member"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("source") == OF_ANOTHER and not typed.get("member"):
            self.add_error("member", _("Choose the member whose word you write down."))
        return typed


class FromMeeting(Form):
    text = LongTextField(label=_("What is raised"), rows=5, max_length=LONGEST)


class Answer(Form):
    """The answer; `promises` where who answers may give himself a task in that unit."""

    text = LongTextField(label=_("The answer"), rows=6, max_length=5_000)
    promise = LineField(label=_("What is promised in it, as a task of yours"), max_length=300, required=False)
    due_on = DayField(label=_("By when"), required=False)

    def __init__(self, *args: Any, promises: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].is_asked_for = True  # type: ignore[attr-defined]  # read by label.html; wanted with a promise
        if not promises:
            del self.fields["promise"], self.fields["due_on"]


class Ask(Form):
    question = LineField(label=_("What you ask the public"), max_length=300)
    closes_on = DayField(label=_("Until"))


class Reply(Form):
    text = LongTextField(label=_("What stands on the receipt"), rows=4, max_length=2_000)


class Say(Sent):
    """What somebody of the public writes."""

    text = LongTextField(label=_("What you want to say"), rows=6, max_length=LONGEST_VOICE)
    place = LineField(
        label=_("Hamlet or street"), max_length=120, required=False, help_text=_("No name and no household.")
    )


class Receipt(Form):
    receipt = LineField(label=_("Code of the receipt"), max_length=20)


class Send(Form):
    reason = LongTextField(label=_("Why it is for the unit above to answer"), rows=3, max_length=1_000)


class Again(Form):
    reason = LongTextField(label=_("What is still missing"), rows=3, max_length=1_000)

"""What is typed about drafts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.consultations.models import DECISION_WORDS
from chibo.consultations.rules import LONGEST_COMMENT, LONGEST_DRAFT
from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.core.public import Sent


class LayOpen(Form):
    title = LineField(label=_("What the draft is called"), max_length=300)
    text = LongTextField(
        label=_("Text of the draft"),
        help_text=_("Paste it; each line becomes a paragraph that is commented on by its number."),
        rows=16,
        max_length=LONGEST_DRAFT,
    )
    closes_on = DayField(label=_("Comments until"))
    is_public = forms.BooleanField(
        label=_("The public may comment too, under a link that needs no account"), required=False
    )


class Say(Form):
    text = LongTextField(label=_("What should be changed, and why"), rows=6, max_length=LONGEST_COMMENT)


class SayInPublic(Sent):
    """What somebody of the public says of a paragraph."""

    text = LongTextField(label=_("What should be changed, and why"), rows=6, max_length=LONGEST_COMMENT)


class MakePoint(Form):
    """One heap of comments that seem to say the same; what is unticked stays for another point."""

    comments = forms.MultipleChoiceField(label=_("Comments that say this"), widget=forms.CheckboxSelectMultiple)
    point = forms.ChoiceField(label=_("Where they belong"), widget=forms.RadioSelect, required=False)
    gist = LineField(label=_("What they say, in a sentence"), max_length=500, required=False)


class Answer(Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("What was decided about it"), widget=forms.RadioSelect, choices=DECISION_WORDS.items()
    )
    why = LongTextField(
        label=_("How it is taken, or why not"),
        help_text=_("All who said it read this."),
        rows=4,
        max_length=2_000,
        required=False,
    )


class Conclude(Form):
    new_text = LongTextField(
        label=_("The new text"),
        help_text=_("Change the draft here, or paste the new text. What was changed is worked out by itself."),
        rows=20,
        max_length=LONGEST_DRAFT,
    )

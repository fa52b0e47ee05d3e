"""What is answered to an exercise; it goes nowhere but into the page that answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import Form
from chibo.training.rules import Exercise

LONGEST = 4_000


class Answer(Form):
    """One choice, several, or a text of one's own."""

    def __init__(self, exercise: Exercise, language: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        options = [(str(n), one.text.spoken(language)) for n, one in enumerate(exercise.choices)]
        if exercise.answer:
            self.fields["text"] = forms.CharField(
                label=exercise.question.spoken(language),
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": 6}),
            )
        elif exercise.is_of_several:
            self.fields["chosen"] = forms.MultipleChoiceField(
                label=exercise.question.spoken(language),
                choices=options,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Choose what you would do.")},
            )
        else:
            self.fields["chosen"] = forms.ChoiceField(
                label=exercise.question.spoken(language),
                choices=options,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose what you would do.")},
            )

    @property
    def chosen(self) -> frozenset[int]:
        """The places of the choices, once it is valid."""
        given = self.cleaned_data.get("chosen") or []
        return frozenset(int(one) for one in ([given] if isinstance(given, str) else given))

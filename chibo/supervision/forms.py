"""What is typed about attending. The fields are named like the arguments of the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField

PROMISES = 3
"""How many promises a report has room for at once; one that needs more is sent again."""


class Assign(Form):
    user = forms.ChoiceField(label=_("Who is to follow them"), widget=forms.RadioSelect)
    cells = forms.MultipleChoiceField(label=_("Which cells"), widget=forms.CheckboxSelectMultiple)
    since = DayField(label=_("From"))
    replaces = forms.BooleanField(label=_("Whoever followed them until then no longer does"), required=False)

    def __init__(self, *args: Any, users: list[tuple[str, str]], cells: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("user", users)
        self.offer("cells", cells)


class Propose(Form):
    to_on = DayField(label=_("Proposed day"))
    reason = LineField(label=_("Why"), max_length=300)


class StandIn(Form):
    person = forms.ChoiceField(label=_("Who goes in his stead"), widget=forms.RadioSelect)


class Answer(Form):
    answer = LineField(label=_("Your answer"), max_length=300, required=False)


class ReminderAnswer(Form):
    answer = LongTextField(label=_("Your answer"), rows=4)


class Kept(Form):
    result = LongTextField(label=_("What was done"), rows=3)


class Remind(Form):
    to = forms.ChoiceField(label=_("Whom"), widget=forms.RadioSelect)
    text = LongTextField(label=_("What you remind of, and what should be done by when"), rows=4)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("to", people)


class Report(Form):
    was_there = forms.TypedChoiceField(
        label=_("Were you at the meeting?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="yes",
    )
    absent_because = LongTextField(label=_("If not: why, and who went in your stead"), rows=2, required=False)
    seen = LongTextField(
        label=_("What you saw"),
        help_text=_("How the meeting was prepared, held and concluded; what was good, what was missing."),
        rows=6,
        required=False,
    )
    helped = LongTextField(label=_("What you helped with"), rows=3, required=False)
    opinions = LongTextField(
        label=_("Opinions you take along, and to whom"), rows=3, required=False, help_text=_("One on each line.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(PROMISES):
            self.fields[f"promise_{n}"] = LineField(label=_("What you promised"), max_length=500, required=False)
            self.fields[f"due_on_{n}"] = DayField(label=_("By when"), required=False)

    @property
    def promise_fields(self) -> list[tuple[Any, Any]]:
        return [(self[f"promise_{n}"], self[f"due_on_{n}"]) for n in range(PROMISES)]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the action."""
        names = ("was_there", "absent_because", "seen", "helped", "opinions")
        typed = self.cleaned_data
        promises = [(typed.get(f"promise_{n}") or "", typed.get(f"due_on_{n}")) for n in range(PROMISES)]
        return {name: typed[name] for name in names} | {"promises": promises}

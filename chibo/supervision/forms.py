"""What is typed about attending. The fields are named like the arguments of the actions."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.supervision import rules

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
    """`seen_version` is that of the report on the page; nought for one that is begun with it."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
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
        names = ("was_there", "absent_because", "seen", "helped", "opinions", "seen_version")
        typed = self.cleaned_data
        promises = [(typed.get(f"promise_{n}") or "", typed.get(f"due_on_{n}")) for n in range(PROMISES)]
        return {name: typed[name] for name in names} | {"promises": promises}


# Inspections


class Draw(Form):
    seed = LineField(
        label=_("Seed"),
        max_length=200,
        help_text=_(
            "Letters or figures that nobody could choose, such as the numbers drawn in the lottery of a named day."
        ),
    )
    count = forms.IntegerField(label=_("How many cells"), min_value=1)
    sure = forms.BooleanField(
        label=_("A year is drawn once; seed and number stand from then on."),
        error_messages={
            "required": _("Look at the seed and the number again, and tick this. A draw cannot be changed.")
        },
    )


class PlanInspection(Form):
    on = DayField(label=_("Day of the inspection"))
    because = LongTextField(label=_("For which reason"), rows=2, required=False)


class FindingAnswer(Form):
    answer = LongTextField(label=_("What was done"), rows=3)


class Recheck(Form):
    is_mended = forms.TypedChoiceField(
        label=_("Is it mended?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    result = LongTextField(label=_("What was seen"), rows=3)


class HoldInspection(Form):
    """The checklist with what was found wanting beside each line."""

    held_on = DayField(label=_("Day of the inspection"))
    commendation = LongTextField(label=_("What deserves praise"), rows=2, required=False)
    conclusion = LongTextField(label=_("Conclusion of the inspection"), rows=4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("yes", _("Yes")), ("no", _("No")), ("not_applicable", _("Does not apply"))]
        for code, words in rules.checklist().items():
            label = words.spoken(get_language() or "")
            self.fields[f"{code}_answer"] = forms.ChoiceField(
                label=label, choices=choices, widget=forms.RadioSelect, required=False
            )
            self.fields[f"{code}_found"] = LineField(
                label=_("What was found, and how it is to be mended"), max_length=500, required=False
            )
            self.fields[f"{code}_due_on"] = DayField(label=_("By when"), required=False)

    @property
    def checklist(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"{code}_answer"], self[f"{code}_found"], self[f"{code}_due_on"]) for code in rules.checklist()]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the action."""
        typed = self.cleaned_data
        return {
            "held_on": typed["held_on"],
            "commendation": typed["commendation"],
            "conclusion": typed["conclusion"],
            "answers": {code: typed.get(f"{code}_answer", "") for code in rules.checklist()},
            "found": {
                code: (typed.get(f"{code}_found", ""), typed.get(f"{code}_due_on")) for code in rules.checklist()
            },
        }

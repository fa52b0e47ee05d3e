"""What is typed about suggestions, themes and plans."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import Form, LineField, LongTextField
from chibo.topics.rules import LINES, PlanLine


class Leave(Form):
    key = forms.CharField(max_length=120, widget=forms.HiddenInput)
    reason = LineField(label=_("Why it is not for this cell"), max_length=300)


class Share(Form):
    title = LineField(label=_("What the session was about"), max_length=300)
    aim = LongTextField(label=_("Its aim"), rows=2, max_length=1_000)
    questions = LongTextField(label=_("The questions that opened the discussion"), rows=3, max_length=2_000)
    experience = LongTextField(
        label=_("What helped, for those who take it over"),
        help_text=_("How it was prepared, who led, what came of it; no names."),
        rows=3,
        max_length=2_000,
        required=False,
    )


class Find(Form):
    q = LineField(label=_("Words of the title"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False)


class Plan(Form):
    """The plan of a year: so many lines, each with its month; a line without a title is left out."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, lines: Sequence[PlanLine] = (), version: int = 0) -> None:
        initial: dict[str, object] = {"seen_version": version}
        for n, line in enumerate(lines, start=1):
            typed = {"month": line.month, "title": line.title, "aim": line.aim, "questions": line.questions}
            initial |= {f"{name}_{n}": value for name, value in typed.items()}
        super().__init__(data, initial=initial)
        months = [("", ""), *((n, f"{n:02d}") for n in range(1, 13))]
        for n in range(1, LINES + 1):
            self.fields[f"month_{n}"] = forms.TypedChoiceField(
                label=_("Month"), choices=months, coerce=int, required=False
            )
            # Two rows: a theme is a sentence, and is read whole on a telephone.
            two_rows = forms.Textarea(attrs={"rows": 2})
            self.fields[f"title_{n}"] = LineField(label=_("Theme"), max_length=300, required=False, widget=two_rows)
            self.fields[f"aim_{n}"] = LongTextField(label=_("Aim"), rows=2, max_length=1_000, required=False)
            self.fields[f"questions_{n}"] = LongTextField(
                label=_("Questions for the discussion"), rows=2, max_length=2_000, required=False
            )

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The fields of each line, for the page."""
        names = ("month", "title", "aim", "questions")
        return [(n, [self[f"{name}_{n}"] for name in names]) for n in range(1, LINES + 1)]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for n in range(1, LINES + 1):
            if not typed.get(f"title_{n}") and (typed.get(f"aim_{n}") or typed.get(f"questions_{n}")):
                self.add_error(f"title_{n}", _("Write the theme to which this belongs."))
            if typed.get(f"title_{n}") and not typed.get(f"month_{n}"):
                self.add_error(f"month_{n}", _("Choose the month of this theme."))
        return typed

    def lines(self) -> list[PlanLine]:
        """What was typed, without the lines that have no title."""
        typed = self.cleaned_data
        return [
            PlanLine(typed[f"month_{n}"] or 0, typed[f"title_{n}"], typed[f"aim_{n}"], typed[f"questions_{n}"])
            for n in range(1, LINES + 1)
            if typed[f"title_{n}"]
        ]

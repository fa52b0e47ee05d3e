"""The score sheet as it is filled in, and what is typed about frameworks. Forms never save."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chibo.assessment import rules
from chibo.assessment.models import Level
from chibo.assessment.queries.scores import Chapter, Line, View
from chibo.assessment.rules import Kind
from chibo.assessment.rules.sheets import Given
from chibo.core.forms import DayField, Form, LineField, LongTextField

MOST_CHOICES = 21
"""Up to so many different points are chosen from a list; more of them are typed."""


class PointsField(forms.Field):
    """Points as people write them (2,5 or 2.5); cleans to a Decimal, or None where it stays empty."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write the points as a number, for example 2,5.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-3", "maxlength": 8}

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip().replace(",", ".")
        if not text:
            return None
        try:
            found = Decimal(text)
        except ArithmeticError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not found.is_finite():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class ShareField(forms.Field):
    """So many of so many (12/20); cleans to [12, 20], or None where it stays empty."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write how many of how many, for example 12/20.")}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off", "class": "govuk-input--width-5", "maxlength": 15}

    def to_python(self, value: Any) -> list[int] | None:
        text = str(value or "").replace(" ", "")
        if not text:
            return None
        part, slash, whole = text.partition("/")
        if not (slash and part.isdecimal() and whole.isdecimal()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return [int(part), int(whole)]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One criterion with the fields in which it is judged."""

    line: Line
    value: BoundField
    reason: BoundField
    remedy: BoundField

    @property
    def wants_person(self) -> bool:
        """Whether somebody has to look at it: nothing, or not enough, follows from the facts."""
        has_errors = bool(self.value.errors or self.reason.errors or self.remedy.errors)
        is_open = self.line.says is None and self.line.is_applicable
        return is_open or self.line.is_low or bool(self.remedy.value()) or has_errors

    @property
    def is_open(self) -> bool:
        """Whether its reason is shown at once: something stands there, or is wrong with it."""
        return bool(self.value.errors or self.reason.errors or self.line.differs or self.reason.value())


@dataclass(frozen=True, slots=True)
class SheetChapter:
    chapter: Chapter
    lines: list[SheetLine]


class Sheet(Form):
    """The sheet of one side: a field for each criterion, with its reason and its remedy; `seen_version` as shown."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, view: View, asks_votes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.view = view
        english = get_language() == "en"
        for line in view.lines:
            code = line.criterion.code
            label = line.criterion.title.en if english else line.criterion.title.vi
            self.fields[f"{code}_value"] = self._field(line, label, english=english)
            self.fields[f"{code}_reason"] = LineField(
                label=_("Why"), required=False, max_length=500, initial=line.given.reason
            )
            self.fields[f"{code}_remedy"] = LineField(
                label=_("What will be done about it"), required=False, max_length=500, initial=line.given.remedy
            )
            self.fields[f"{code}_reason"].summary = self.fields[f"{code}_remedy"].summary = label  # type: ignore[attr-defined]  # read by error_lines
        self.asks_votes = asks_votes
        if asks_votes:
            for name, words in (
                ("in_favour", _("In favour")),
                ("against", _("Against")),
                ("abstained", _("Abstained")),
            ):
                self.fields[name] = forms.IntegerField(label=words, required=False, min_value=0, max_value=10_000)

    @staticmethod
    def _field(line: Line, label: str, *, english: bool) -> forms.Field:
        criterion, value = line.criterion, line.given.value
        if criterion.kind is Kind.CHOICE and criterion.options:
            choices = [
                (one.code, f"{one.title.en if english else one.title.vi} ({rules.in_figures(one.points)})")
                for one in criterion.options
            ]
            return forms.ChoiceField(
                label=label, required=False, choices=choices, widget=forms.RadioSelect, initial=value or ""
            )
        if criterion.kind is Kind.YES_NO:
            return forms.ChoiceField(
                label=label,
                required=False,
                choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect,
                initial={True: "yes", False: "no"}.get(value, ""),
            )
        if criterion.kind is Kind.SHARE:
            return ShareField(label=label, required=False, initial="/".join(map(str, value or [])))
        points = rules.possible_points(criterion)
        shown = "" if value is None else str(value)
        if points and len(points) <= MOST_CHOICES:
            first = ("", "–" if line.says is None else _("As the facts say"))
            return forms.ChoiceField(
                label=label,
                required=False,
                choices=[first, *((rules.plain(one), rules.in_figures(one)) for one in points)],
                initial=shown,
            )
        return PointsField(label=label, required=False, initial=shown.replace(".", ","))

    def show(self, view: View, seen_version: int) -> None:
        """Shows what was typed with what it comes to, to be sent again over the sheet as it is kept now."""
        self.view = view
        self.data = {name: self.data.get(name) for name in self.data} | {"seen_version": str(seen_version)}

    def to_judge(self) -> Iterator[SheetChapter]:
        """What asks for a person: what the facts leave open, what is low, and what something is wrong with."""
        return self._chapters(wants_person=True)

    def by_facts(self) -> Iterator[SheetChapter]:
        """What the facts have filled in."""
        return self._chapters(wants_person=False)

    def _chapters(self, *, wants_person: bool) -> Iterator[SheetChapter]:
        for chapter in self.view.chapters:
            lines = [one for one in map(self._line, chapter.lines) if one.wants_person is wants_person]
            if lines:
                yield SheetChapter(chapter, lines)

    def _line(self, line: Line) -> SheetLine:
        code = line.criterion.code
        return SheetLine(line, self[f"{code}_value"], self[f"{code}_reason"], self[f"{code}_remedy"])

    @property
    def given(self) -> Mapping[str, Given]:
        """What a person put in, by criterion; one that he left alone is not in it."""
        found = {}
        for line in self.view.lines:
            code, kind = line.criterion.code, line.criterion.kind
            typed = self.cleaned_data.get(f"{code}_value")
            value: Any = None if typed in ("", None) else typed
            if kind is Kind.YES_NO and value is not None:
                value = value == "yes"
            elif isinstance(value, Decimal):
                value = rules.plain(value)
            given = Given(
                value=value,
                reason=self.cleaned_data.get(f"{code}_reason", ""),
                remedy=self.cleaned_data.get(f"{code}_remedy", ""),
            )
            if given.as_json:
                found[code] = given
        return found

    @property
    def votes(self) -> tuple[int, int, int] | None:
        if not self.asks_votes or self.cleaned_data.get("in_favour") is None:
            return None
        return (
            self.cleaned_data["in_favour"],
            self.cleaned_data.get("against") or 0,
            self.cleaned_data.get("abstained") or 0,
        )


class Again(Form):
    reason = LongTextField(label=_("Why the session is scored again"), rows=3)


class Observer(Form):
    person = forms.ChoiceField(label=_("Who observes and scores this session"), required=False)


class RequiredPoints(PointsField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=True, **kwargs)


class SelfReview(Form):
    common = RequiredPoints(label=_("Common criteria, of 30 points"))
    task = RequiredPoints(label=_("Results of the task, of 70 points"))
    level = forms.ChoiceField(label=_("How the unit rates it"), choices=Level.choices, widget=forms.RadioSelect)
    words = LongTextField(label=_("What was achieved, and what was not"), rows=6)


class Appraise(Form):
    level = forms.ChoiceField(label=_("Appraised as"), choices=Level.choices, widget=forms.RadioSelect)
    words = LongTextField(label=_("On what the appraisal rests"), rows=4)


class Decide(Form):
    level = forms.ChoiceField(label=_("Decided level"), choices=Level.choices, widget=forms.RadioSelect)
    decision = LineField(label=_("Number of the decision"), max_length=100)
    decided_on = DayField(label=_("Day of the decision"))


class SignalAnswer(Form):
    text = LongTextField(label=_("Your answer"), rows=3)


class FrameworkText(Form):
    """The text of a framework as YAML; `seen_version` is the one that was on the page."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    text = LongTextField(label=_("The framework"), rows=30, max_length=100_000)


class Publish(Form):
    since = DayField(label=_("In force from"))

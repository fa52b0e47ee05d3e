"""The score sheet as it is filled in, and what is typed about frameworks. Forms never save."""

from collections.abc import Iterable, Iterator, Mapping
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
from chibo.assessment.rules import FACTS, Kind, Policy
from chibo.assessment.rules.conditions import SHARE, Type
from chibo.assessment.rules.sheets import Given
from chibo.assessment.rules.writing import Raw
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
            for name in ("reason", "remedy"):  # wanted wherever they are shown
                self.fields[f"{code}_{name}"].is_asked_for = True  # type: ignore[attr-defined]  # read by label.html
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
    common = RequiredPoints()
    task = RequiredPoints()
    level = forms.ChoiceField(label=_("How the unit rates it"), choices=Level.choices, widget=forms.RadioSelect)
    words = LongTextField(label=_("What was achieved, and what was not"), rows=6)

    def __init__(self, *args: Any, most: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["common"].label = _("Common criteria, of %(n)s points") % {"n": most["common"]}
        self.fields["task"].label = _("Results of the task, of %(n)s points") % {"n": most["task"]}


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


# One criterion of a draft

KINDS = [
    (Kind.COMPUTED, _("From the facts, step by step")),
    (Kind.NUMBER, _("Points that a person gives")),
    (Kind.YES_NO, _("Yes or no")),
    (Kind.CHOICE, _("One of several options")),
    (Kind.SHARE, _("A share that a person enters")),
]
POLICIES = [
    ("", _("as the framework says")),
    (Policy.COUNT_AS_FULL, _("its points count as full")),
    (Policy.RESCALE, _("the others earn its points in proportion")),
    (Policy.LEAVE_OUT, _("its points cannot be earned")),
]
HOW = [
    ("", "–"),
    ("at least", _("at least")),
    ("more than", _("more than")),
    ("at most", _("at most")),
    ("below", _("below")),
    ("exactly", _("exactly")),
    ("yes", _("is so")),
    ("no", _("is not so")),
]
MOST_STEPS, MOST_OPTIONS, MOST_CONDITIONS = 8, 8, 2


class ConditionFields:
    """The three fields in which one condition is written: the fact, how it is compared, and with what."""

    @staticmethod
    def build(name: str, facts: Iterable[tuple[str, object]]) -> dict[str, forms.Field]:
        return {
            f"{name}_fact": forms.ChoiceField(label=_("Fact"), required=False, choices=[("", "–"), *facts]),
            f"{name}_how": forms.ChoiceField(label=_("Comparison"), required=False, choices=HOW),
            f"{name}_value": PointsField(label=_("Number or %"), required=False),
        }

    @staticmethod
    def initial(name: str, fact: str, written: str) -> dict[str, str]:
        how = next((key for key, _words in HOW if key and written.startswith(key)), "")
        value = written.removeprefix(how).replace("%", "").strip().replace(".", ",")
        return {f"{name}_fact": fact, f"{name}_how": how, f"{name}_value": value}

    @staticmethod
    def written(form: Form, name: str) -> tuple[str, str] | None:
        """The fact and its condition as a framework's text has it; None where no fact was chosen."""
        fact, how = form.cleaned_data.get(f"{name}_fact"), form.cleaned_data.get(f"{name}_how")
        value = form.cleaned_data.get(f"{name}_value")
        if not fact:
            return None
        if how in ("yes", "no"):
            return fact, how
        if not how or value is None:
            form.add_error(f"{name}_fact", _("Choose how the fact is compared, and write with what."))
            return None
        is_share = fact == SHARE or FACTS[fact].type == Type.SHARE
        return fact, f"{how} {rules.plain(value)}{' %' if is_share else ''}"


def _conditions(when: object) -> list[tuple[str, str]] | None:
    """The conditions of a `when` that the form can show; None for one that only the text can say."""
    if when in (None, ""):
        return []
    if not isinstance(when, dict) or len(when) > MOST_CONDITIONS:
        return None
    return [(str(fact), str(written)) for fact, written in when.items()]


class CriterionForm(Form):
    """One criterion of a draft, or a group with its title and points; `seen` tells whether it was changed meanwhile.

    What only the text can say (three conditions, or one of several) is left as it stands.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    title_vi = LineField(label=_("Title in Vietnamese"), max_length=300)
    title_en = LineField(label=_("Title in English"), max_length=300)

    def __init__(self, *args: Any, former: Raw, **kwargs: Any) -> None:
        initial = self.initial_of(former) | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.former = former
        self.is_group = former.get("kind") == Kind.GROUP
        self.fields["points"] = RequiredPoints(label=_("Points"))
        if self.is_group:
            return
        self.fields["kind"] = forms.ChoiceField(
            label=_("How its points are found"), choices=KINDS, widget=forms.RadioSelect
        )
        self.fields["step"] = PointsField(label=_("Given in steps of so many points"), required=False)
        self.fields["not_applicable"] = forms.ChoiceField(
            label=_("Where it does not apply to a session"), choices=POLICIES, required=False
        )
        self.fields["remedy_below"] = forms.IntegerField(
            label=_("A remedy is demanded below so many % of its points"), required=False, min_value=0, max_value=100
        )
        facts: list[tuple[str, object]] = [(name, kind.words) for name, kind in FACTS.items()]
        own: list[tuple[str, object]] = [(SHARE, _("the share that was entered")), *facts]
        if self.applies_by_hand:
            self.fields |= ConditionFields.build("applies", facts)
        if self.steps_by_hand:
            for n in range(MOST_STEPS):
                self.fields[f"step_{n}_points"] = PointsField(label=_("Points"), required=False)
                for m in range(MOST_CONDITIONS):
                    self.fields |= ConditionFields.build(f"step_{n}_{m}", own)
        for n in range(MOST_OPTIONS):
            self.fields[f"option_{n}_vi"] = LineField(label=_("Option in Vietnamese"), required=False, max_length=300)
            self.fields[f"option_{n}_en"] = LineField(label=_("Option in English"), required=False, max_length=300)
            self.fields[f"option_{n}_points"] = PointsField(label=_("Points"), required=False)
        for name, field in self.fields.items():
            # A row is filled in or not: it need not be said of each of its fields.
            field.is_asked_for = name.startswith(("step_", "option_", "applies_"))  # type: ignore[attr-defined]  # label.html

    @property
    def applies_by_hand(self) -> bool:
        """Whether the form can say when the criterion applies."""
        found = _conditions(self.former.get("applies_when"))
        return found is not None and len(found) <= 1

    @property
    def steps_by_hand(self) -> bool:
        """Whether the form can say its steps."""
        steps = self.former.get("steps") or []
        return len(steps) <= MOST_STEPS and all(_conditions(one.get("when")) is not None for one in steps)

    @staticmethod
    def initial_of(raw: Raw) -> dict[str, Any]:
        title = raw.get("title") or {}
        found: dict[str, Any] = {
            "title_vi": title.get("vi", ""),
            "title_en": title.get("en", ""),
            "points": str(raw.get("points", "")).replace(".", ","),
            "kind": raw.get("kind", Kind.NUMBER),
            "step": str(raw.get("step", "")).replace(".", ","),
            "not_applicable": raw.get("not_applicable", ""),
            "remedy_below": str(raw.get("remedy_below", "")).rstrip("% "),
        }
        for fact, written in (_conditions(raw.get("applies_when")) or [])[:1]:
            found |= ConditionFields.initial("applies", fact, written)
        for n, step in enumerate((raw.get("steps") or [])[:MOST_STEPS]):
            found[f"step_{n}_points"] = str(step.get("points", "")).replace(".", ",")
            for m, (fact, written) in enumerate(_conditions(step.get("when")) or []):
                found |= ConditionFields.initial(f"step_{n}_{m}", fact, written)
        for n, option in enumerate((raw.get("options") or [])[:MOST_OPTIONS]):
            words = option.get("title") or {}
            found |= {f"option_{n}_vi": words.get("vi", ""), f"option_{n}_en": words.get("en", "")}
            found[f"option_{n}_points"] = str(option.get("points", "")).replace(".", ",")
        return found

    @property
    def steps(self) -> list[tuple[int, BoundField, list[list[BoundField]]]]:
        """Each step that is filled in, and one more: its number, its points, the three fields of each condition."""
        return self._steps_shown[: self._filled + 1]

    @property
    def more_steps(self) -> list[tuple[int, BoundField, list[list[BoundField]]]]:
        """The steps that are still blank, for whoever needs that many."""
        return self._steps_shown[self._filled + 1 :]

    @property
    def _filled(self) -> int:
        return sum(bool(points.value() or points.errors) for _n, points, _conditions in self._steps_shown)

    @property
    def _steps_shown(self) -> list[tuple[int, BoundField, list[list[BoundField]]]]:
        return [
            (
                n + 1,
                self[f"step_{n}_points"],
                [[self[f"step_{n}_{m}_{part}"] for part in ("fact", "how", "value")] for m in range(MOST_CONDITIONS)],
            )
            for n in range(MOST_STEPS)
            if self.steps_by_hand
        ]

    @property
    def applies(self) -> list[BoundField]:
        return [self[f"applies_{part}"] for part in ("fact", "how", "value")] if self.applies_by_hand else []

    @property
    def options(self) -> list[list[BoundField]]:
        return [[self[f"option_{n}_{part}"] for part in ("vi", "en", "points")] for n in range(MOST_OPTIONS)]

    def raw(self, code: str) -> Raw:
        """The criterion as the text will have it; adds an error for a condition that is only half written."""
        typed = self.cleaned_data
        found: Raw = dict(self.former) | {
            "code": code,
            "title": {"vi": typed["title_vi"], "en": typed["title_en"]},
            "points": rules.plain(typed["points"]),
        }
        if self.is_group:
            return found
        kind = Kind(typed["kind"])
        found["kind"] = kind.value
        found["step"] = rules.plain(typed["step"]) if kind is Kind.NUMBER and typed["step"] is not None else None
        found["not_applicable"] = typed["not_applicable"]
        found["remedy_below"] = f"{typed['remedy_below']} %" if typed["remedy_below"] is not None else None
        if self.applies_by_hand:
            applies = ConditionFields.written(self, "applies")
            found["applies_when"] = dict([applies]) if applies else None
        if self.steps_by_hand:
            found["steps"] = [] if kind is Kind.NUMBER else self._steps()
        found["options"] = self._options() if kind is Kind.CHOICE else None
        return found

    def _steps(self) -> list[Raw]:
        found = []
        for n in range(MOST_STEPS):
            points = self.cleaned_data.get(f"step_{n}_points")
            when = [ConditionFields.written(self, f"step_{n}_{m}") for m in range(MOST_CONDITIONS)]
            conditions = dict(one for one in when if one is not None)
            if points is None and conditions:
                self.add_error(f"step_{n}_points", _("Write how many points this step gives."))
            elif points is not None:
                found.append({"points": rules.plain(points)} | ({"when": conditions} if conditions else {}))
        return found

    def _options(self) -> list[Raw]:
        found = []
        former = [one.get("code") for one in self.former.get("options") or []]
        for n in range(MOST_OPTIONS):
            title, points = self.cleaned_data.get(f"option_{n}_vi"), self.cleaned_data.get(f"option_{n}_points")
            if not title:
                continue
            if points is None:
                self.add_error(f"option_{n}_points", _("Write how many points this option gives."))
                continue
            found.append(
                {
                    "code": former[n] if n < len(former) else f"muc-{n + 1}",
                    "title": {"vi": title, "en": self.cleaned_data.get(f"option_{n}_en") or title},
                    "points": rules.plain(points),
                }
            )
        return found

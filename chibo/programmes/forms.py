"""What is typed about programmes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.core.refusals import Refused
from chibo.org.models import Kind
from chibo.programmes.models import Entry
from chibo.programmes.queries import INDICATORS, MONTHS
from chibo.programmes.rules import LONGEST, Start, Undertaking


class _WithFields(Form):
    """A form in which the fields of a programme stand under a name of its own."""

    fields_in = ""

    def refuse(self, refusal: Refused) -> None:
        refusal.fields = {self.fields_in if name == "fields" else name: said for name, said in refusal.fields.items()}
        super().refuse(refusal)


def _lines(text: str) -> list[str]:
    return [line.strip(" -–•.;") for line in text.splitlines() if line.strip(" -–•.;")]


class NumberField(forms.DecimalField):
    """A number as people write it (2,5 or 2.5)."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = "".join(str(value or "").split()).replace(",", ".")
        return super().to_python(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-5", "maxlength": 14}

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        return f"{value.normalize():f}".replace(".", ",")


class Call(_WithFields):
    """What a committee calls for; criteria one line each, those of one kind of unit in a box of their own."""

    fields_in = "fields_typed"

    title = LineField(label=_("What the programme is called"), max_length=300)
    gist = LongTextField(label=_("What units are to do, and why"), rows=5, max_length=LONGEST)
    fields_typed = LongTextField(
        label=_("Fields, one on each line"),
        help_text=_("A model may have several. Leave it empty where there are none."),
        rows=4,
        required=False,
    )
    criteria = LongTextField(label=_("Criteria for every kind of unit, one on each line"), rows=5, required=False)
    asks_members = forms.BooleanField(
        label=_("A cell registers only with the opinion of its members, given in a meeting"), required=False
    )

    def __init__(self, *args: Any, kinds: Sequence[Kind], start: Start, **kwargs: Any) -> None:
        initial = {
            "title": start.title,
            "gist": start.gist.strip(),
            "fields_typed": "\n".join(start.fields),
            "criteria": "\n".join(start.criteria.get("", [])),
            "asks_members": start.asks_members,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.kinds = [one.code for one in kinds]
        for kind in kinds:
            self.fields[f"criteria_{kind.code}"] = LongTextField(
                label=_("Only for: %(kind)s") % {"kind": kind}, rows=3, required=False
            )

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the action."""
        typed = self.cleaned_data
        criteria = {"": _lines(typed["criteria"])}
        criteria |= {kind: _lines(typed.get(f"criteria_{kind}", "")) for kind in self.kinds}
        return {
            "title": typed["title"],
            "gist": typed["gist"],
            "fields": _lines(typed["fields_typed"]),
            "criteria": criteria,
            "asks_members": typed["asks_members"],
        }


class OpenCycle(Form):
    title = LineField(label=_("What the round is called, such as its year"), max_length=100)
    registers_until = DayField(label=_("Last day to register"))
    ends_on = DayField(label=_("Last day of the round"))


class Undertake(_WithFields):
    """What a unit undertakes; `seen_version` is nought for what is begun with it."""

    fields_in = "fields_chosen"

    seen_version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    title = LineField(label=_("What your model is called"), max_length=300)
    fields_chosen = forms.MultipleChoiceField(label=_("Fields"), widget=forms.CheckboxSelectMultiple, required=False)
    aim = LongTextField(label=_("What you want to reach"), rows=4, max_length=LONGEST, required=False)
    measure = LineField(
        label=_("By what one sees it"),
        help_text=_("Something that can be counted: households that joined, metres of road, members who speak."),
        max_length=200,
        required=False,
    )
    baseline = NumberField(label=_("The number now"))
    target = NumberField(label=_("The number that you want to reach"))
    adapted = LongTextField(
        label=_("What you do otherwise than the unit from which you take it"), rows=3, max_length=2_000, required=False
    )

    def __init__(self, *args: Any, fields: Iterable[str], is_copy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("fields_chosen", [(one, one) for one in fields])
        if not self.fields["fields_chosen"].choices:  # type: ignore[attr-defined]  # a field of choices
            del self.fields["fields_chosen"]
        if not is_copy:
            del self.fields["adapted"]
        for field in self.fields.values():
            # Half of it may be kept, all of it is asked for before it is registered: nothing is called optional.
            field.is_asked_for = True  # type: ignore[attr-defined]  # read by label.html

    @staticmethod
    def initial_of(entry: Entry) -> dict[str, Any]:
        names = ("title", "aim", "measure", "baseline", "target", "adapted")
        found = {name: getattr(entry, name) for name in names}
        return found | {"fields_chosen": entry.fields, "seen_version": entry.version}

    @property
    def given(self) -> Undertaking:
        typed = self.cleaned_data
        return Undertaking(
            title=typed["title"],
            aim=typed["aim"],
            measure=typed["measure"],
            baseline=typed["baseline"],
            target=typed["target"],
            fields=tuple(typed.get("fields_chosen", ())),
            adapted=typed.get("adapted", ""),
        )


class Said(Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("Day of the meeting"))
    in_favour = forms.IntegerField(label=_("In favour"), min_value=0)
    against = forms.IntegerField(label=_("Against"), min_value=0, initial=0)
    abstained = forms.IntegerField(label=_("Abstained"), min_value=0, initial=0)


class Why(Form):
    why = LongTextField(label=_("Why"), rows=3, max_length=2_000)


class Answer(Form):
    accepts = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("It is accepted")), ("no", _("It is declined"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    why = LongTextField(
        label=_("What the unit should know"),
        help_text=_("Where it is declined: why."),
        rows=3,
        max_length=2_000,
        required=False,
    )


class Check(Form):
    """How far it is: a number, in words, and the criteria that are met; a final appraisal says whether it passes."""

    value = NumberField(label=_("The number now"))
    words = LongTextField(label=_("What was done, and what is seen of it"), rows=4, max_length=LONGEST)
    met = forms.MultipleChoiceField(
        label=_("Criteria that are met"), widget=forms.CheckboxSelectMultiple, required=False
    )
    passes = forms.TypedChoiceField(
        label=_("Did it reach what it undertook?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, criteria: Sequence[str], measure: str, is_final: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = measure
        self.offer("met", [(one, one) for one in criteria])
        if not criteria:
            del self.fields["met"]
        if not is_final:
            del self.fields["passes"]

    @property
    def given(self) -> dict[str, Any]:
        """The arguments of the action."""
        typed = self.cleaned_data
        names = {"value": typed["value"], "words": typed["words"]}
        return names | {"met": typed.get("met", []), "passes": typed.get("passes")}


class Recognise(Form):
    unit_id = forms.ChoiceField(label=_("Which committee recognises it"), widget=forms.RadioSelect)
    decision = LineField(label=_("Number of the decision"), max_length=100)
    decided_on = DayField(label=_("Day of the decision"))
    award = LineField(label=_("Commendation, if there is one"), max_length=200, required=False)


class KitText(Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    what = LongTextField(label=_("What the model is"), rows=3, max_length=LONGEST)
    how = LongTextField(label=_("How it is done, step by step"), rows=6, max_length=LONGEST)
    cost = LongTextField(label=_("What it costs, and who gives what"), rows=2, max_length=2_000, required=False)
    papers = LongTextField(
        label=_("Papers that helped"), help_text=_("Resolution, plan, list: where they are found."), rows=2,
        max_length=2_000, required=False,
    )  # fmt: skip
    agenda = LongTextField(
        label=_("How the meeting about it went"), help_text=_("Parts and questions that others can take over."), rows=3,
        max_length=2_000, required=False,
    )  # fmt: skip
    contact = LineField(
        label=_("Whom to ask"), help_text=_("An office, such as the secretary of the cell."), max_length=300,
        required=False,
    )  # fmt: skip


class Compare(Form):
    indicator = forms.ChoiceField(label=_("What is compared"), widget=forms.RadioSelect, choices=INDICATORS.items())
    months = forms.TypedChoiceField(
        label=_("Over how many months before and after"),
        choices=[(n, str(n)) for n in MONTHS],
        coerce=int,
        widget=forms.RadioSelect,
    )

"""What is typed about admissions."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.admissions.actions import Taken
from chibo.admissions.models import WHY_WORDS
from chibo.admissions.rules import COUNTED, DECIDED, LONGEST_REMARK, MATTERS, MOST_ASKED, Stage, Why
from chibo.core.forms import DayField, Form, LineField, LongTextField

DAYS = {
    Stage.HELPER: _("Named on"),
    Stage.REMARK: _("Day of the meeting"),
    Stage.COURSE: _("Day of the certificate"),
    Stage.FILE: _("Complete on"),
    Stage.CEREMONY: _("Day of the ceremony"),
}
PAPERS = {
    Stage.COURSE: _("Number of the certificate"),
    Stage.APPROVAL: _("Number of the paper"),
    **dict.fromkeys(COUNTED, _("Number of the committee's resolution, where it has one already")),
    **dict.fromkeys(DECIDED, _("Number of the decision")),
}


class Begin(Form):
    name = LineField(label=_("Full name"), max_length=120)
    born_on = DayField(label=_("Born on"), help_text=_("Only for the age that the rules ask for."))
    found_by = LineField(
        label=_("Which organisation proposes"),
        help_text=_("For example the youth union or the women's union of the hamlet."),
        max_length=200,
        required=False,
    )
    found_on = DayField(label=_("Proposed on"))


class CountField(forms.IntegerField):
    """A number of votes; empty means none."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "govuk-input--number", "inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> int:
        return super().clean(value) or 0


def _chosen(value: str) -> UUID:
    return UUID(value)


class TakeStep(Form):
    """One step; of its fields those that the step asks for stay."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    helper_ids = forms.TypedMultipleChoiceField(
        label=_("Who helps the candidate"),
        help_text=_("Those chosen here help from that day on; who helped before and is not chosen helps no longer."),
        widget=forms.CheckboxSelectMultiple,
        coerce=_chosen,
    )
    vote_id = forms.TypedChoiceField(label=_("Which vote"), widget=forms.RadioSelect, coerce=_chosen, empty_value=None)
    unit_id = forms.TypedChoiceField(
        label=_("Which committee"), widget=forms.RadioSelect, coerce=_chosen, empty_value=None
    )
    on = DayField(label=_("Day of the paper"))
    paper = LineField(label=_("Number of the paper"), max_length=60)
    words = LongTextField(
        label=_("What the meeting remarked"),
        help_text=_("The words on which the meeting agreed, in a sentence or two; what single members said stays out."),
        rows=4,
        max_length=LONGEST_REMARK,
    )
    base = CountField(label=_("Members of the committee, the absent among them"), min_value=0, max_value=MOST_ASKED)
    in_favour = CountField(label=_("In favour"), min_value=0, max_value=MOST_ASKED)
    against = CountField(label=_("Against"), min_value=0, max_value=MOST_ASKED, required=False)
    abstained = CountField(label=_("Abstained"), min_value=0, max_value=MOST_ASKED, required=False)

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"seen_version", *asked_of(stage)}:
            del self.fields[name]
        if "on" in self.fields:
            self.fields["on"].label = DAYS.get(stage, _("Day of the paper"))
        if stage in COUNTED:
            self.fields["on"].label = _("Day of the vote")
            self.fields["paper"].required = False
        if stage in PAPERS:
            self.fields["paper"].label = PAPERS[stage]

    @property
    def given(self) -> Taken:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "seen_version"}
        return Taken(**{"on": None, **typed})


def asked_of(stage: Stage) -> Sequence[str]:
    """The fields that a step asks for."""
    if stage in MATTERS:
        return ("vote_id",)
    if stage in COUNTED:
        return ("unit_id", "on", "base", "in_favour", "against", "abstained", "paper")
    if stage in (*DECIDED, Stage.APPROVAL):
        return ("unit_id", "on", "paper")
    more = {Stage.HELPER: ("helper_ids",), Stage.REMARK: ("words",), Stage.COURSE: ("paper",)}
    return ("on", *more.get(stage, ()))


class Stop(Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.TypedChoiceField(
        label=_("Why it stops"), choices=WHY_WORDS.items(), coerce=Why, widget=forms.RadioSelect
    )


class Targets(Form):
    """A number for each unit shown; empty: no target."""

    def __init__(self, *args: Any, units: Iterable[tuple[UUID, str, int | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pk, name, number in units:
            self.fields[str(pk)] = forms.IntegerField(
                label=name,
                min_value=0,
                max_value=MOST_ASKED,
                required=False,
                initial=number,
                widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--number"}),
            )
            self.fields[str(pk)].is_asked_for = True  # type: ignore[attr-defined]  # read by label.html

    @property
    def numbers(self) -> dict[UUID, int | None]:
        return {UUID(name): number for name, number in self.cleaned_data.items()}

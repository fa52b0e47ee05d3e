"""What is typed to look at a unit on a day, and to found, rename, move and dissolve one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.org.models import Kind, Unit


class FoundForm(Form):
    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect)
    name = LineField(label=_("Name"), max_length=200)
    code = LineField(
        label=_("Code"),
        help_text=_("Short, and of this unit alone, for example na-phon. It stays when the name changes."),
        max_length=40,
    )
    since = DayField(label=_("Founded on"), help_text=_("The day in the decision."))

    def __init__(self, *args: Any, kinds: QuerySet[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [(kind.pk, str(kind)) for kind in kinds])


class RenameForm(Form):
    name = LineField(label=_("New name"), max_length=200)
    since = DayField(label=_("From"), help_text=_("Papers of before this day keep the old name."))


class MoveForm(Form):
    parent = forms.ChoiceField(label=_("New superior unit"), widget=forms.RadioSelect)
    since = DayField(label=_("From"), help_text=_("The day in the decision."))

    def __init__(self, *args: Any, places: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("parent", [(str(unit.pk), unit.name) for unit in places])


class DissolveForm(Form):
    on = DayField(label=_("Ended on"), help_text=_("The first day on which the unit is no more."))


class CorrectNameForm(Form):
    name = LineField(label=_("The right name"), max_length=200)
    reason = LongTextField(label=_("How it is known"), rows=2, max_length=500)


class CorrectDayForm(Form):
    since = DayField(label=_("The right day"))
    reason = LongTextField(label=_("How it is known"), rows=2, max_length=500)

"""What is typed to look at a unit on a day, and to found, rename, move and dissolve one."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.org.models import Kind, Unit
from chibo.org.rules import Decision


class DecisionForm(Form):
    """What every single change of the tree rests on; the fields stand after those of the change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"] = LineField(
            label=_("Number of the decision"), help_text=_("For example 12-QĐ/ĐU."), max_length=60
        )
        self.fields["issuer"] = LineField(label=_("Issued by"), max_length=200)
        self.fields["signed_on"] = DayField(label=_("Day of the decision"))

    def clean(self) -> dict[str, Any]:
        """With `decision` instead of its parts."""
        cleaned = super().clean() or {}
        said = [cleaned.pop(part, None) for part in ("number", "issuer", "signed_on")]
        if all(said):
            cleaned["decision"] = Decision(*said)
        return cleaned


class FoundForm(DecisionForm):
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


class RenameForm(DecisionForm):
    name = LineField(label=_("New name"), max_length=200)
    since = DayField(label=_("From"), help_text=_("Papers of before this day keep the old name."))


class MoveForm(DecisionForm):
    parent = forms.ChoiceField(label=_("New superior unit"), widget=forms.RadioSelect)
    since = DayField(label=_("From"), help_text=_("The day in the decision."))

    def __init__(self, *args: Any, places: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("parent", [(str(unit.pk), unit.name) for unit in places])


class DissolveForm(DecisionForm):
    on = DayField(label=_("Ended on"), help_text=_("The first day on which the unit is no more."))


class CorrectNameForm(Form):
    name = LineField(label=_("The right name"), max_length=200)
    reason = LongTextField(label=_("How it is known"), rows=2, max_length=500)


class CorrectDayForm(Form):
    since = DayField(label=_("The right day"))
    reason = LongTextField(label=_("How it is known"), rows=2, max_length=500)

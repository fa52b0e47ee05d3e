"""What is typed on the pages that compose several domains."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField
from chibo.people.actions import MOST_BYTES
from chibo.people.forms import EnterForm
from chibo.people.models import MEMBER_OF_A_CELLS_COMMITTEE, Person, Status, Title, Transfer


class AsOfForm(Form):
    on = DayField(label=_("Show the unit as it was on"))


class ListForm(Form):
    file = forms.FileField(
        label=_("List of members"),
        help_text=_("An Excel workbook (.xlsx, .xls) or a spreadsheet (.ods), one sheet or several."),
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            sentence = _("This file is larger than %(n)s MB. Divide it into several files.")
            raise forms.ValidationError(sentence, params={"n": MOST_BYTES // 1_000_000})
        return file


class BelievedForm(Form):
    on = DayField(label=_("How it was on"))
    at = DayField(label=_("As it was known at the end of"))


class StructureForm(Form):
    on = DayField(label=_("Figures of"))
    structure = DayField(label=_("On the structure of"), help_text=_("The same day shows them as they were reported."))


OUTSIDE = "outside"
NO_OFFICE = "none"


class ArriveForm(EnterForm):
    """Somebody whom a unit outside the system introduces: the letter, and what the register keeps."""

    from_place = LineField(
        label=_("Comes from"),
        help_text=_("The unit outside this system and those above it, as the letter names them."),
        max_length=200,
    )
    number = LineField(label=_("Number of the letter"), max_length=60)
    issued_on = DayField(label=_("Day of the letter"))

    field_order = ("from_place", "number", "issued_on", "name", "status", "since", "born_on", "card_number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        official = (Status.OFFICIAL, Status.PROBATIONARY, Status.EXEMPT)
        self.offer("status", [(one.value, one.label) for one in official])


class IntroduceForm(Form):
    """A letter of introduction; cleans to `to_unit_id` and `to_place`, of which one is empty."""

    kind = forms.ChoiceField(
        label=_("What kind of transfer"),
        choices=Transfer.Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("For good, once the new cell has received the member; or for a while, with the cell here as home."),
    )
    to = forms.ChoiceField(label=_("Where the member goes"), widget=forms.RadioSelect)
    to_place = LineField(
        label=_("Place outside this system"),
        help_text=_("Only if that is chosen: the cell and those above it, as the letter names them."),
        max_length=200,
        required=False,
    )
    number = LineField(label=_("Number of the letter"), help_text=_("For example 12-GT/ĐU."), max_length=60)
    issued_on = DayField(label=_("Day of the letter"))
    ends_on = DayField(
        label=_("Until"),
        help_text=_("Only for a temporary transfer: the day on which the time there is over."),
        required=False,
    )

    def __init__(self, *args: Any, units: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("to", [*units, (OUTSIDE, _("A place outside this system, written below"))])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        to = cleaned.pop("to", None)
        cleaned["to_unit_id"] = UUID(to) if to and to != OUTSIDE else None
        return cleaned


class ReceiveForm(Form):
    on = DayField(label=_("Received on"), help_text=_("From this day on the member takes part there."))


class ReturnForm(Form):
    on = DayField(label=_("Returned on"), help_text=_("From this day on the member belongs here as before."))


class ProlongForm(Form):
    ends_on = DayField(label=_("Until"), help_text=_("The day on which the time there is over."))


class WithdrawForm(Form):
    reason = LineField(label=_("Why"), help_text=_("The other side and the member read it."), max_length=300)


class ElectForm(Form):
    """The outcome of an election: each official member with his office; cleans to `elected`."""

    term = LineField(label=_("Term"), help_text=_("For example 2025–2030."), max_length=20)
    since = DayField(label=_("Elected on"), help_text=_("From this day on those elected hold their offices."))
    ends_on = DayField(label=_("The term runs out on"))
    decision = LineField(
        label=_("Number of the decision that confirms it"),
        help_text=_("Where the committee above has confirmed the election."),
        max_length=60,
        required=False,
    )
    decided_on = DayField(label=_("Day of that decision"), required=False)

    def __init__(self, *args: Any, members: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {f"title_{one.pk}": one.pk for one in members}
        last = {name: self.fields.pop(name) for name in ("decision", "decided_on")}
        titles = [
            (one.value, MEMBER_OF_A_CELLS_COMMITTEE if one == Title.COMMITTEE_MEMBER else one.label) for one in Title
        ]
        for one in members:
            self.fields[f"title_{one.pk}"] = forms.ChoiceField(
                label=one.name,
                choices=[(NO_OFFICE, _("none")), *titles],
                initial=NO_OFFICE,
            )
        self.fields |= last

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        titles = {pk: cleaned.pop(name, "") for name, pk in self._people.items()}
        cleaned["elected"] = [(pk, Title(title)) for pk, title in titles.items() if title in Title.values]
        return cleaned

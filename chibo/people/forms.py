"""What is typed into the register: members, how they belong, their offices."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chibo.core.forms import DayField, Form, LineField
from chibo.core.names import canonical
from chibo.core.period import Period
from chibo.org.models import Unit
from chibo.people.models import MEMBER_OF_A_CELLS_COMMITTEE, Ending, How, Status, Title
from chibo.people.queries import OpenName
from chibo.people.rules import SENTENCES, SPREAD, Column, read_card


class PersonForm(Form):
    name = LineField(label=_("Full name"), max_length=120)
    born_on = DayField(label=_("Born on"), required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Notices and the letter for a forgotten password go there."),
        required=False,
        max_length=254,
    )

    card_number = forms.CharField(
        label=_("Card number"),
        help_text=_("As on the card, with its leading noughts."),
        required=False,
        max_length=30,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    joined_on = DayField(label=_("Admitted on"), required=False)
    official_on = DayField(label=_("Official since"), required=False)

    def clean_card_number(self) -> str:
        number, code = read_card(self.cleaned_data["card_number"])
        if code:
            raise forms.ValidationError(str(SENTENCES[code]))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        joined_on, official_on = cleaned.get("joined_on"), cleaned.get("official_on")
        if joined_on and official_on and official_on < joined_on:
            self.add_error("official_on", str(SENTENCES["official_before_joined"]))
        return cleaned


class EnterForm(PersonForm):
    status = forms.ChoiceField(label=_("Belongs as"), choices=Status.choices, widget=forms.RadioSelect)
    since = DayField(label=_("Member of the cell since"))

    field_order = ("name", "status", "since", "born_on", "card_number", "joined_on", "official_on", "email")


class ColumnsForm(Form):
    """What each column of a list holds: one choice per column of each shape of head; cleans to `columns` by shape."""

    list_day = DayField(
        label=_("The list holds from"),
        help_text=_(
            "From this day on they belong to their cells so, unless a column says since when each is in his cell. What "
            "was before is not entered."
        ),
    )
    default_status = forms.ChoiceField(
        label=_("Who has no status in the list"), required=False, choices=[("", _("is left in doubt")), *Status.choices]
    )

    def __init__(
        self,
        *args: Any,
        heads: Mapping[str, Sequence[tuple[str, str]]],
        guessed: Mapping[str, Mapping[str, Sequence[int]]],
        words: Mapping[Column, str],
        sheets: Mapping[str, Sequence[str]],
        **kwargs: Any,
    ) -> None:
        """`heads` gives by shape each column's head and some of what stands below it, `sheets` the sheets with it."""
        super().__init__(*args, **kwargs)
        self._sheets = sheets
        self._places: dict[str, tuple[str, int]] = {}
        choices = [("", _("left out")), *((column.value, word) for column, word in words.items())]
        days = {name: self.fields.pop(name) for name in ("list_day", "default_status")}
        for i, (shape, columns) in enumerate(heads.items()):
            held = {place: column for column, places in guessed.get(shape, {}).items() for place in places}
            for place, (head, example) in enumerate(columns):
                name = f"column_{i}_{place}"
                self._places[name] = (shape, place)
                self.fields[name] = forms.ChoiceField(
                    label=_typed(head) if head else _("Column without a head"),
                    help_text=_typed(example),
                    choices=choices,
                    required=False,
                    initial=held.get(place, ""),
                )
                self.fields[name].is_asked_for = True  # type: ignore[attr-defined]  # read by label.html
        self.fields |= days

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found: dict[str, dict[Column, list[int]]] = {}
        for name, (shape, place) in self._places.items():
            columns = found.setdefault(shape, {})
            if not (chosen := cleaned.get(name)):
                continue
            column = Column(chosen)
            if column in columns and column not in SPREAD:
                self.add_error(name, _("Another column was said to hold this already. Choose one of the two."))
            columns.setdefault(column, []).append(place)
        cleaned["columns"] = found
        return cleaned

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The columns by the sheets in which they stand, each with the names of these sheets."""
        found: dict[str, list[forms.BoundField]] = {}
        for name, (shape, _place) in self._places.items():
            found.setdefault(shape, []).append(self[name])
        return [(", ".join(self._sheets.get(shape, ())), fields) for shape, fields in found.items()]


class CellsForm(Form):
    """Which cell each open name means; a name without an answer stays open."""

    def __init__(self, *args: Any, names: Sequence[OpenName], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names: dict[str, str] = {}
        for one in names:
            name = f"cell_{hashlib.sha256(one.name.encode()).hexdigest()[:16]}"
            self._names[name] = one.name
            groups: list[Any] = [("", _("stays open"))]
            if one.close:
                groups.append((_("Closest by name"), [(str(unit.pk), unit.name) for unit in one.close]))
            if one.others:
                groups.append((_("All others"), [(str(unit.pk), unit.name) for unit in one.others]))
            rows = ngettext("“%(name)s”, in one row", "“%(name)s”, in %(n)s rows", one.rows)
            self.fields[name] = forms.ChoiceField(
                label=rows % {"name": one.name, "n": one.rows}, choices=groups, required=False
            )

    def chosen(self) -> dict[str, UUID]:
        """The answers that were given: by name, the cell."""
        return {self._names[name]: UUID(value) for name, value in self.cleaned_data.items() if value}


def _typed(text: str) -> SafeString:
    """Words of the file, in whatever language it is."""
    return format_html('<span class="typed">{}</span>', text)


class MergeForm(Form):
    """Which of two entries stays, and whose membership holds where both belong somewhere at the same time."""

    stays = forms.ChoiceField(label=_("Which entry stays"), widget=forms.RadioSelect)
    holds = forms.ChoiceField(
        label=_("Whose membership holds where both belong to a unit at the same time"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], overlap: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("stays", choices)
        if overlap:
            self.offer("holds", choices)
        else:
            del self.fields["holds"]


class DecisionForm(Form):
    """The decision behind a change, where there is one; of it the register keeps the number and the day only."""

    decision = LineField(label=_("Number of the decision"), max_length=60, required=False)
    decided_on = DayField(label=_("Day of the decision"), required=False)


class StatusForm(DecisionForm):
    status = forms.ChoiceField(
        label=_("Belongs as"),
        # Who works elsewhere for a while gets a letter of introduction.
        choices=[choice for choice in Status.choices if choice[0] != Status.ELSEWHERE],
        widget=forms.RadioSelect,
        help_text=_(
            "An exemption and a suspension need a decision; an exemption ends the offices of the member. Reasons are "
            "not kept here."
        ),
    )
    since = DayField(label=_("From"), help_text=_("What was before stays in the register."))

    field_order = ("status", "since", "decision", "decided_on")


class EndForm(Form):
    on = DayField(label=_("Ended on"), help_text=_("The first day on which it no longer holds."))


class EndMembershipForm(DecisionForm, EndForm):
    ending = forms.ChoiceField(
        label=_("Why"),
        # Who goes to a unit outside gets a letter of introduction, and ends with it.
        choices=[choice for choice in Ending.choices if choice[0] != Ending.MOVED_OUT],
        widget=forms.RadioSelect,
        help_text=_("Everything but a death is decided. Reasons are not kept here."),
    )

    field_order = ("ending", "on", "decision", "decided_on")


class TransferForm(Form):
    unit = forms.ChoiceField(label=_("New cell"), widget=forms.RadioSelect)
    since = DayField(label=_("From"), help_text=_("The day in the transfer paper."))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", [(str(unit.pk), unit.name) for unit in units])


class PeriodForm(Form):
    """A beginning, and an end that may stay open; cleans to `during`."""

    since = DayField(label=_("From"))
    until = DayField(
        label=_("Until"),
        help_text=_("The first day on which it no longer holds. Empty: no end is known."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end comes after the beginning. Choose a later day."))
        elif since:
            cleaned["during"] = Period(since, until)
        return cleaned


class CommitteeForm(PeriodForm):
    term = forms.CharField(label=_("Term"), help_text=_("For example 2025–2030."), max_length=20)
    ends_on = DayField(
        label=_("The term runs out on"),
        help_text=_("The committee leads on until the next one is elected."),
        required=False,
    )

    field_order = ("term", "since", "ends_on", "until")

    def clean_term(self) -> str:
        return canonical(self.cleaned_data["term"])


class OfficeForm(DecisionForm, PeriodForm):
    unit = forms.ChoiceField(label=_("In which unit"), widget=forms.RadioSelect)
    title = forms.ChoiceField(label=_("Office"), choices=Title.choices, widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("By election or appointment"), choices=How.choices, widget=forms.RadioSelect)

    field_order = ("unit", "title", "how", "since", "until", "decision", "decided_on")

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", [(str(unit.pk), unit.name) for unit in units])
        called = str(Title.COMMITTEE_MEMBER.label)
        if any(unit.kind_id.endswith("cell") for unit in units):
            called = f"{MEMBER_OF_A_CELLS_COMMITTEE}, {called}" if len(units) > 1 else str(MEMBER_OF_A_CELLS_COMMITTEE)
        self.offer("title", [(one, called if one == Title.COMMITTEE_MEMBER else one.label) for one in Title])

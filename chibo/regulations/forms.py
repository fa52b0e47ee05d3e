"""What is typed to look at the rules of a day, to set a value of one's own, and to end it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, TimeField
from chibo.core.period import Period
from chibo.regulations.rules import Holds, Key, Owner, Section, Type

OWNERS = [
    (Owner.SECRETARY, _("Secretary")),
    (Owner.DEPUTY, _("Deputy secretary")),
    (Owner.COMMITTEE_MEMBER, _("Committee member")),
    (Owner.CLERK, _("Clerk of the meeting")),
]
SECTIONS = [
    (Section.OPENING, pgettext_lazy("of a meeting", "Opening")),
    (Section.CONDUCT, pgettext_lazy("of a meeting", "Conduct")),
    (Section.CLOSING, pgettext_lazy("of a meeting", "Closing")),
]


class FindForm(Form):
    q = LineField(label=_("Words in the rule or its source"), required=False, max_length=100)
    on = DayField(label=_("In force on"), required=False)


class SetForm(Form):
    """Sets one key; subclasses hold the value itself and give it as JSON in `value`."""

    since = DayField(label=_("From"), help_text=_("The first day on which it holds."))
    last = DayField(label=_("Up to and including"), help_text=_("Leave it empty if no end is known."), required=False)
    source = LineField(
        label=_("Decided in"),
        help_text=_("Number and day of the decision, for example Nghị quyết số 04-NQ/ĐU, 05/01/2026."),
        max_length=300,
    )
    issuer = LineField(label=_("Decided by"), max_length=200)

    def __init__(self, *args: Any, key: Key, current: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        self.ask(current)
        asked = [name for name in self.fields if name not in SetForm.base_fields]
        self.order_fields([*asked, *SetForm.base_fields])

    def ask(self, current: Any) -> None:
        """Adds the fields of the value, filled with what holds now (None: nothing does)."""
        raise NotImplementedError

    @property
    def value(self) -> Any:
        return self.cleaned_data["value"]

    @property
    def during(self) -> Period:
        last = self.cleaned_data["last"]
        return Period(self.cleaned_data["since"], last + timedelta(days=1) if last else None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, last = cleaned.get("since"), cleaned.get("last")
        if since and last and last < since:
            self.add_error("last", _("This is before the first day. Choose a later one."))
        return cleaned


class NumberForm(SetForm):
    def ask(self, current: Any) -> None:
        self.fields["value"] = forms.IntegerField(label=_("New value"), initial=current)


class TimeOfDayForm(SetForm):
    def ask(self, current: Any) -> None:
        self.fields["value"] = TimeField(label=_("New value"), initial=current)

    @property
    def value(self) -> str:
        return f"{self.cleaned_data['value']:%H:%M}"


class TextForm(SetForm):
    def ask(self, current: Any) -> None:
        self.fields["value"] = LineField(label=_("New value"), initial=current)


class WindowForm(SetForm):
    def ask(self, current: Any) -> None:
        known = current or {}
        self.fields["first"] = forms.IntegerField(label=_("First day of the month"), initial=known.get("first"))
        self.fields["end"] = forms.IntegerField(label=_("Last day of the month"), initial=known.get("last"))

    @property
    def value(self) -> dict[str, int]:
        return {"first": self.cleaned_data["first"], "last": self.cleaned_data["end"]}


class ChoicesForm(SetForm):
    def ask(self, current: Any) -> None:
        language = get_language() or ""
        self.fields["value"] = forms.MultipleChoiceField(
            label=_("New value"),
            choices=[(code, words.spoken(language)) for code, words in self.key.among.items()],
            widget=forms.CheckboxSelectMultiple,
            initial=current,
            required=False,
        )


class AgendaForm(SetForm):
    """The parts of an agenda, each with its place; a part without a place is left out, three lines are for new ones."""

    new_parts = 3

    def ask(self, current: Any) -> None:
        self.parts: list[dict[str, Any]] = list(current or [])
        for n, part in enumerate(self.parts):
            self._ask_part(n, part, place=n + 1)
        for n in range(len(self.parts), len(self.parts) + self.new_parts):
            self._ask_part(n, {}, place=None)
            self.fields[f"section_{n}"] = forms.ChoiceField(
                label=_("Section"), choices=SECTIONS, initial=Section.CONDUCT, required=False
            )

    def _ask_part(self, n: int, part: dict[str, Any], *, place: int | None) -> None:
        self.fields[f"place_{n}"] = forms.IntegerField(
            label=pgettext_lazy("in an agenda", "Place"), initial=place, min_value=1, required=False
        )
        self.fields[f"title_{n}"] = LineField(
            label=_("Title"), initial=part.get("vi"), max_length=200, required=bool(part)
        )
        self.fields[f"owner_{n}"] = forms.ChoiceField(label=_("Who owns it"), choices=OWNERS, initial=part.get("owner"))
        self.fields[f"prepared_{n}"] = forms.BooleanField(
            label=_("Prepared beforehand and handed in"), initial=part.get("prepared"), required=False
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The bound fields of each part, for the template."""
        named = ("place", "title", "section", "owner", "prepared")
        return [
            {
                "number": n + 1,
                "is_new": n >= len(self.parts),
                "fields": [self[f"{name}_{n}"] for name in named if f"{name}_{n}" in self.fields],
            }
            for n in range(len(self.parts) + self.new_parts)
        ]

    @property
    def common(self) -> list[Any]:
        return [self[name] for name in SetForm.base_fields]

    @property
    def value(self) -> list[dict[str, Any]]:
        placed = []
        for n in range(len(self.parts) + self.new_parts):
            place, title = self.cleaned_data[f"place_{n}"], self.cleaned_data[f"title_{n}"]
            if place is None or not title:
                continue
            was = self.parts[n] if n < len(self.parts) else {}
            part = {
                "code": was.get("code", f"own-{n}"),
                "section": was.get("section") or self.cleaned_data[f"section_{n}"],
                "owner": self.cleaned_data[f"owner_{n}"],
                "prepared": self.cleaned_data[f"prepared_{n}"],
                "holds": was.get("holds", Holds.DISCUSSION.value),
                "vi": title,
                "en": was["en"] if was.get("vi") == title else title,
            }
            placed.append((list(Section).index(Section(part["section"])), place, n, part))
        return [part for *_place, part in sorted(placed, key=lambda line: line[:3])]


FORMS: dict[Type, type[SetForm]] = {
    Type.NUMBER: NumberForm,
    Type.TIME: TimeOfDayForm,
    Type.TEXT: TextForm,
    Type.WINDOW: WindowForm,
    Type.CHOICES: ChoicesForm,
    Type.AGENDA: AgendaForm,
}
"""The form of each type that an open key has; a test sees to it that none is missing."""


class EndForm(Form):
    on = DayField(label=_("Ends on"), help_text=_("The first day on which it no longer holds."))

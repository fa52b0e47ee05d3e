"""What is typed about dues. Sums are whole đồng, with or without dots between the thousands."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core import clock
from chibo.core.forms import DayField, Form, LongTextField
from chibo.dues.models import PAYER_WORDS
from chibo.dues.rules import LONGEST, MONTHS_AHEAD, MONTHS_BACK, MOST_AMOUNT, MOST_BASE, months_from, shifted


class MoneyField(forms.IntegerField):
    """Whole đồng as people write them: 52.000, 52 000, 52000đ."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write whole đồng in figures, for example 52.000.")}

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = "".join(letter for letter in value.lower() if letter not in "., \u00a0đ")
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class MonthField(forms.TypedChoiceField):
    """A month, chosen among those around this one; cleans to its first day."""

    def __init__(self, *, back: int = MONTHS_BACK, ahead: int = MONTHS_AHEAD, **kwargs: Any) -> None:
        def offered() -> list[tuple[str, str]]:
            this = clock.today().replace(day=1)
            months = months_from(shifted(this, -back), shifted(this, ahead))
            return [(one.isoformat(), f"{one:%m/%Y}") for one in reversed(months)]

        super().__init__(choices=offered, coerce=date.fromisoformat, **kwargs)


class Agree(Form):
    payer = forms.ChoiceField(label=_("The member"), widget=forms.RadioSelect, choices=PAYER_WORDS.items())
    base = MoneyField(
        label=_("Insured salary, or pension, a month"),
        help_text=_("Only for who has one. The amount is worked out from it; the figure itself is not kept."),
        required=False,
        min_value=1,
        max_value=MOST_BASE,
    )
    base.is_asked_for = True  # type: ignore[attr-defined]  # read by label.html; wanted of who has one
    more = MoneyField(
        label=_("Amount a month, where he pays more of his own will"),
        help_text=_("Leave it empty to keep to the rule. The committee above agrees to a higher amount first."),
        required=False,
        min_value=1,
        max_value=MOST_AMOUNT,
    )
    since = MonthField(label=_("From which month on"), ahead=1)


class Collector(Form):
    person = forms.ChoiceField(label=_("Who collects"), widget=forms.RadioSelect)


class Pay(Form):
    first = MonthField(label=_("For which month; of several the first"))
    months = forms.IntegerField(label=_("How many months"), min_value=1, max_value=MONTHS_AHEAD, initial=1)
    amount = MoneyField(
        label=_("What was paid for each month"),
        help_text=_("Leave it empty if it is what is still open."),
        required=False,
        min_value=1,
        max_value=MOST_AMOUNT,
    )
    paid_on = DayField(label=_("Paid on"))


class Collect(Form):
    """Who of the list has paid; the boxes stand in the page's own rows."""

    person = forms.MultipleChoiceField(label=_("Who has paid"), error_messages={"required": _("Choose who has paid.")})
    paid_on = DayField(label=_("Paid on"))


class Correct(Form):
    why = LongTextField(label=_("What was wrong"), rows=2, max_length=LONGEST)


class GiveReason(Form):
    first = MonthField(label=_("First month"), ahead=0)
    last = MonthField(label=_("Last month"), ahead=0)
    text = LongTextField(
        label=_("Why it was not paid"),
        help_text=_("One sentence, without what concerns somebody's health."),
        rows=2,
        max_length=LONGEST,
    )


class HandUp(Form):
    month = MonthField(label=_("For the dues of which month"))
    amount = MoneyField(label=_("What was handed up"), min_value=1, max_value=2_000_000_000)
    handed_on = DayField(label=_("Handed up on"))


class Decline(Form):
    why = LongTextField(label=_("What is wrong"), rows=2, max_length=LONGEST)

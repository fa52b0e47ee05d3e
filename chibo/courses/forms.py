"""What is typed about courses."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField, TimeField
from chibo.courses.models import HERE_WORDS, NATURE_WORDS, Seat
from chibo.courses.queries import Attended
from chibo.courses.rules import Here


class Write(Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    title = LineField(label=_("What the course is called"), max_length=300)
    nature = forms.ChoiceField(label=_("For whom it is"), widget=forms.RadioSelect, choices=NATURE_WORDS.items())
    aim = LongTextField(
        label=_("What somebody can do after it"),
        help_text=_("Two or three lines; the secretaries below read them before they choose."),
        rows=4,
        max_length=2_000,
    )
    named_until = DayField(label=_("Names are taken until"))
    seats = forms.IntegerField(
        label=_("Places"), help_text=_("Left empty, everybody who is sent has a place."), required=False
    )
    share = forms.IntegerField(
        label=_("How many per cent of the sessions earn the certificate"),
    )
    months = forms.IntegerField(
        label=_("For how many months the certificate holds"),
        help_text=_("Left empty, it does not expire."),
        required=False,
    )


class WriteSession(Form):
    on = DayField(label=_("Day"))
    time = TimeField(label=_("Begins at"))
    place = LineField(label=_("Place"), max_length=200)
    topic = LineField(label=_("What it is about"), max_length=300)
    teacher = LineField(label=_("Who speaks"), max_length=120, required=False)


class Why(Form):
    why = LongTextField(label=_("Why"), rows=3, max_length=300)


class Send(Form):
    """Whom a unit sends; those who take part already are not offered."""

    people = forms.MultipleChoiceField(
        label=_("Who takes part"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )


class Roll(Form):
    """One choice for each who takes part. When it is called first, everybody is present until it is said otherwise; who
    was named later is marked by hand."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, lines: Sequence[tuple[Seat, Here | None]], is_first: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for seat, here in lines:
            self.fields[f"seat_{seat.pk}"] = forms.ChoiceField(
                label=seat.person.name,
                choices=HERE_WORDS.items(),
                widget=forms.RadioSelect,
                initial=here or (Here.PRESENT if is_first else None),
            )

    @property
    def marks(self) -> dict[UUID, Here]:
        """By seat, once it is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if name.startswith("seat_")}
        return {UUID(name.removeprefix("seat_")): Here(value) for name, value in given.items()}


class Give(Form):
    """To whom certificates are given; those who have earned one are chosen from the start."""

    seats = forms.MultipleChoiceField(
        label=_("Who gets a certificate"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    on = DayField(label=_("Given on"))
    signed_by = LineField(label=_("Signed by"), max_length=120)
    because = LineField(
        label=_("For who missed too much: why they get it nevertheless"), max_length=300, required=False
    )

    def __init__(self, lines: Sequence[Attended], sessions: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("{name} – was at {present} of {sessions} sessions")
        open_ones = [one for one in lines if one.certificate is None]
        self.offer(
            "seats",
            [
                (str(one.seat.pk), str(words).format(name=one.seat.person.name, present=one.present, sessions=sessions))
                for one in open_ones
            ],
        )
        self.fields["seats"].initial = [str(one.seat.pk) for one in open_ones if one.has_earned]

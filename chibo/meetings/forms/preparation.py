"""What is typed before a meeting. The fields are named like the arguments of the action that each form leads to."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField, TimeField
from chibo.meetings.rules import Kind
from chibo.people.models import Person


def _names(persons: Iterable[Person]) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in persons]


class Plan(Form):
    kind = forms.TypedChoiceField(
        label=_("What kind of meeting?"),
        choices=[
            (Kind.THEMATIC.value, _("Thematic session")),
            (Kind.EXTRAORDINARY.value, _("Extraordinary meeting")),
        ],
        coerce=Kind,
        widget=forms.RadioSelect,
    )
    asked_for = ("place",)
    topic = LineField(label=_("What is it about?"), max_length=300)
    on = DayField(label=_("Day"))
    time = TimeField(label=_("Time"))
    place = LineField(label=_("Place"), max_length=200, required=False)


class Change(Form):
    """When and where; `seen_version` is the one that was on the page."""

    asked_for = ("place",)
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("Day"))
    time = TimeField(label=_("Time"))
    place = LineField(label=_("Place"), max_length=200, required=False)
    topic = LineField(label=_("What is it about?"), max_length=300, required=False)


class Cancel(Form):
    reason = LongTextField(
        label=_("Why is the meeting called off?"), rows=3, help_text=_("Everybody who was invited reads this.")
    )


class Assign(Form):
    """What a part is about, who prepares it, by when. `offices` tells who of the members leads."""

    asked_for = ("owner",)
    title = LineField(label=_("What is this part about?"), max_length=300)
    owner = forms.TypedChoiceField(
        label=_("Who prepares it?"), coerce=UUID, empty_value=None, required=False, help_text=_("Members of the cell.")
    )
    due_on = DayField(
        label=_("Due day"), required=False, help_text=_("Left empty, the rule sets it some days before the meeting.")
    )

    def __init__(self, *args: Any, members: Iterable[Person], offices: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(pk, f"{name} ({offices[UUID(pk)]})" if UUID(pk) in offices else name) for pk, name in _names(members)]
        self.offer("owner", [("", _("Nobody yet")), *names])


class Reassign(Assign):
    """The same for a part that is there; `seen_version` is its `given_as` that was on the page."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)


class Material(Form):
    """The material of a part, and perhaps a paper; `seen_version` is the one that was on the page."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    material = LongTextField(
        label=_("What is laid before the meeting"),
        rows=12,
        required=False,
        help_text=_("Write it here, or add a file below. No content marked as a state secret."),
    )
    file = forms.FileField(
        label=_("Add a file"), required=False, help_text=_("Word, PDF, a table or a picture. One at a time.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A draft may be saved empty; it is handed in with this or with a file.
        self.fields["material"].is_asked_for = True  # type: ignore[attr-defined]  # read by label.html


class Preparatory(Form):
    """What the committee agreed; `seen_version` is 0 while nothing is recorded."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    held_on = DayField(label=_("On which day was it held?"))
    attendees = forms.TypedMultipleChoiceField(
        label=_("Who took part?"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    agreed = LongTextField(
        label=_("What was agreed?"),
        help_text=_("The content of the meeting, the tasks of last month and the next, the points for discussion."),
    )

    def __init__(self, *args: Any, leaders: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("attendees", _names(leaders))

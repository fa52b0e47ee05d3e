"""What is typed while a meeting is held; the fields are named like the arguments of the action they lead to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import BoundField, DayField, Form, LineField, LongTextField
from chibo.core.refusals import Refused, Sentence
from chibo.meetings.models import ATTENDANCE_WORDS, MATTER_WORDS, NATURE_WORDS, OUTCOME_WORDS, Clause, Part
from chibo.meetings.queries import RollLine
from chibo.meetings.rules import (
    AttendanceStatus,
    Base,
    Nature,
    Outcome,
    Threshold,
    VoteMatter,
    possible_attendance,
)
from chibo.people.models import Person

MOST_VOTES = 9999


def _names(persons: Iterable[Person]) -> list[tuple[str, Sentence]]:
    return [(str(one.pk), one.name) for one in persons]


class PersonField(forms.TypedChoiceField):
    """One of some people, or nobody; cleans to an id or None."""

    def __init__(self, *, nobody: Sentence, **kwargs: Any) -> None:
        super().__init__(coerce=UUID, empty_value=None, required=False, **kwargs)
        self.nobody = nobody

    def offer(self, persons: Iterable[Person]) -> None:
        self.choices = [("", self.nobody), *_names(persons)]


class Officers(Form):
    asked_for = ("chair", "clerk")
    chair = PersonField(label=_("Who chairs?"), nobody=_("Not named yet"))
    clerk = PersonField(
        label=_("Who takes the minutes?"),
        nobody=_("Not named yet"),
        help_text=_("The clerk may write into this meeting from then on."),
    )
    guests = LongTextField(
        label=_("Guests"),
        rows=2,
        max_length=500,
        required=False,
        help_text=_("Name and office of each, with a semicolon between them."),
    )

    def __init__(self, *args: Any, members: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "clerk"):
            field = self.fields[name]
            assert isinstance(field, PersonField)
            field.offer(members)


# The roll


@dataclass(frozen=True, slots=True)
class RollChoice:
    """One status to press beside a member."""

    id: str
    value: str
    words: Sentence
    is_chosen: bool
    needs_no_reason: bool


@dataclass(frozen=True, slots=True)
class RollRow:
    """One member as the roll is filled in: the usual statuses at hand, the others behind a fold."""

    line: RollLine
    field: BoundField
    usual: list[RollChoice]
    others: list[RollChoice]
    reason: BoundField
    seen: BoundField

    @property
    def is_other(self) -> bool:
        return any(one.is_chosen for one in self.others)


_USUAL = (
    AttendanceStatus.PRESENT,
    AttendanceStatus.ABSENT_WITH_REASON,
    AttendanceStatus.ABSENT_WITHOUT_REASON,
    AttendanceStatus.EXEMPT,
    AttendanceStatus.ELSEWHERE,
    AttendanceStatus.SUSPENDED,
)
_MAY_HAVE_A_REASON = {
    AttendanceStatus.ABSENT_WITH_REASON,
    AttendanceStatus.ABSENT_WITHOUT_REASON,
    AttendanceStatus.LATE,
    AttendanceStatus.LEFT_EARLY,
}


class StatusField(forms.MultipleChoiceField):
    """How one member stands; a list, so that a form that names him twice is seen and refused."""

    widget = forms.CheckboxSelectMultiple


class Roll(Form):
    """Everybody who belongs to the cell: present until something else is chosen, each with what was on the page."""

    def __init__(self, *args: Any, lines: Sequence[RollLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            key = str(line.membership.pk)
            status, reason = _standing(line)
            self.fields[key] = StatusField(
                label=line.person.name,
                choices=[(one.value, ATTENDANCE_WORDS[one]) for one in possible_attendance(line.belongs_as)],
                initial=[status or (line.status or AttendanceStatus.PRESENT).value],
            )
            self.fields[f"reason_{key}"] = LineField(label=_("Reason"), max_length=300, required=False, initial=reason)
            self.fields[f"reason_{key}"].summary = f"{line.person.name}, {_('Reason').lower()}"  # type: ignore[attr-defined]  # read by error_lines
            self.fields[f"seen_{key}"] = forms.CharField(
                required=False, strip=False, widget=forms.HiddenInput, initial=_as_seen(status, reason)
            )

    @property
    def rows(self) -> Iterator[RollRow]:
        for line in self.lines:
            key = str(line.membership.pk)
            field = self[key]
            assert isinstance(field, BoundField)
            chosen = set(field.value() or [])
            choices = [
                RollChoice(
                    f"{field.auto_id}_{n}",
                    status.value,
                    ATTENDANCE_WORDS[status],
                    status.value in chosen,
                    status not in _MAY_HAVE_A_REASON,
                )
                for n, status in enumerate(possible_attendance(line.belongs_as))
            ]
            usual = [one for one in choices if one.value in _USUAL]
            reason, seen = self[f"reason_{key}"], self[f"seen_{key}"]
            assert isinstance(reason, BoundField)
            assert isinstance(seen, BoundField)
            yield RollRow(line, field, usual, [one for one in choices if one not in usual], reason, seen)

    @property
    def called(self) -> Iterator[tuple[UUID, AttendanceStatus, str]]:
        """Each member with the status chosen for him; twice where the form named him twice."""
        for line in self.lines:
            key = str(line.membership.pk)
            for status in self.cleaned_data[key]:
                yield line.membership.pk, AttendanceStatus(status), self.cleaned_data[f"reason_{key}"]

    @property
    def seen(self) -> Mapping[UUID, tuple[str, str]]:
        """How each line stood when the form was shown; members who were not called yet are left out."""
        found = {}
        for line in self.lines:
            if before := self.cleaned_data[f"seen_{line.membership.pk}"]:
                status, _bar, reason = before.partition("|")
                found[line.membership.pk] = (status, reason)
        return found

    def refuse(self, refusal: Refused) -> None:
        """Beside each refused line stands what others entered; the person has seen it when he sends again."""
        super().refuse(refusal)
        data = cast(QueryDict, self.data).copy()
        for line in self.lines:
            if str(line.membership.pk) in refusal.fields:
                data[f"seen_{line.membership.pk}"] = _as_seen(*_standing(line))
        self.data = data


def _standing(line: RollLine) -> tuple[str, str]:
    return (line.attendance.status, line.attendance.reason) if line.attendance else ("", "")


def _as_seen(status: str, reason: str) -> str:
    return f"{status}|{reason}" if status else ""


# What is said


class Contribute(Form):
    asked_for = ("person",)
    person = PersonField(label=_("Who spoke?"), nobody=_("A guest"))
    guest = LineField(
        label=_("The guest's name"), max_length=120, required=False, help_text=_("Only where no member is chosen.")
    )
    nature = forms.TypedChoiceField(
        label=_("What was it?"),
        choices=[(one.value, words) for one, words in NATURE_WORDS.items()],
        coerce=Nature,
        widget=forms.RadioSelect,
        initial=Nature.OPINION.value,
    )
    gist = LongTextField(label=_("The gist of what was said"), rows=4)

    def __init__(self, *args: Any, speakers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, PersonField)
        field.offer(speakers)


class Correct(Form):
    """The gist of a contribution; `seen_version` is the one that was on the page."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    nature = forms.TypedChoiceField(
        label=_("What was it?"),
        choices=[(one.value, words) for one, words in NATURE_WORDS.items()],
        coerce=Nature,
        widget=forms.RadioSelect,
    )
    gist = LongTextField(label=_("The gist of what was said"), rows=5)


class OutcomeOfPart(Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.TypedChoiceField(
        label=_("What came of this part?"),
        choices=[(one.value, words) for one, words in OUTCOME_WORDS.items()],
        coerce=Outcome,
        widget=forms.RadioSelect,
        help_text=_("What is postponed or left unfinished stands on the next agenda by itself."),
    )
    note = LineField(label=_("Note"), max_length=500, required=False)


# Votes


class CountField(forms.IntegerField):
    """A number of votes; empty means none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_VOTES, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"class": "govuk-input--number", "inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> int:
        return super().clean(value) or 0


class Count(Form):
    """The three numbers of a vote; where they leave somebody out, one box asks whether he really did not vote."""

    in_favour = CountField(label=_("In favour"), widget=forms.TextInput)
    against = CountField(label=_("Against"), required=False, widget=forms.TextInput)
    abstained = CountField(label=_("Abstained"), required=False, widget=forms.TextInput)
    not_voting = CountField(label=_("Did not vote"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, base: Base, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        typed = self.data.get("not_voting", "")
        self.missing = int(typed) if typed.isdecimal() and len(typed) <= 4 else 0
        """How many the box stands for: another count is asked about anew."""
        self.is_marked = bool(self.missing)

    def refuse(self, refusal: Refused) -> None:
        counted = sum(self.cleaned_data.get(name, 0) for name in ("in_favour", "against", "abstained"))
        super().refuse(refusal)
        if "not_voting" in refusal.fields:
            self.missing, self.is_marked = self.base.voters - counted, False


class Vote(Count):
    """A vote on anything but the resolution; beside each matter stands what it needs to be carried."""

    subject = LineField(label=_("What was voted on?"), max_length=300)
    matter = forms.TypedChoiceField(
        label=_("What kind of matter is it?"),
        coerce=VoteMatter,
        widget=forms.RadioSelect,
        initial=VoteMatter.ORDINARY.value,
    )
    once_more = forms.BooleanField(label=_("It was put to the vote once more"), required=False)
    part = forms.TypedChoiceField(
        label=_("To which part of the agenda does it belong?"), coerce=UUID, empty_value=None, required=False
    )

    def __init__(
        self,
        *args: Any,
        base: Base,
        thresholds: Mapping[VoteMatter, Threshold],
        on_paper: Sequence[str],
        parts: Sequence[Part],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, base=base, **kwargs)
        self.offer(
            "matter",
            [
                (
                    matter.value,
                    format_html(
                        '{}<br><span class="quiet small">{}{}</span>',
                        words,
                        threshold_words(thresholds[matter], base),
                        _("; secret, on paper: only the count is entered here") if matter in on_paper else "",
                    ),
                )
                for matter, words in MATTER_WORDS.items()
            ],
        )
        self.offer(
            "part",
            [
                ("", _("None of them")),
                *((str(part.pk), part.title) for part in parts),
            ],
        )

    @property
    def asks_once_more(self) -> bool:
        """Whether it has to be said that the same was voted on twice: once that was asked."""
        return "once_more" in self.errors or bool(self.data.get("once_more"))


def threshold_words(threshold: Threshold, base: Base) -> str:
    return str(threshold.in_words(base.base))


# The resolution, its tasks, the conclusion


class Resolution(Form):
    """The next clause and the text around the clauses; `seen_version` is 0 while there is none."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    text = LongTextField(label=_("The next clause"), rows=3, required=False)
    praise = LongTextField(label=_("Last month: what went well"), rows=4, required=False)
    shortcomings = LongTextField(label=_("Shortcomings and their causes"), rows=4, required=False)
    direction = LongTextField(label=_("Next month: direction and main points"), rows=4, required=False)

    def __init__(self, *args: Any, adds_clause: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = adds_clause


class EditClause(Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    text = LongTextField(label=_("The clause"), rows=5)


class GiveTask(Form):
    asked_for = ("due_on", "assignees")
    title = LineField(label=_("What is to be done?"), max_length=300)
    expected = LongTextField(label=_("Expected result"), rows=2, required=False)
    due_on = DayField(label=_("Due day"), required=False)
    assignees = forms.TypedMultipleChoiceField(
        label=_("Who does it?"), coerce=UUID, widget=forms.CheckboxSelectMultiple, required=False
    )
    lead = PersonField(label=_("Who leads?"), nobody=_("Not chosen yet"), help_text=_("Only where several do it."))
    clause = forms.TypedChoiceField(
        label=_("From which clause of the draft?"), coerce=UUID, empty_value=None, required=False
    )

    def __init__(self, *args: Any, people: Sequence[Person], clauses: Sequence[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("assignees", _names(people))
        lead = self.fields["lead"]
        assert isinstance(lead, PersonField)
        lead.offer(people)
        self.offer(
            "clause",
            [
                ("", _("None of them")),
                *((str(one.pk), f"{one.number}. {shorten(one.text, 80, placeholder='…')}") for one in clauses),
            ],
        )


class Conclude(Form):
    """The chair's conclusion; a thematic session adds its results and lessons."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    conclusion = LongTextField(label=_("The chair's conclusion"), rows=8)
    lessons = LongTextField(label=_("Results and lessons of the session"), rows=5)

    def __init__(self, *args: Any, has_lessons: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_lessons:
            del self.fields["lessons"]

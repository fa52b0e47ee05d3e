"""What is typed about a task. The fields are named like the arguments of the action that each form leads to."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import DayField, Form, LineField, LongTextField
from chibo.core.refusals import Sentence
from chibo.people.models import Person
from chibo.tasks.rules import OUTCOMES, Outcome


class Decision(Form):
    """One thing that can be done to a task: what it is called, and what its button says."""

    title: ClassVar[Sentence]
    button: ClassVar[Sentence]


class OutcomeField(forms.TypedChoiceField):
    """How it went; cleans to an Outcome."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[(one.value, words) for one, words in OUTCOMES.items()], coerce=Outcome, **kwargs)


class SeveralFiles(forms.ClearableFileInput):
    """Lets several files be chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files of any number; cleans to a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(one, initial) for one in data or []]


class Report(Decision):
    title = _("Report how it went")
    button = _("Send the report")

    outcome = OutcomeField(label=_("How did it go?"))
    text = LongTextField(
        label=_("What was done, and what was not"), help_text=_("Say it in figures where you can: 10 of 12 households.")
    )
    attachments = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("Lists, pictures or documents that show the result. If the form comes back, choose them again."),
    )


class Accept(Decision):
    title = _("Settle the task")
    button = _("Settle the task")

    outcome = OutcomeField(label=_("How does the cell see the result?"))
    settlement = LongTextField(
        label=_("The cell's word on it"), rows=3, help_text=_("It stands in the table that opens the next meeting.")
    )
    without_answer = forms.BooleanField(label=_("Settle it without the answer of the unit above"), required=False)

    def ask_about_answer(self, *, is_waiting: bool) -> None:
        """Leaves out the question about the answer where none is waited for."""
        if not is_waiting:
            del self.fields["without_answer"]


class Return(Decision):
    title = _("Give the report back")
    button = _("Give the report back")

    reason = LongTextField(label=_("What is still missing"), rows=3)


class Extend(Decision):
    title = _("Give more time")
    button = _("Give more time")

    to_on = DayField(label=_("New due day"))
    reason = LongTextField(label=_("Why more time is needed"), rows=3)


class Cancel(Decision):
    title = _("Cancel the task")
    button = _("Cancel the task")

    reason = LongTextField(label=_("Why the task is cancelled"), rows=3)


class Raise(Decision):
    title = _("Ask the unit above")
    button = _("Send the question")

    to_unit_id = forms.UUIDField(widget=forms.HiddenInput)
    question = LongTextField(label=_("What the unit above is asked"), rows=4)


class Answer(Decision):
    title = _("Answer the question")
    button = _("Send the answer")

    answer = LongTextField(label=_("Your answer"), rows=4)


class Remind(Decision):
    title = _("Remind those who do it")
    button = _("Send a reminder")


class Correct(Form):
    """The wording of a task; `seen_version` is the one that was on the page. One that `is_worded` for good has none."""

    asked_for = ("due_on", "assignees")
    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    title = LineField(label=_("What is to be done"), max_length=300)
    expected = LongTextField(label=_("Expected result"), rows=3, required=False)
    due_on = DayField(label=_("Due day"), required=False)
    assignees = forms.MultipleChoiceField(label=_("Who does it"), widget=forms.CheckboxSelectMultiple, required=False)
    lead = forms.ChoiceField(label=_("Who leads"), required=False, help_text=_("Only where several do it."))

    def __init__(self, *args: Any, people: list[Person], is_worded: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_worded:
            for name in ("title", "expected", "due_on"):
                del self.fields[name]
        names = [(str(person.pk), person.name) for person in people]
        self.offer("assignees", names)
        self.offer("lead", [("", _("Not chosen yet")), *names])

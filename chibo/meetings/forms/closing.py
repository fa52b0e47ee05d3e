"""What is typed into minutes, a text for each section; and when their conclusion went into the e-handbook."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chibo.core.forms import BoundField, DayField, Form, LongTextField

LETTERS_A_LINE = 40  # on a phone
FEWEST_ROWS, MOST_ROWS = 3, 14


def _rows(text: str) -> int:
    needed = sum(1 + len(line) // LETTERS_A_LINE for line in text.split("\n"))
    return max(FEWEST_ROWS, min(MOST_ROWS, needed + 1))


class Upload(Form):
    on = DayField(label=_("Put into the e-handbook on"))


class Minutes(Form):
    """The sections of the minutes, each a field `text_0`, `text_1` …; `seen_version` is the revision on the page."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sections: Sequence[Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, section in enumerate(sections):
            self.fields[f"text_{n}"] = LongTextField(
                label=section["title"], rows=_rows(section["text"]), required=False, initial=section["text"]
            )

    @property
    def text_fields(self) -> Iterator[BoundField]:
        for field in self.visible_fields():
            assert isinstance(field, BoundField)
            yield field

    @property
    def texts(self) -> list[str]:
        return [str(self.cleaned_data[name]) for name in self.fields if name.startswith("text_")]

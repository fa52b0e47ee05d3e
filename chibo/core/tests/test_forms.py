"""What a person types into a form, and what the form says back."""

import unicodedata
from datetime import date, time

import pytest
from django import forms as django_forms
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from chibo.core import forms
from chibo.core.refusals import Edit, Refused, Stale, Way
from chibo.core.templatetags.chibo import what_is_kept


class TaskForm(forms.Form):
    name = forms.LineField(label="Task", help_text="One short sentence.", max_length=20)
    due_on = forms.DayField(label="Due")
    at = forms.TimeField(label="At", required=False)
    said = forms.LongTextField(label="Said", required=False)
    kind = django_forms.ChoiceField(
        label="Kind", choices=[("a", "A"), ("b", "B")], widget=django_forms.RadioSelect, required=False
    )
    read = django_forms.BooleanField(label="Read back", required=False)


def typed(**changes: str) -> TaskForm:
    filled = {"name": "Làm đường", "due_on_day": "3", "due_on_month": "12", "due_on_year": "2026"}
    return TaskForm(filled | changes)


def test_a_day_is_typed_as_three_numbers() -> None:
    form = typed()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due_on"] == date(2026, 12, 3)


def test_a_known_day_comes_back_in_three_boxes() -> None:
    page = str(TaskForm(initial={"due_on": date(2026, 2, 3)})["due_on"])
    assert 'name="due_on_day" value="03"' in page
    assert 'name="due_on_month" value="02"' in page
    assert 'name="due_on_year" value="2026"' in page


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("31", "02", "2026", "31/02/2026 is not in the calendar"),
        ("3", "12", "", "in figures"),
        ("ba", "12", "2026", "in figures"),
        ("3", "12", "26", "four figures"),
        ("", "", "", "Enter the day, the month and the year."),
    ],
)
def test_a_wrong_day_is_told_what_is_wrong(day: str, month: str, year: str, sentence: str) -> None:
    with translation.override("en"):
        form = typed(due_on_day=day, due_on_month=month, due_on_year=year)
        assert sentence in form.errors["due_on"][0]


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_whatever_stands_in_the_boxes_a_day_or_a_sentence_comes_out(parts: list[str]) -> None:
    form = TaskForm({"due_on_day": parts[0], "due_on_month": parts[1], "due_on_year": parts[2]})
    assert not form.is_valid()
    on = form.cleaned_data.get("due_on")
    assert (on is None) == bool(form.errors.get("due_on"))
    assert on is None or on == date(int(parts[2]), int(parts[1]), int(parts[0]))


@pytest.mark.parametrize("written", ["19:30", "19h30", "19 giờ 30", "19 giờ 30 phút", "19.30", "1930", "19g30"])
def test_a_time_is_read_as_people_write_it(written: str) -> None:
    assert forms.TimeField().clean(written) == time(19, 30)


def test_a_full_hour_needs_no_minutes() -> None:
    assert forms.TimeField().clean("7 giờ") == time(7, 0)


@pytest.mark.parametrize("written", ["25:00", "chiều", "19:75", "1:2:3"])
def test_no_time_of_day_is_refused_with_an_example(written: str) -> None:
    with translation.override("en"), pytest.raises(django_forms.ValidationError, match=r"for example 19:30"):
        forms.TimeField().clean(written)


def test_letters_come_in_composed_and_in_one_spelling() -> None:
    form = typed(name=unicodedata.normalize("NFD", "  Uỷ   ban "), said="Một\r\nhai")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == "Ủy ban"
    assert form.cleaned_data["said"] == "Một\nhai"


def test_an_error_stands_beside_its_field_and_describes_it() -> None:
    page = str(typed(name=""))
    assert 'id="id_name_error"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert "govuk-input--error" in page


def test_the_summary_leads_to_the_first_box_of_each_wrong_field() -> None:
    page = render_to_string("core/error_summary.html", {"form": typed(name="", due_on_day="40")})
    assert 'href="#id_name"' in page
    assert 'href="#id_due_on_0"' in page


def test_two_fields_with_the_same_mistake_are_both_listed() -> None:
    page = render_to_string("core/error_summary.html", {"form": TaskForm({"name": ""})})
    assert page.count("<li>") == 2


def test_a_form_without_mistakes_has_no_summary() -> None:
    assert render_to_string("core/error_summary.html", {"form": typed()}).strip() == ""


def test_a_refusal_stands_beside_its_field_and_is_told_once() -> None:
    form = typed()
    refusal = Refused(
        "A task is due after its meeting.",
        "Two tasks have no owner.",
        fields={"due_on": ["A task is due after its meeting."]},
    )
    form.refuse(refusal)
    assert form.errors["due_on"] == ["A task is due after its meeting."]
    page = render_to_string("core/error_summary.html", {"form": form, "refusal": refusal})
    assert page.count("A task is due after its meeting.") == 1
    assert page.count("Two tasks have no owner.") == 1


def test_a_refusal_of_a_page_without_a_form_is_listed() -> None:
    page = render_to_string("core/error_summary.html", {"refusal": Refused("The meeting is closed.")})
    assert "The meeting is closed." in page


def test_a_choice_that_was_not_made_is_not_called_unfilled() -> None:
    class Choice(forms.Form):
        kind = django_forms.ChoiceField(choices=[("a", "A")], widget=django_forms.RadioSelect)

    with translation.override("vi"):
        assert Choice({}).errors["kind"] == ["Chưa chọn."]


def test_what_may_stay_empty_says_so() -> None:
    with translation.override("vi"):
        page = str(TaskForm())
    assert page.count("(có thể để trống)") == 3
    assert " required" not in page


def test_djangos_own_sentences_are_said_as_a_clerk_would() -> None:
    with translation.override("vi"):
        assert typed(name="").errors["name"] == ["Chưa điền mục này."]
        assert "tối đa 20 ký tự" in typed(name="dài " * 10).errors["name"][0]


class SignUp(forms.Form):
    name = forms.LineField(label="Name")
    password = django_forms.CharField(label="Password", widget=django_forms.PasswordInput)
    photo = django_forms.FileField(label="Photo")


def summary(form: forms.Form, refusal: Refused | None = None) -> str:
    with translation.override("en"):
        return render_to_string("core/error_summary.html", {"form": form, "refusal": refusal})


def test_what_is_put_right_beside_a_field_may_be_sent_again() -> None:
    assert "Put these right and send it again." in summary(typed(name=""))


def test_nothing_is_promised_that_cannot_be_mended_here() -> None:
    form = typed()
    assert form.is_valid()
    locked = Refused("The minutes are adopted and locked.")
    locked.way = Way("To the minutes", "/minutes/")
    form.refuse(locked)
    said = summary(form, locked)
    assert "send it again" not in said
    assert "It is still below, for you to copy." in said
    assert '<a href="/minutes/">To the minutes</a>' in said


def test_a_stale_text_may_be_sent_again() -> None:
    form = typed()
    assert form.is_valid()
    stale = Stale("Somebody was faster.", edit=Edit("", "a", "b", 2))
    form.refuse(stale)
    assert "send it again" in summary(form, stale)


def test_it_is_said_that_passwords_and_files_are_not_kept() -> None:
    said = summary(SignUp({"name": ""}))
    assert "A password is never kept: type it once more." in said
    assert "A file is not kept" in said
    alone = SignUp({"password": ""})
    del alone.fields["name"]
    assert "still below" not in summary(alone)


def test_a_field_of_one_row_among_many_says_whose_it_is() -> None:
    form = TaskForm({})
    form.fields["name"].summary = "Bùi Văn Ổn, task"  # type: ignore[attr-defined]  # as a form of rows sets it
    assert "Bùi Văn Ổn, task: " in summary(form)


def test_a_wrong_password_is_not_said_to_keep_what_was_typed() -> None:
    class SignIn(forms.Form):
        name = forms.LineField(label="Name", max_length=20)
        password = django_forms.CharField(widget=django_forms.PasswordInput)

    form = SignIn({"name": "bithu", "password": "x"})
    form.add_error(None, "Sai mật khẩu.")
    with translation.override("en"):
        assert [str(one) for one in what_is_kept(form)] == ["A password is never kept: type it once more."]

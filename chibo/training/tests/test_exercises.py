"""Short exercises: what they may hold, to whom they are suggested, and that nothing of an answer is kept."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

import chibo.training
from chibo.assessment import queries as assessment
from chibo.assessment.rules import Given
from chibo.core import clock
from chibo.core.refusals import Forbidden, NotThere
from chibo.regulations.rules import Words
from chibo.supervision import rules as supervision
from chibo.supervision.models import Finding, Inspection
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in
from chibo.training import queries, rules
from chibo.training.rules import Need, Whom

SHIPPED = (Path(chibo.training.__file__).parent / "exercises.yaml").read_text("utf-8")
ONE = """
- code: mot
  title: {vi: Một, en: One}
  for: [secretary]
  situation: {vi: Một, en: One}
  question: {vi: Một, en: One}
  source: {vi: Một, en: One}
  choices:
    - {text: {vi: A, en: A}, right: true, why: {vi: A, en: A}}
    - {text: {vi: B, en: B}, right: false, why: {vi: B, en: B}}
"""


# What they may hold


def test_what_is_shipped_has_no_mistake_and_something_for_everybody() -> None:
    found = rules.read(SHIPPED)
    assert found.mistakes == []
    assert len(found.exercises) >= 10
    assert {whom for one in found.exercises for whom in one.whom} == set(Whom)


def test_what_is_shipped_names_criteria_and_findings_that_there_are() -> None:
    criteria = {one.code for text in assessment.shipped().values() for one in assessment.parsed(text).leaves()}
    for one in rules.exercises().values():
        assert one.criteria <= criteria, one.code
        assert one.findings <= supervision.checklist().keys(), one.code
    found = {code for one in rules.exercises().values() for code in one.findings}
    assert found >= supervision.checklist().keys() - {"dues"}


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ("code: mot", 'code: ""', 2, "The code is missing"),
        ("{vi: Một, en: One}\n  for", "{vi: Một}\n  for", 3, "in Vietnamese and in English"),
        ("[secretary]", "[everybody]", 4, "names who practises"),
        ("right: true", "right: false", 8, "No choice is right"),
        ("right: true", "right: maybe", 8, "two choices or more"),
        ("choices:", "answer: {vi: A, en: A}\n  choices:", 9, "either choices or an answer"),
        ("  source", "  points: 3\n  source", 7, "no key of an exercise"),
        ("  title", "  criteria: x\n  title", 3, "is a list of codes"),
        ("{vi: A, en: A}, right", "{vi: A, en: A, right", 10, "not readable as YAML"),
    ],
)
def test_a_mistake_is_told_by_its_line(was: str, becomes: str, line: int, says: str) -> None:
    found = rules.read(ONE.replace(was, becomes, 1))
    (mistake,) = found.mistakes
    assert (mistake.line, found.exercises) == (line, [])
    assert says in str(mistake.sentence)


@pytest.mark.usefixtures("in_english")
def test_a_mistake_keeps_no_other_exercise_out() -> None:
    found = rules.read(ONE + ONE)
    assert [one.code for one in found.exercises] == ["mot"]
    assert "is there already" in str(found.mistakes[0].sentence)
    assert rules.read("a: b").mistakes[0].line == 1
    assert rules.read("- mot").mistakes[0].line == 1


def test_an_answer_is_right_as_a_whole() -> None:
    several = rules.exercises()["bien-ban-du-y"]
    assert several.is_of_several
    assert several.is_answered_by({0, 1, 2})
    assert not several.is_answered_by({0, 1})
    assert not several.is_answered_by({0, 1, 2, 3})


@pytest.mark.usefixtures("in_english")
def test_what_was_low_longest_is_suggested_first() -> None:
    every = list(rules.exercises().values())
    title = Words("Tỷ lệ phát biểu", "Share of speakers")
    low = [Need("ty-le-phat-bieu", title, 3), Need("so-bien-ban", title, 1)]
    found = [Need("roll", title)]
    first, *others = rules.suggested(every, low, found)
    assert first.exercise.code == "moi-nguoi-cung-noi"
    assert "last 3 sessions" in str(first.reasons[0][1])
    assert len(others) <= 2
    assert rules.suggested(every, [], []) == []


# Whose they are


@pytest.mark.django_db
def test_a_cell_practises_what_it_was_weak_in_and_only_its_committee_sees_it(cast: Cast) -> None:
    meeting = make.ended(cast)
    make.scored(cast, meeting, {"chu-tri": Given("0", remedy="Hỏi từng đồng chí.")})
    found = queries.suggested(cast.secretary, cast.na_phon, clock.day_of(cast.at))
    assert "moi-nguoi-cung-noi" in [one.exercise.code for one in found]
    for viewer in (cast.member, cast.neighbour, cast.officer, cast.attending):
        with pytest.raises(Forbidden):
            queries.suggested(viewer, cast.na_phon, clock.day_of(cast.at))
        with pytest.raises(NotThere):
            queries.unit_to_train(viewer, cast.na_phon.pk, clock.day_of(cast.at))


@pytest.mark.django_db
def test_a_committee_sees_what_is_typical_below_it(cast: Cast) -> None:
    one = Inspection.objects.create(
        unit=cast.na_phon, kind="planned", on=date(2026, 10, 20), held_on=date(2026, 10, 20), state="held"
    )
    Finding.objects.create(inspection=one, code="roll", text="Ghi có mặt người vắng.", due_on=date(2026, 12, 1))
    (typical,) = queries.typical(cast.officer, cast.vinh_dong, 2026)
    assert [each.code for each in typical.exercises] == ["diem-danh-that"]
    (suggested,) = queries.suggested(cast.secretary, cast.na_phon, date(2026, 11, 3))
    assert suggested.exercise.code == "diem-danh-that"
    page = signed_in(cast, "officer").get(reverse("training:of_unit", args=[cast.vinh_dong.pk])).content.decode()
    assert "Điểm danh đúng" in page
    assert "Nà Phòn" not in page


# The pages


@pytest.mark.django_db
def test_an_answer_says_at_once_what_is_right_and_is_kept_nowhere(cast: Cast) -> None:
    client = signed_in(cast, "member")
    here = reverse("training:exercise", args=["co-so-bieu-quyet"])
    client.get(here)
    models = [one for one in apps.get_models() if one.__module__.startswith("chibo.")]
    before = {one: one._base_manager.count() for one in models}
    wrong = send(client, here, {"chosen": "0"})
    assert wrong.status_code == 200
    assert "Chưa đúng. Xem lý do" in wrong.content.decode()
    right = send(client, here, {"chosen": "1"})
    assert "Đúng rồi" in right.content.decode()
    assert send(client, here, {}).status_code == 422
    free = reverse("training:exercise", args=["cau-hoi-thao-luan"])
    written = send(client, free, {"text": "Đoạn nào ngập nhất?"}).content.decode()
    assert "Đoạn nào ngập nhất?" in written
    assert "Câu hỏi tốt" in written
    assert {one: one._base_manager.count() for one in models} == before
    assert client.get(reverse("training:exercise", args=["khong-co"])).status_code == 404


@pytest.mark.django_db
def test_ones_own_exercises_come_first(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = signed_in(cast, "attending")
    with django_assert_max_num_queries(14):
        page = client.get(reverse("training:exercises")).content.decode()
    assert page.index("Cấp ủy viên dự sinh hoạt") < page.index("Bí thư, phó bí thư")
    leads = signed_in(cast, "secretary")
    assert "Nà Phòn" in leads.get(reverse("training:exercises")).content.decode()
    make.scored(cast, make.ended(cast))
    with django_assert_max_num_queries(24):
        assert leads.get(reverse("training:of_unit", args=[cast.na_phon.pk])).status_code == 200

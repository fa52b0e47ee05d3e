"""Vietnamese names: the fold is one in SQL and in Python, one spelling goes out, and the order is the dictionary's."""

import unicodedata

import pytest
from django.db import connection
from django.db.models import TextField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chibo.core import names
from chibo.org.models import Fold, Kind, holds

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY"
TONES = "\u0300\u0309\u0303\u0301\u0323"
SPACES = " \t\n\u00a0"
words = st.lists(st.tuples(st.sampled_from(VIETNAMESE + SPACES), st.sampled_from(["", *TONES])), max_size=30).map(
    lambda letters: "".join(letter + tone for letter, tone in letters)
)
# Whatever the Latin script has; other scripts have case rules on which PostgreSQL and Python differ.
latin = st.characters(min_codepoint=1, max_codepoint=0x24F) | st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF)
texts = st.one_of(words, words.map(lambda text: unicodedata.normalize("NFC", text)), st.text(latin, max_size=30))


@pytest.mark.django_db
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(texts, min_size=1, max_size=20))
def test_the_fold_in_sql_is_the_fold_in_python(found: list[str]) -> None:
    # What is stored has gone through `canonical`; what is looked for is folded in Python alone.
    found = [names.canonical(text) for text in found]
    with connection.cursor() as cursor:
        cursor.execute("SELECT chibo_fold(t) FROM unnest(%s::text[]) WITH ORDINALITY AS a(t, n) ORDER BY n", [found])
        assert [row[0] for row in cursor.fetchall()] == [names.fold(text) for text in found]


@pytest.mark.django_db
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words, st.text("0123456789/-.,'\\&|:*() ", max_size=8), st.data())
def test_a_text_is_found_by_its_words_and_by_the_beginning_of_the_last(
    text: str, other: str, data: st.DataObject
) -> None:
    """As Python counts it, whatever signs stand between the words."""
    text = names.canonical(text + other)
    known = names.words_in(text)
    typed = data.draw(st.lists(st.sampled_from([*known, *known, "xom", "12", "9"]), max_size=3))
    if typed:
        typed[-1] = typed[-1][: data.draw(st.integers(1, 4))]
    wanted = data.draw(st.sampled_from([" ", "/", " - ", "'"])).join(typed)
    *whole, last = typed or [""]
    is_held = set(whole) <= set(known) and any(one.startswith(last) for one in [*known, *([""] if not typed else [])])
    rows = Kind.objects.filter(pk="cell").annotate(folded=Fold(Value(text, output_field=TextField())))
    assert rows.filter(holds("folded", wanted)).exists() == is_held


@given(words)
def test_a_composed_and_a_taken_apart_name_fold_alike(text: str) -> None:
    forms = {names.fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1
    assert names.fold(forms.pop()) == names.fold(text)


@pytest.mark.parametrize(
    ("typed", "goes_out"),
    [
        ("Hoà  Bình", "Hòa Bình"),
        ("Đảng uỷ", "Đảng ủy"),
        ("ĐẢNG UỶ", "ĐẢNG ỦY"),
        ("Nguyễn Thị Thuý", "Nguyễn Thị Thúy"),
        ("khoẻ", "khỏe"),
        ("Quý", "Quý"),
        ("Hoàng Thuỷ Toàn", "Hoàng Thủy Toàn"),
        ("quỳnh", "quỳnh"),
    ],
)
def test_one_spelling_goes_out(typed: str, goes_out: str) -> None:
    assert names.canonical(typed) == goes_out
    assert names.canonical(goes_out) == goes_out


def test_people_sort_by_given_name_then_family_then_middle() -> None:
    in_order = [
        "Bùi Văn An", "Đinh Thị An", "Bùi Thị Ánh", "Bùi Văn Ân", "Bùi Văn Bình", "Bùi Văn Cường",
        "Bùi Văn Dũng", "Bùi Văn Đào", "Bùi Văn Hòa", "Bùi Văn Hoan", "Bùi Văn Ơn", "Bùi Văn Tám", "Bùi Văn Tâm",
    ]  # fmt: skip
    assert sorted(set(in_order), key=names.person_sort_key) == in_order


def test_tones_sort_as_in_the_dictionary() -> None:
    in_order = ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"]
    assert sorted(set(in_order), key=names.person_sort_key) == in_order


def test_units_sort_with_their_numbers_by_value() -> None:
    in_order = ["Xóm 2", "Xóm 10", "Xóm Đồng", "Xóm Đường"]
    assert sorted(set(in_order), key=names.unit_sort_key) == in_order

"""Signs that a meeting has become a form: explained, without names, for the cell and for who follows it alone."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from chibo.assessment import actions, rules
from chibo.assessment.models import SignalAnswer
from chibo.assessment.queries import signals as queries
from chibo.assessment.rules import Session, Sign
from chibo.core.refusals import Forbidden, Refused
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in

LONG = (
    "Chi bộ thống nhất báo cáo tháng qua, biểu dương tổ dân vận, nhắc nhở việc thu quỹ còn chậm và giao các đồng chí "
    "phụ trách rà soát lại danh sách hộ khó khăn trước ngày 20."
)
OTHER = (
    "Bàn việc sửa cầu tràn sau lũ: góp công hai ngày, đề nghị xã hỗ trợ xi măng; đồng chí phó bí thư lập dự toán, xin "
    "ý kiến bà con tại cuộc họp xóm tuần sau."
)


def session(**changes: object) -> Session:
    plain = Session(OTHER, LONG, frozenset("abcde"), 20, Decimal(90), is_judged_full=False)
    return replace(plain, **changes)  # type: ignore[arg-type]  # facts of several types


def signs(*sessions: Session) -> set[Sign]:
    return {one.sign for one in rules.signals(sessions)}


def test_months_that_differ_say_nothing() -> None:
    one = session(conclusion=LONG, material=OTHER, points=Decimal(91))
    assert signs(session(), one, session(points=Decimal(88))) == set()


def test_a_conclusion_that_repeats_is_told_and_a_short_one_is_not() -> None:
    again = session(conclusion=OTHER.upper(), material=OTHER)
    assert signs(session(), again) == {Sign.CONCLUSION}
    assert signs(session(conclusion="Thống nhất."), session(conclusion="Thống nhất.", material=OTHER)) == set()


def test_a_prepared_text_that_repeats_is_told() -> None:
    assert signs(session(), session(conclusion=LONG)) == {Sign.MATERIAL}


@pytest.mark.parametrize(("came", "is_told"), [(8, True), (7, False)])
def test_the_same_three_speakers_are_few_only_among_many(came: int, is_told: bool) -> None:
    few = [
        session(conclusion=text, material=text * (n + 1), speakers=frozenset("abc"), came=came, points=Decimal(80 + n))
        for n, text in enumerate((LONG, OTHER, LONG))
    ]
    assert (Sign.SPEAKERS in signs(*few)) is is_told


def test_a_score_that_never_moves_and_judgements_always_full_are_told() -> None:
    same = [
        session(conclusion=text, material=text * (n + 1), is_judged_full=True)
        for n, text in enumerate((LONG, OTHER, LONG))
    ]
    assert signs(*same) == {Sign.SCORE, Sign.JUDGEMENT}
    assert signs(*same[:2]) == set()


pytest_db = pytest.mark.django_db


@pytest_db
def test_signals_are_for_the_cell_and_who_follows_it(cast: Cast) -> None:
    make.ended(cast)
    address = reverse("assessment:signals", args=[cast.na_phon.pk])
    for who in ("secretary", "deputy", "third", "attending"):
        assert signed_in(cast, who).get(address).status_code == 200
    for who in ("officer", "member", "neighbour", "operator"):
        assert signed_in(cast, who).get(address).status_code in (403, 404)


@pytest_db
def test_a_signal_is_answered_beside_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make.ended(cast)
    same = [session(conclusion=text, material=text * (n + 1)) for n, text in enumerate((LONG, OTHER, LONG))]
    monkeypatch.setattr(queries, "_sessions", lambda viewer, held: same)
    client = signed_in(cast, "secretary")
    address = reverse("assessment:signals", args=[cast.na_phon.pk])
    assert send(client, address, {"sign": "score", "text": " "}).status_code == 422
    assert send(client, address, {"sign": "score", "text": "Ba tháng đều đủ các mục."}).status_code == 302
    assert SignalAnswer.objects.get().text == "Ba tháng đều đủ các mục."
    assert "Ba tháng đều đủ các mục." in client.get(address).content.decode()
    with pytest.raises(Refused):
        actions.answer_signal(actor=cast.secretary, unit_id=cast.na_phon.pk, sign="speakers", text="…", at=cast.at)
    with pytest.raises(Forbidden):
        actions.answer_signal(actor=cast.officer, unit_id=cast.na_phon.pk, sign="score", text="…", at=cast.at)

"""A directive goes down the tree, is adapted on the way, studied and reported on; the sender sees where it stopped."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.learning import actions, queries
from chibo.learning.models import Adaptation, Directive, Receipt
from chibo.learning.rules import Nature, Stage
from chibo.notifications.models import Notice
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.readiness import actions as readiness
from chibo.readiness.rules import Given
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

IN_A_MONTH = timedelta(days=30)


ON_PAPER = Given(computer=False, printer=False, signal=False, at_ease=False)


def sent(cast: Cast, *, nature: Nature = Nature.DIRECTIVE, kinds: tuple[str, ...] = ()) -> Directive:
    return actions.send_down(
        actor=cast.officer,
        unit_id=cast.vinh_dong.pk,
        nature=nature,
        title="Chỉ thị số 12-CT/TU về chuyển đổi số",
        gist="Mỗi chi bộ chọn một việc và làm xong trong quý.",
        questions="Việc nào trước?",
        kinds=kinds,
        until=clock.today() + IN_A_MONTH,
        at=clock.now(),
    )


def cell(cast: Cast) -> Unit:
    return Unit.objects.select_related("kind").get(pk=cast.na_phon.pk)


def test_who_leads_a_unit_below_is_told_and_says_that_it_arrived(cast: Cast) -> None:
    found = sent(cast)
    audit.deliver()
    told = set(Notice.objects.values_list("person_id", flat=True))
    assert told == {cast.person_id(who) for who in ("secretary", "deputy", "neighbour")}
    assert [one.stage for one in queries.open_orders(cell(cast), clock.today())] == [Stage.SENT]
    actions.receive(actor=cast.secretary, directive_id=found.pk, unit_id=cast.na_phon.pk, at=clock.now())
    actions.receive(actor=cast.deputy, directive_id=found.pk, unit_id=cast.na_phon.pk, at=clock.now())
    assert Receipt.objects.get().stage == Stage.RECEIVED
    with pytest.raises(Forbidden):
        actions.receive(actor=cast.member, directive_id=found.pk, unit_id=cast.na_phon.pk, at=clock.now())


def test_what_a_committee_asks_for_goes_on_with_its_heir(cast: Cast) -> None:
    found, withdrawn = sent(cast), sent(cast)
    actions.withdraw(actor=cast.officer, directive_id=withdrawn.pk, at=clock.now())
    above = Directive.objects.create(
        unit=cast.province, nature=Nature.DIRECTIVE, title="Chỉ thị", gist="Gửi", sent_on=clock.today(),
        until=clock.today() + IN_A_MONTH,
    )  # fmt: skip
    later, sooner = (
        Adaptation.objects.create(directive=above, unit=unit, plan="Cách làm", until=clock.today() + n, at=clock.now())
        for unit, n in ((cast.vinh_dong, IN_A_MONTH), (cast.tong_dau, IN_A_MONTH / 2))
    )
    to = {one.pk: cast.district.pk for one in (cast.vinh_dong, cast.tong_dau)}
    effects = actions.follow_units(actor=SYSTEM, to=to, on=clock.today())
    units = [Directive.objects.get(pk=one.pk).unit for one in (found, withdrawn)]
    assert units == [cast.district, cast.district]
    plans = [Adaptation.objects.get(pk=one.pk).unit for one in (sooner, later)]
    assert plans == [cast.district, cast.vinh_dong]
    # A plan for what the heir itself has sent would bind all its units: it stays behind.
    own = Adaptation.objects.create(
        directive=found, unit=cast.na_phon, plan="Cách làm", until=clock.today(), at=clock.now()
    )
    actions.follow_units(actor=SYSTEM, to={cast.na_phon.pk: cast.district.pk}, on=clock.today())
    assert Adaptation.objects.get(pk=own.pk).unit == cast.na_phon
    assert {effect.was for effect in effects} == {str(cast.vinh_dong.pk), str(cast.tong_dau.pk)}
    with pytest.raises(Forbidden):
        actions.follow_units(actor=cast.secretary, to=to, on=clock.today())


def test_a_founded_heir_is_as_far_as_the_least_of_those_that_go_on_in_it(cast: Cast) -> None:
    found, half = sent(cast), sent(cast)
    both = ((cast.secretary, cast.na_phon), (cast.neighbour, cast.tong_dau))
    for actor, unit in both:
        given = {"actor": actor, "unit_id": unit.pk, "at": clock.now()}
        actions.receive(directive_id=found.pk, **given)  # type: ignore[arg-type]  # facts of several types
    actions.receive(actor=cast.secretary, directive_id=half.pk, unit_id=cast.na_phon.pk, at=clock.now())
    actions.mark_studied(
        actor=cast.secretary, directive_id=found.pk, unit_id=cast.na_phon.pk, on=clock.today(), at=clock.now()
    )
    new = org.found_unit(
        actor=SYSTEM, kind="cell", code="phon-dau", name="Chi bộ Phòn Đậu", parent_id=cast.vinh_dong.pk,
        since=clock.today(), at=clock.now(),
    )  # fmt: skip
    to = {unit.pk: new.pk for _actor, unit in both}
    actions.follow_units(actor=SYSTEM, to=to, on=clock.today())
    (receipt,) = Receipt.objects.filter(unit=new)
    assert (receipt.directive, receipt.stage) == (found, Stage.RECEIVED)
    # One that was there before stays as far as it was.
    actions.follow_units(actor=SYSTEM, to={new.pk: cast.vinh_dong.pk}, on=clock.today())
    assert not Receipt.objects.filter(unit=cast.vinh_dong).exists()


def test_the_first_day_on_the_way_counts(cast: Cast) -> None:
    found = Directive.objects.create(
        unit=cast.province, nature=Nature.DIRECTIVE, title="Chỉ thị", gist="Gửi", sent_on=clock.today(),
        until=clock.today() + IN_A_MONTH,
    )  # fmt: skip
    for unit, days in ((cast.vinh_dong, 20), (cast.district, 5)):
        Adaptation.objects.create(
            directive=found, unit=unit, plan="Cách làm", until=clock.today() + timedelta(days=days), at=clock.now()
        )
    (order,) = queries.open_orders(cell(cast), clock.today())
    assert order.adaptation is not None
    assert (order.adaptation.unit, order.until) == (cast.vinh_dong, clock.today() + timedelta(days=5))


def test_it_is_studied_before_it_is_reported_on(cast: Cast) -> None:
    found = sent(cast)
    given = {"actor": cast.secretary, "directive_id": found.pk, "unit_id": cast.na_phon.pk, "at": clock.now()}
    typed = {"changes": "Họp không giấy.", "who": "Đồng chí Lộc, tháng 12.", "needs": "Một máy tính."}
    with pytest.raises(Refused, match="Study it in a meeting first"):
        actions.report(**typed, **given)  # type: ignore[arg-type]  # facts of several types
    with pytest.raises(Refused, match="not after today"):
        actions.mark_studied(on=clock.today() + timedelta(days=1), **given)  # type: ignore[arg-type]  # the same
    actions.mark_studied(on=clock.today(), **given)  # type: ignore[arg-type]  # the same
    with pytest.raises(Refused) as refused:
        actions.report(**{**typed, "changes": " "}, **given)  # type: ignore[arg-type]  # the same
    assert set(refused.value.fields) == {"changes"}
    actions.report(**typed, **given)  # type: ignore[arg-type]  # the same
    actions.mark_studied(on=clock.today(), **given)  # type: ignore[arg-type]  # the same
    assert Receipt.objects.get().stage == Stage.REPORTED
    assert queries.open_orders(cell(cast), clock.today()) == []
    (line,) = [one for one in queries.board(cast.officer, found, cast.vinh_dong) if one.unit_id == cast.na_phon.pk]
    assert (line.sent, line.received, line.studied, line.reported, line.stopped) == (1, 1, 1, 1, 0)
    assert [one.needs for one in queries.needs(cast.officer, found, cast.vinh_dong)] == ["Một máy tính."]


def test_the_nearest_committee_sets_the_day_and_never_a_later_one(cast: Cast) -> None:
    found = sent(cast)
    found.unit = cast.district
    found.save()
    soon = clock.today() + timedelta(days=10)
    with pytest.raises(Refused, match="not after the day set above"):
        actions.adapt(
            actor=cast.officer,
            directive_id=found.pk,
            unit_id=cast.vinh_dong.pk,
            plan="Từng xóm một việc.",
            until=found.until + timedelta(days=1),
            at=clock.now(),
        )
    actions.adapt(
        actor=cast.officer,
        directive_id=found.pk,
        unit_id=cast.vinh_dong.pk,
        plan="Từng xóm một việc.",
        until=soon,
        at=clock.now(),
    )
    (order,) = queries.open_orders(cell(cast), clock.today())
    assert order.until == soon
    assert order.adaptation is not None
    assert order.adaptation.plan == "Từng xóm một việc."
    with pytest.raises(Forbidden):
        actions.withdraw(actor=cast.officer, directive_id=found.pk, at=clock.now())


def test_guidance_is_for_its_kinds_and_until_its_day(cast: Cast) -> None:
    sent(cast, nature=Nature.GUIDANCE, kinds=("grassroots_cell",))
    mine = sent(cast, nature=Nature.GUIDANCE, kinds=("cell",))
    assert [one.directive for one in queries.open_orders(cell(cast), clock.today())] == [mine]
    assert queries.open_orders(cell(cast), clock.today() + timedelta(days=31)) == []
    assert list(queries.of_unit(cast.secretary, cell(cast))) == [mine]


def test_what_is_withdrawn_asks_nothing_more(cast: Cast) -> None:
    found = sent(cast)
    actions.withdraw(actor=cast.officer, directive_id=found.pk, at=clock.now())
    assert queries.open_orders(cell(cast), clock.today()) == []
    with pytest.raises(Refused, match="withdrawn"):
        actions.receive(actor=cast.secretary, directive_id=found.pk, unit_id=cast.na_phon.pk, at=clock.now())


def test_a_unit_that_does_not_stand_below_has_no_part_in_it(cast: Cast) -> None:
    found = sent(cast)
    with pytest.raises(NotThere):
        actions.receive(actor=cast.officer, directive_id=found.pk, unit_id=cast.district.pk, at=clock.now())


def test_a_board_is_of_units_to_which_it_was_sent(cast: Cast) -> None:
    found = sent(cast)
    found.unit = cast.tong_dau
    found.save()
    with pytest.raises(NotThere):
        queries.board(cast.officer, found, cast.vinh_dong)


def test_nobody_is_asked_for_ever(cast: Cast) -> None:
    found = sent(cast)
    for days, is_asked in ((366, True), (367, False)):
        assert bool(queries.open_orders(cell(cast), found.until + timedelta(days=days))) is is_asked


def test_it_goes_its_way_on_its_pages(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    officer, secretary = signed_in(cast, "officer"), signed_in(cast, "secretary")
    new = reverse("learning:send", args=[cast.vinh_dong.pk])
    until = day("until", clock.today() + IN_A_MONTH)
    typed = {"nature": "directive", "title": "Chỉ thị 12", "gist": "Một việc mỗi xóm.", "questions": "", **until}
    assert send(officer, new, typed | {"gist": ""}).status_code == 422
    assert send(officer, new, typed).status_code == 302
    found = Directive.objects.get()
    here = reverse("learning:directive", args=[found.pk])

    def step(name: str) -> str:
        return reverse(f"learning:{name}", args=[found.pk, cast.na_phon.pk])

    with django_assert_max_num_queries(16):
        assert secretary.get(here).status_code == 200
    assert send(secretary, step("received"), {}, shown_on=here).status_code == 302
    assert send(secretary, step("studied"), day("on", date(2099, 1, 1))).status_code == 409
    assert send(secretary, step("studied"), day("on", clock.today())).status_code == 302
    seen = {"seen": clock.stamp(Receipt.objects.get().at)}
    report = {"changes": "Họp không giấy.", "who": "Đồng chí Lộc.", "needs": "Máy tính.", **seen}
    assert send(secretary, step("report"), report).status_code == 302
    stale = send(secretary, step("report"), report | {"changes": "Bản cũ."})
    assert stale.status_code == 409
    assert all(text in stale.content.decode() for text in ("Họp không giấy.", "Bản cũ."))
    board = reverse("learning:board", args=[found.pk, cast.vinh_dong.pk])
    with django_assert_max_num_queries(14):
        page = officer.get(board).content.decode()
    assert "Máy tính." in page
    assert officer.get(f"{board}?as=xlsx").content[:2] == b"PK"
    assert secretary.get(board).status_code == 403
    assert "Chỉ thị 12" in secretary.get(reverse("learning:of_unit", args=[cast.na_phon.pk])).content.decode()


def test_who_sends_sees_whom_to_tell_otherwise_and_a_cell_what_to_print(cast: Cast) -> None:
    found = sent(cast)
    officer, secretary = signed_in(cast, "officer"), signed_in(cast, "secretary")
    here = reverse("learning:directive", args=[found.pk])
    paper, short = (reverse("learning:to_tell", args=[found.pk, cast.vinh_dong.pk, way]) for way in ("paper", "sms"))
    assert paper in officer.get(here).content.decode()
    assert "Nà Phòn" not in officer.get(paper).content.decode()
    readiness.answer(actor=cast.secretary, unit_id=cast.na_phon.pk, given=ON_PAPER, at=cast.at)
    assert "Nà Phòn" in officer.get(paper).content.decode()
    assert "in trang này" in secretary.get(here).content.decode()
    assert secretary.get(paper).status_code in (403, 404)
    assert officer.get(reverse("learning:to_tell", args=[found.pk, cast.vinh_dong.pk, "app"])).status_code == 404
    readiness.answer(actor=cast.secretary, unit_id=cast.na_phon.pk, given=replace(ON_PAPER, signal=True), at=cast.at)
    assert "Nà Phòn" not in officer.get(paper).content.decode()
    page = officer.get(short).content.decode()
    assert "Nà Phòn" in page
    assert found.title in page
    assert "tin nhắn" in secretary.get(here).content.decode()

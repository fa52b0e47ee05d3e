"""One office approves, another collects; what came in is divided whole, handed up and confirmed."""

from datetime import date, timedelta
from typing import Any

import pytest

from chibo.access.models import Grant, Role
from chibo.audit import actions as audit
from chibo.audit.models import Entry
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.dues import actions, queries, rules
from chibo.dues.models import Amount, Handing, Payment, Reason
from chibo.dues.rules import Payer, State
from chibo.notifications.models import Notice
from chibo.testing import make
from chibo.testing.cast import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "that_evening")]

NOVEMBER = date(2026, 11, 1)
TODAY = date(2026, 11, 3)
AT = NOW.replace(hour=22)


def collector(cast: Cast) -> Actor:
    """The member Ngoằn, named to collect a month ago."""
    if not Grant.objects.filter(role=Role.COLLECTOR).exists():
        actions.name_collector(
            actor=cast.secretary,
            unit_id=cast.na_phon.pk,
            person_id=cast.person_id("member"),
            at=AT - timedelta(days=30),
        )
    return cast.member


def agreed(cast: Cast, who: str, payer: Payer = Payer.OTHER, **more: Any) -> Amount:
    given: dict[str, Any] = {"base": None, "more": None, "since": NOVEMBER, **more}
    return actions.agree(
        actor=cast.secretary, unit_id=cast.na_phon.pk, person_id=cast.person_id(who), payer=payer, at=AT, **given
    )


def paid(cast: Cast, who: str, **more: Any) -> list[Payment]:
    given: dict[str, Any] = {"first": NOVEMBER, "months": 1, "amount": None, "paid_on": TODAY, **more}
    return actions.pay(actor=collector(cast), unit_id=cast.na_phon.pk, person_id=cast.person_id(who), at=AT, **given)


def handed(cast: Cast, amount: int) -> Handing:
    return actions.hand_up(
        actor=collector(cast), unit_id=cast.na_phon.pk, month=NOVEMBER, amount=amount, handed_on=TODAY, at=AT
    )


@pytest.mark.parametrize(
    ("payer", "base", "amount"),
    [
        (Payer.WORKER, 7_345_678, 73_457),
        (Payer.PENSIONER, 4_500_100, 22_501),
        (Payer.STUDENT, None, 5_000),
        (Payer.OTHER, None, 11_100),
        (Payer.RETIRED, None, 7_400),
        (Payer.EXEMPT, None, 0),
    ],
)
def test_an_amount_is_worked_out_by_the_rule_and_its_base_is_not_kept(
    cast: Cast, payer: Payer, base: int | None, amount: int
) -> None:
    assert agreed(cast, "member", payer, base=base).amount == amount
    if base:
        assert str(base) not in str(list(Entry.objects.values_list("facts", flat=True)))
        assert "base" not in {field.name for field in Amount._meta.get_fields()}


def test_a_base_is_for_who_has_one_and_more_is_more(cast: Cast) -> None:
    with pytest.raises(Refused, match="Write the salary or the pension"):
        agreed(cast, "member", Payer.WORKER)
    with pytest.raises(Refused, match="Leave this empty"):
        agreed(cast, "member", Payer.STUDENT, base=1_000_000)
    with pytest.raises(Refused, match=r"By the rule it is 5\.000"):
        agreed(cast, "member", Payer.STUDENT, more=4_000)
    assert agreed(cast, "member", Payer.STUDENT, more=20_000).amount == 20_000
    with pytest.raises(Refused, match="No rule on this amount"):
        agreed(cast, "member", Payer.WORKER, base=1_000_000, since=date(2025, 12, 1))


def test_only_the_office_that_approves_sets_an_amount(cast: Cast) -> None:
    agreed(cast, "member")
    for actor in (cast.member, cast.third, cast.officer, cast.neighbour, collector(cast)):
        with pytest.raises(Forbidden):
            actions.agree(
                actor=actor, unit_id=cast.na_phon.pk, person_id=cast.person_id("member"), payer=Payer.OTHER,
                base=None, more=None, since=NOVEMBER, at=AT,
            )  # fmt: skip
    with pytest.raises(NotThere):
        agreed(cast, "neighbour")


def test_who_approves_never_collects(cast: Cast) -> None:
    for who, sentence in (("deputy", "Who approves"), ("neighbour", "does not belong"), ("member_1", "no account")):
        with pytest.raises(Refused, match=sentence):
            actions.name_collector(actor=cast.secretary, unit_id=cast.na_phon.pk, person_id=cast.person_id(who), at=AT)
    collector(cast)
    agreed(cast, "member_1")
    with pytest.raises(Forbidden):
        actions.collect(
            actor=cast.secretary, unit_id=cast.na_phon.pk, person_ids=[], month=NOVEMBER, paid_on=TODAY, at=AT
        )
    cast._office("member", cast.na_phon, "deputy")  # type: ignore[arg-type]  # the value of a title
    with pytest.raises(Refused, match="You approve the amounts now"):
        paid(cast, "member_1")


def test_another_collector_takes_the_place_of_the_first(cast: Cast) -> None:
    collector(cast)
    with pytest.raises(Refused, match="collects already"):
        actions.name_collector(actor=cast.secretary, unit_id=cast.na_phon.pk, person_id=cast.person_id("member"), at=AT)
    actions.name_collector(actor=cast.deputy, unit_id=cast.na_phon.pk, person_id=cast.person_id("third"), at=AT)
    assert [one.user_id for one in queries.collectors(cast.na_phon.pk, TODAY)] == [cast.user("third").pk]
    with pytest.raises(Forbidden):
        paid(cast, "member")


def test_one_press_collects_what_is_open(cast: Cast) -> None:
    agreed(cast, "member_1")
    agreed(cast, "member_2", Payer.STUDENT)
    agreed(cast, "member_3", Payer.EXEMPT)
    paid(cast, "member_1", amount=1_100)
    chosen = [cast.person_id(f"member_{n}") for n in range(5)]
    made = actions.collect(
        actor=collector(cast), unit_id=cast.na_phon.pk, person_ids=chosen, month=NOVEMBER, paid_on=TODAY, at=AT
    )
    assert {(one.person_id, one.amount) for one in made} == {(chosen[1], 10_000), (chosen[2], 5_000)}
    assert sorted(Payment.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert queries.told(cast.na_phon, NOVEMBER, TODAY) == (2, 2)
    assert queries.of_month(cast.na_phon.pk, NOVEMBER) == (16_100, 11_270)
    with pytest.raises(Refused, match="owes anything more"):
        actions.collect(
            actor=collector(cast), unit_id=cast.na_phon.pk, person_ids=chosen, month=NOVEMBER, paid_on=TODAY, at=AT
        )


def test_several_months_have_one_receipt(cast: Cast) -> None:
    with pytest.raises(Refused, match="No amount is agreed"):
        paid(cast, "member_1")
    agreed(cast, "member_1")
    made = paid(cast, "member_1", months=3)
    assert [one.month for one in made] == [NOVEMBER, date(2026, 12, 1), date(2027, 1, 1)]
    assert {one.number for one in made} == {1}
    assert queries.of_receipt(made[1]) == made
    with pytest.raises(Refused, match="Nothing is open"):
        paid(cast, "member_1")
    with pytest.raises(Refused, match="not after today"):
        paid(cast, "member_1", paid_on=date(2026, 11, 4))
    with pytest.raises(Refused, match="Choose a month"):
        paid(cast, "member_1", first=date(2030, 1, 1))


def test_a_wrong_entry_stays_and_another_takes_it_out_of_the_sums(cast: Cast) -> None:
    agreed(cast, "member_1")
    (wrong,) = paid(cast, "member_1")
    with pytest.raises(Refused, match="Write what was wrong"):
        actions.correct(actor=collector(cast), payment_id=wrong.pk, why=" ", at=AT)
    mended = actions.correct(actor=collector(cast), payment_id=wrong.pk, why="Ghi nhầm người.", at=AT)
    assert (mended.amount, mended.kept) == (-11_100, -7_770)
    assert queries.of_month(cast.na_phon.pk, NOVEMBER) == (0, 0)
    for one, sentence in ((wrong, "corrected already"), (mended, "a correction itself")):
        with pytest.raises(Refused, match=sentence):
            actions.correct(actor=collector(cast), payment_id=one.pk, why="Nhầm.", at=AT)
    assert len(paid(cast, "member_1")) == 1


def test_what_goes_up_is_written_by_the_cell_and_confirmed_by_the_office_above(cast: Cast) -> None:
    agreed(cast, "member_1")
    paid(cast, "member_1")
    with pytest.raises(Refused, match=r"up to 3\.330"):
        handed(cast, 4_000)
    one = handed(cast, 3_330)
    assert one.to_unit == cast.vinh_dong
    with pytest.raises(Refused, match="nothing to hand up"):
        handed(cast, 1)
    for actor in (cast.secretary, cast.member, cast.attending):
        with pytest.raises(Forbidden):
            actions.confirm(actor=actor, handing_id=one.pk, at=AT)
    with pytest.raises(Refused, match="Write what is wrong"):
        actions.decline(actor=cast.officer, handing_id=one.pk, why="", at=AT)
    actions.decline(actor=cast.officer, handing_id=one.pk, why="Thiếu 30 đồng.", at=AT)
    audit.deliver()
    told = Notice.objects.filter(person_id=cast.person_id("secretary"), body__contains="Thiếu 30 đồng.")
    assert told.count() == 1
    handed_again = handed(cast, 3_330)
    audit.deliver()
    assert Notice.objects.filter(person_id=cast.person_id("officer"), body__contains="3.330").count() == 1
    actions.take_back(actor=collector(cast), handing_id=handed_again.pk, at=AT)
    again = handed(cast, 3_330)
    actions.take_back(actor=collector(cast), handing_id=again.pk, at=AT)
    last = actions.confirm(actor=cast.officer, handing_id=handed(cast, 3_330).pk, at=AT)
    assert last.state == State.RECEIVED
    with pytest.raises(Refused, match="answered already"):
        actions.decline(actor=cast.officer, handing_id=last.pk, why="Nhầm.", at=AT)
    assert queries.balance(cast.na_phon.pk) == queries.Balance(11_100, 7_770, 3_330)


def test_months_without_payment_or_reason_are_laid_before_the_secretary(cast: Cast) -> None:
    agreed(cast, "member_1", since=date(2026, 8, 1))
    (one,) = [row for row in queries.standings(cast.na_phon, NOVEMBER, TODAY) if row.behind]
    assert len(one.looked_at) == 3
    actions.give_reason(
        actor=cast.secretary, unit_id=cast.na_phon.pk, person_id=cast.person_id("member_1"),
        first=date(2026, 8, 1), last=date(2026, 8, 1), text="Đi làm xa.", at=AT,
    )  # fmt: skip
    (one,) = [row for row in queries.standings(cast.na_phon, NOVEMBER, TODAY) if row.behind]
    assert (len(one.behind), list(one.looked_at)) == (3, [])
    with pytest.raises(Refused, match="Swap"):
        actions.give_reason(
            actor=cast.secretary, unit_id=cast.na_phon.pk, person_id=cast.person_id("member_1"),
            first=date(2026, 9, 1), last=date(2026, 8, 1), text="Đi làm xa.", at=AT,
        )  # fmt: skip
    assert Reason.objects.count() == 1


def test_the_opening_of_the_meeting_says_how_many_have_paid(cast: Cast) -> None:
    meeting = make.announced(cast)
    agreed(cast, "member_1")
    agreed(cast, "member_2")
    paid(cast, "member_1")
    meeting.refresh_from_db()
    assert (meeting.dues_paid, meeting.dues_payers) == (1, 2)
    actions.tell_meetings(actor=cast.secretary, unit_id=cast.na_phon.pk, month=NOVEMBER, at=AT)
    assert Entry.objects.filter(verb="meeting.dues_told").count() == 3


def test_sums_go_up_without_names(cast: Cast) -> None:
    agreed(cast, "member_1")
    agreed(cast, "member_2")
    paid(cast, "member_1")
    actions.confirm(actor=cast.officer, handing_id=handed(cast, 3_000).pk, at=AT)
    lines = {one.unit_id: one for one in queries.sums(cast.officer, cast.vinh_dong, NOVEMBER, TODAY)}
    one = lines[cast.na_phon.pk]
    assert (one.payers, one.owed, one.collected, one.kept, one.to_go_up) == (22, 22_200, 11_100, 7_770, 3_330)
    assert (one.handed, one.received) == (3_000, 3_000)
    assert lines[cast.tong_dau.pk].payers == 6
    with pytest.raises(Forbidden):
        queries.sums(cast.secretary, cast.vinh_dong, NOVEMBER, TODAY)


def test_a_month_is_owed_by_what_was_agreed_last_for_it() -> None:
    have = [
        rules.Agreed(date(2026, 8, 1), 100),
        rules.Agreed(date(2026, 10, 1), 300),
        rules.Agreed(date(2026, 8, 1), 200),
    ]
    assert [rules.owed(have, date(2026, month, 1)) for month in (7, 8, 9, 10)] == [None, 200, 200, 300]
    assert clock.day_of(AT) == TODAY

"""Years of opinions at random: none without somebody to answer, none past its day without having moved, every raiser
sees where his lies or its answer, and nothing shows beyond whom it is for.
"""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.refusals import NotThere
from chibo.opinions import actions, queries
from chibo.opinions.models import Opinion, Step
from chibo.opinions.rules import Source, State, What
from chibo.testing.cast import NOW, Cast

pick = st.integers(0, 50)
did: dict[str, int] = {}
RAISERS = {"member": "na_phon", "probationary": "na_phon", "neighbour": "tong_dau"}
TEXTS = ("Sửa cầu tràn qua suối", "Sửa cầu tràn qua suối hỏng", "Mở lớp tập huấn sổ tay", "Thiếu nước sạch mùa khô")


def happened(what: str) -> None:
    did[what] = did.get(what, 0) + 1


class Years(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.at: datetime = NOW
        self.cast = Cast(at=NOW)
        self.raised: dict[UUID, str] = {}

    def some(self, n: int, **state: object) -> Opinion | None:
        rows = list(Opinion.objects.filter(**state).order_by("pk"))
        return rows[n % len(rows)] if rows else None

    def answerer(self, opinion: Opinion) -> Actor:
        """The first of those who answer for its holder; each of them is one of the cast."""
        who = queries.answerers(opinion.holder_id, clock.day_of(self.at))[0]
        return next(
            self.cast.actor(name)
            for name in ("secretary", "deputy", "neighbour", "officer")
            if self.cast.person_id(name) == who
        )

    @rule(n=pick)
    def somebody_raises(self, n: int) -> None:
        public = n % 5 == 0
        who = list(RAISERS)[n % len(RAISERS)]
        found = actions.raise_opinion(
            actor=self.cast.actor(who),
            unit_id=getattr(self.cast, RAISERS[who]).pk,
            text=f"{TEXTS[n % len(TEXTS)]}, lần {n}",
            source=Source.PUBLIC if public else Source.MEMBER,
            place="xóm dưới" if public else "",
            at=self.at,
        )
        self.raised[found.pk] = "" if public else who
        happened("raised")

    @rule(n=pick)
    def whoever_has_it_answers(self, n: int) -> None:
        if opinion := self.some(n, state=State.OPEN):
            actions.answer_opinion(actor=self.answerer(opinion), opinion_id=opinion.pk, text=f"Trả lời {n}", at=self.at)
            happened("answered")

    @rule(n=pick)
    def whoever_has_it_sends_it_on(self, n: int) -> None:
        opinion = self.some(n, state=State.OPEN)
        if opinion and queries.above(opinion.holder, clock.day_of(self.at)):
            actions.send_on(actor=self.answerer(opinion), opinion_id=opinion.pk, reason="Của cấp trên", at=self.at)
            happened("sent")

    @rule(n=pick, is_satisfied=st.booleans())
    def who_raised_it_says(self, n: int, is_satisfied: bool) -> None:
        rows = [one for one in Opinion.objects.exclude(state=State.OPEN).order_by("pk") if self.raised[one.pk]]
        if not rows:
            return
        opinion = rows[n % len(rows)]
        matter = opinion.into or opinion
        if matter.state == State.ANSWERED:
            actions.say_satisfied(
                actor=self.cast.actor(self.raised[opinion.pk]),
                opinion_id=opinion.pk,
                is_satisfied=is_satisfied,
                reason="" if is_satisfied else "Chưa rõ",
                at=self.at,
            )
            happened("satisfied" if is_satisfied else "reopened")

    @rule(n=pick, m=pick)
    def two_are_joined(self, n: int, m: int) -> None:
        one = self.some(n, state=State.OPEN)
        other = self.some(m, state=State.OPEN, holder=one.holder) if one else None
        if one and other and one != other:
            actions.join(actor=self.answerer(one), opinion_id=one.pk, into_id=other.pk, at=self.at)
            happened("joined")

    @rule(days=st.integers(1, 45))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        if actions.move_late(actor=SYSTEM, at=self.at):
            happened("moved")

    @precondition(lambda self: hasattr(self, "raised"))
    @invariant()
    def none_is_without_a_place(self) -> None:
        today = clock.day_of(self.at)
        for one in Opinion.objects.select_related("into"):
            if one.state == State.OPEN:
                assert queries.answerers(one.holder_id, today), "nobody answers it"
                assert one.due_on >= today, "its day is over and it has not moved"
            if one.state == State.JOINED:
                assert one.into is not None
                assert one.into.state != State.JOINED, "a matter goes on in a matter"
            if one.state == State.ANSWERED:
                assert queries.answer_of(one), "closed by silence"
            assert Step.objects.filter(opinion=one, what=What.RAISED).count() == 1

    @precondition(lambda self: hasattr(self, "raised"))
    @invariant()
    def who_raised_it_sees_it_and_others_do_not(self) -> None:
        for pk, who in self.raised.items():
            if not who:
                continue
            seen = queries.get(self.cast.actor(who), pk)
            assert seen.state == State.OPEN or queries.answer_of(seen) or (seen.into and seen.into.state == State.OPEN)
            stranger = "neighbour" if RAISERS[who] == "na_phon" else "member"
            with pytest.raises(NotThere):
                queries.get(self.cast.actor(stranger), pk)
            assert not queries.may_see_who(self.cast.officer, seen)


class Rolled(Years):
    """Each run in a transaction of its own, which is taken back."""

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint_create()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.mark)


@pytest.mark.django_db
def test_years_of_opinions() -> None:
    did.clear()
    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,  # the same run everywhere; more examples look further
            suppress_health_check=list(HealthCheck),
        ),
    )
    for what in ("raised", "answered", "sent", "satisfied", "reopened", "joined", "moved"):
        assert did.get(what), f"in no run was anything {what}"

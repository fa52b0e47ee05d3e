"""A scripted year of a hundred cells, each month with one planted need among ordinary ones, from rows to sentences."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

import pytest

from chibo.access.models import Grant, Role
from chibo.accounts.models import User
from chibo.assessment.models import Scoring
from chibo.assessment.rules import Given
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.keys import uuid7
from chibo.core.period import Period
from chibo.learning.models import Directive, Receipt
from chibo.learning.rules import Nature, Stage
from chibo.meetings.models import Meeting, Part
from chibo.meetings.rules import Kind, State
from chibo.opinions.models import Collection, Opinion, Voice
from chibo.opinions.rules import Source as Raised
from chibo.opinions.rules import State as OpinionState
from chibo.org.models import Unit, UnitName, path_of
from chibo.tasks.models import Task
from chibo.tasks.rules import Outcome
from chibo.tasks.rules import State as TaskState
from chibo.testing import make
from chibo.testing.cast import Cast
from chibo.topics import queries, rules
from chibo.topics.rules import Source, Suggestion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

CELLS = 100
WELL: dict[str, object] = {
    "content_prepared_share": "1",
    "draft_resolution_ready": True,
    "papers_days_ahead": "2",
    "committee_met": True,
    "notice_share": "1",
    "superior_notified": True,
    "spoke_share": "1",
    "criticism_held": True,
}
"""Of a session: all that the sheet takes from the month, so that only what is judged low is low."""
SINCE = Period(date(2020, 1, 1))
YEAR = 2026


@dataclass(frozen=True, slots=True)
class Cell:
    unit: Unit
    above: Unit
    name: str
    who: Actor


@dataclass(frozen=True, slots=True)
class Need:
    """What is planted: the key of what is to be suggested, the numbers that its sentences hold, and how it ends."""

    key: str
    numbers: set[int]
    end: Callable[[], object]


def named(n: int) -> str:
    """A name without figures, so that those of a sentence are its own."""
    return "Mường " + "".join("abcdeghikl"[int(figure)] for figure in f"{n:02}")


def cells(cast: Cast) -> list[Cell]:
    """Cells that each stand below a grassroots organisation of their own, each with an account of its office."""
    line = [*cast.province.ancestor_ids, cast.province.pk]
    found, units, names, users, grants = [], [], [], [], []
    for n in range(CELLS):
        above, own = (Unit(pk=uuid7(), code=f"{code}-{n}", during=SINCE) for code in ("xa", "xom"))
        above.kind_id, own.kind_id = "grassroots", "cell"
        above.path, own.path = path_of([*line, above.pk]), path_of([*line, above.pk, own.pk])
        units += [above, own]
        word = named(n)
        for unit, name in ((above, f"Đảng bộ xã {word}"), (own, f"Chi bộ xóm {word}")):
            names.append(UnitName(unit=unit, name=name, sort_key=f"{n:03}", during=SINCE))
        user = User(username=f"xom{n}")
        users.append(user)
        grants.append(Grant(user=user, role=Role.OFFICER, unit=own, during=SINCE))
        found.append((own, above, word, user))
    Unit.objects.bulk_create(units)
    UnitName.objects.bulk_create(names)
    User.objects.bulk_create(users)
    Grant.objects.bulk_create(grants)
    return [Cell(own, above, word, Actor(user.username, user_id=user.pk)) for own, above, word, user in found]


def late_task(cell: Cell, today: date, days: int) -> Need:
    due = today - timedelta(days=days)
    row = Task.objects.create(unit=cell.unit, title="Nạo vét kênh chính", given_on=due - timedelta(days=5), due_on=due)
    done = {"state": TaskState.SETTLED, "outcome": Outcome.DONE, "settled_at": clock.instant(today)}
    said = {days, days // 30} if days >= 30 else {days}
    return Need(f"task:{row.pk}", said, lambda: Task.objects.filter(pk=row.pk).update(**done))


def opinion(cell: Cell, today: date, others: list[Cell], days_left: int) -> Need:
    """One that waits with a cell, and others joined into it by as many units."""
    due = today + timedelta(days=days_left)
    words = {"source": Raised.MEMBER, "text": "Cầu tràn hỏng", "holder": cell.unit, "due_on": due}
    at = clock.instant(today - timedelta(days=3))
    row = Opinion.objects.create(unit=cell.unit, raised_at=at, **words)
    Opinion.objects.bulk_create(
        Opinion(unit=one.unit, raised_at=at, state=OpinionState.JOINED, into=row, **words) for one in others
    )
    answered = {"state": OpinionState.ANSWERED, "answered_at": clock.instant(today)}
    said = ({len(others)} if others else set()) | ({days_left} if days_left <= 10 else set())
    return Need(f"opinion:{row.pk}", said, lambda: Opinion.objects.filter(pk=row.pk).update(**answered))


def voices(cell: Cell, today: date, n: int) -> Need:
    row = Collection.objects.create(
        unit=cell.unit, question="Bà con hỏi gì?", code=uuid7().hex[-16:], opens_on=today, closes_on=today
    )
    Voice.objects.bulk_create(
        Voice(collection=row, text=f"Đường vào nghĩa trang {i}", week=today, receipt=uuid7().hex) for i in range(n)
    )
    answer = "Chi bộ đã trả lời."
    return Need(f"public:{row.pk}", {n}, lambda: Voice.objects.filter(collection=row).update(reply=answer))


def directive(cell: Cell, today: date, days_left: int) -> Need:
    row = Directive.objects.create(
        unit=cell.above,
        nature=Nature.DIRECTIVE,
        title="Chỉ thị về sinh hoạt",
        gist="Bớt hình thức.",
        sent_on=today - timedelta(days=2),
        until=today + timedelta(days=days_left),
    )
    studied = {"directive": row, "unit": cell.unit, "stage": Stage.STUDIED, "studied_on": today}
    at = clock.instant(today)
    said = {max(days_left, 0)} if days_left <= rules.NEAR else set()
    return Need(f"directive:{row.pk}", said, lambda: Receipt.objects.create(at=at, **studied))


def plant(chance: random.Random, cell: Cell, today: date, others: list[Cell]) -> Need:
    match chance.randrange(4):
        case 0:
            return late_task(cell, today, chance.randint(45, 150))
        case 1:
            return opinion(cell, today, others, chance.randint(0, 9))
        case 2:
            return voices(cell, today, chance.randint(6, 20))
        case _:
            return directive(cell, today, chance.randint(-5, 60))


class Sessions:
    """Meetings that cells held and scored, after the pattern of one that was held and scored in all detail."""

    def __init__(self, cast: Cast) -> None:
        low = {"noi-dung": Given("0", remedy="Chọn nội dung từ ý kiến của bà con.")}
        meeting = make.ended(cast)
        self._low = make.scored(cast, meeting, low)
        self._answers = {code: one for code, one in self._low.answers.items() if code != "noi-dung"}
        self._full = self._low.answers["noi-dung"] | {"value": make.JUDGED["noi-dung"], "remedy": ""}

    def hold(self, cell: Cell, on: date, topic: str, own: str, *, is_low: bool) -> Meeting:
        meeting = Meeting.objects.create(
            unit=cell.unit, kind=Kind.REGULAR, month=on.replace(day=1), on=on, time=time(19), topic=topic,
            state=State.LOCKED,
        )  # fmt: skip
        Part.objects.create(meeting=meeting, position=1, code="own", section="conduct", title=own)
        answers = self._low.answers if is_low else self._answers | {"noi-dung": self._full}
        Scoring.objects.create(
            meeting=meeting,
            framework=self._low.framework,
            tier=self._low.tier,
            answers=answers,
            facts=self._low.facts | WELL,
            total=self._low.total,
            band=self._low.band,
            stands=True,
            saved_at=clock.instant(on),
            handed_in_at=clock.instant(on),
        )
        return meeting


def numbers(one: Suggestion) -> set[int]:
    """The numbers of the sentences that speak for it, without those of its points."""
    return {int(n) for reason in one.reasons if reason.points > 0 for n in re.findall(r"\d+", str(reason.sentence))}


def test_a_planted_need_is_among_the_first_three_and_every_reason_is_true_of_the_rows(cast: Cast) -> None:
    chance = random.Random(20261127)
    every, sessions = cells(cast), Sessions(cast)
    planted: Counter[str] = Counter()
    found_in: Counter[str] = Counter()
    low_of: dict[UUID, int] = {}
    taken: dict[tuple[UUID, str], date] = {}
    for month in range(1, 13):
        meets_on = date(YEAR, month, 5)
        today = meets_on - timedelta(days=4)
        for cell in every:
            need: Need | None = None
            noise = [late_task(cell, today, chance.randint(1, 25)) for _n in range(chance.randint(0, 2))]
            noise += [opinion(cell, today, [], chance.randint(11, 30)) for _n in range(chance.randint(0, 3))]
            times = low_of.get(cell.unit.pk, 0)
            if times >= 2:  # what was low in the last two or three sessions is the need of this month
                key = Meeting.objects.filter(unit=cell.unit).order_by("-on").values_list("pk", flat=True)[0]
                need = Need(f"criterion:{key}:noi-dung", {times}, lambda: None)
            else:
                others = chance.sample([one for one in every if one is not cell], chance.randint(2, 8))
                need = plant(chance, cell, today, others)
            shown = queries.suggestions(cell.who, cell.unit, meets_on, today)
            sort = need.key.partition(":")[0]
            planted[sort] += 1
            found_in[sort] += need.key in [one.idea.key for one in shown[:3]]
            known = {one.key: one.numbers for one in [need, *noise]}
            for one in shown:
                if one.idea.key in known:
                    assert numbers(one) == known[one.idea.key], one
                if one.idea.source is Source.CRITERION:
                    assert numbers(one) == ({times} if times > 1 else set())
                if one.idea.source is Source.DIRECTIVE:
                    assert f"Đảng bộ xã {cell.name} has sent it" in str(one.reasons[0].sentence)
                if one.idea.source is Source.THEME:
                    before = taken.get((cell.unit.pk, one.idea.key))
                    assert before is None or meets_on - before > rules.TWO_QUARTERS
            # The cell takes the first, and a theme; what it took is dealt with, and so is what was ordinary.
            theme = next((one.idea for one in shown if one.idea.source is Source.THEME), None)
            if theme is not None:
                taken[cell.unit.pk, theme.key] = meets_on
            is_low = times < 3 and (times > 0 or chance.random() < 0.15)
            low_of[cell.unit.pk] = times + 1 if is_low else 0
            sessions.hold(cell, meets_on, theme.title if theme else "", shown[0].idea.title, is_low=is_low)
            for dealt_with in [need, *noise]:
                dealt_with.end()
    assert planted.total() == 12 * CELLS
    assert len(planted) == 5, "each sort of need was planted"
    assert found_in.total() >= 0.95 * planted.total(), f"{found_in} of {planted}"

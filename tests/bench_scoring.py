"""`make bench`: what scoring costs. A framework of 200 criteria evaluated; a province's year under a new framework; and
a month planned for 1,200 cells. Figures are medians on this machine, beside what they are measured against."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from chibo.assessment import rules
from chibo.assessment.rules import Answer, Fact, Framework
from chibo.supervision.rules.planning import Cell, HalfDay, Slot, plan

ROUNDS = 200
GROUPS, IN_A_GROUP = 10, 20


def large() -> str:
    """A framework of 200 criteria, half of them read from facts."""
    groups = []
    facts = ("attendance_share", "spoke_share", "tasks_met_share", "agenda_share")
    for group in range(GROUPS):
        lines = []
        for n in range(IN_A_GROUP):
            code = f"c-{group}-{n}"
            head = f"      - code: {code}\n        title: {{vi: {code}, en: {code}}}\n        points: 5\n"
            if n % 2:
                fact = facts[n % len(facts)]
                steps = "".join(
                    f"          - {{points: {points}, when: {{{fact}: at least {share} %}}}}\n"
                    for points, share in ((5, 90 - group), (4, 75 - group), (3, 60 - group))
                )
                lines.append(f"{head}        kind: computed\n        steps:\n{steps}          - {{points: 0}}\n")
            else:
                lines.append(f"{head}        kind: number\n")
        groups.append(
            f"  - code: g-{group}\n    title: {{vi: Nhóm, en: Group}}\n    points: {5 * IN_A_GROUP}\n    kind: group\n"
            f"    criteria:\n{''.join(lines)}"
        )
    return (
        "code: large\ntitle: {vi: Lớn, en: Large}\nissuer: {vi: Thử, en: Trial}\nsource: none\n"
        f"total: {5 * IN_A_GROUP * GROUPS}\nopen: true\nscores: {{self: committee, superior: none, stands: self}}\n"
        "bands:\n  - {code: tot, title: {vi: Tốt, en: Good}, at_least: 900}\n"
        "  - {code: kem, title: {vi: Kém, en: Poor}, at_least: 0}\ncriteria:\n" + "".join(groups)
    )


def median(act: Callable[[], object], rounds: int) -> float:
    """Milliseconds."""
    took = []
    for _turn in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def sheet(framework: Framework, chance: random.Random) -> dict[str, Answer]:
    return {one.code: Answer(Decimal(chance.choice([2, 3, 4, 5]))) for one in framework.leaves() if not one.reads}


def main() -> None:
    text = large()
    framework = rules.read(text)
    chance = random.Random(1)
    facts: dict[str, Fact] = {
        "attendance_share": Fraction(19, 20),
        "spoke_share": Fraction(9, 20),
        "tasks_met_share": Fraction(7, 10),
        "agenda_share": Fraction(1),
    }
    answers = sheet(framework, chance)
    evaluated = median(lambda: rules.evaluate(framework, answers, facts), ROUNDS)
    read = median(lambda: rules.read(text), 5)
    print(f"a framework of 200 criteria evaluated      {evaluated:8.3f} ms   (promise: 1 ms)")
    print(f"the same read and checked from its text    {read:8.1f} ms   {read / evaluated:.0f} times as long")
    evenings = tuple(date(2026, 12, day) for day in range(1, 8))
    cells = [
        Cell(n, Slot(evenings[2], HalfDay.EVENING), evenings, (n % 200, (n + 1) % 200, (n + 7) % 200))
        for n in range(1200)
    ]
    planned = median(lambda: plan(cells), 3)
    few = median(lambda: plan(cells[:300]), 3)
    print(f"1,200 cells on one evening planned         {planned:8.0f} ms   {planned / few:.1f} times 300 cells (10 s)")


if __name__ == "__main__":
    main()

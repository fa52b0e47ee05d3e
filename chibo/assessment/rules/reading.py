"""Reading a framework from its text: every mistake with its line and a sentence, all of them at once where possible."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.tokens import AliasToken, AnchorToken, TagToken

from chibo.assessment.rules.conditions import FACTS, SHARE, Condition, When, condition
from chibo.assessment.rules.frameworks import (
    Band,
    Criterion,
    Framework,
    Gate,
    Kind,
    Option,
    Policy,
    Scores,
    SelfWay,
    Stands,
    Step,
    SuperiorWay,
    YearRule,
    plain,
)
from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.regulations.rules import Words

MOST_LETTERS = 200_000
MOST_CRITERIA = 500
DEEPEST = 6  # groups in groups
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,2})?")
NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a text, and on which line (the first is 1)."""

    line: int
    sentence: Said


class Unreadable(ValueError):  # noqa: N818  # named like what it says of a text
    """A text that is no framework, with each mistake in it in the order of the lines."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda one: one.line))
        super().__init__("; ".join(f"line {one.line}: {one.sentence}" for one in self.mistakes))


class _Stop(Exception):  # noqa: N818  # the reader gives up on one node
    pass


def read(text: str) -> Framework:
    """A framework from its YAML text. Raises Unreadable with every mistake that was found."""
    if len(text) > MOST_LETTERS:
        raise Unreadable([Mistake(1, _("The text is far longer than any framework. Check that it is the right one."))])
    reader = _Reader()
    try:
        root = tree(text)
        framework = reader.framework(root)
    except _Stop:
        framework = None
    if reader.mistakes or framework is None:
        raise Unreadable(reader.mistakes)
    return framework


def tree(text: str) -> Node:
    """The nodes of the text, without what could make it grow or mean something else than it shows."""
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, AnchorToken | AliasToken | TagToken):
                raise Unreadable(
                    [
                        _at(
                            token.start_mark.line,
                            _("Marks that begin with “&”, “*” or “!” are not used here. Write it out."),
                        )
                    ]
                )
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(
            [_at(mark.line if mark else 0, _("This line cannot be read. Check its indentation, colons and quotes."))]
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(
            [_at(0, _("The text cannot be read: it holds signs that no text has, or is too deep."))]
        ) from error
    if root is None:
        raise Unreadable([_at(0, _("The text is empty. Begin with a framework that is there."))])
    return root


def _at(line: int, sentence: Said) -> Mistake:
    return Mistake(line + 1, sentence)


_HEAD = {
    "required": ("code", "title", "issuer", "source", "total", "open", "scores", "deadlines", "bands", "criteria"),
    "optional": ("doubt", "not_applicable", "gates", "yearly", "reviews", "remedies", "bonus"),
}


class _Reader:
    """Reads nodes into a framework, and goes on after a mistake wherever that makes sense."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.conditions: dict[Condition, int] = {}
        self.lines: dict[str, int] = {}  # of each criterion, by its code
        self.policy = Policy.COUNT_AS_FULL
        self.below: Fraction | None = None
        self.count = 0

    # Nodes

    def wrong(self, node: Node, sentence: Said) -> None:
        self.mistakes.append(_at(node.start_mark.line, sentence))

    def stop(self, node: Node, sentence: Said) -> _Stop:
        self.wrong(node, sentence)
        return _Stop()

    def mapping(self, node: Node, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Node]:
        """The values of a mapping by their keys; unknown, doubled and missing keys are mistakes."""
        if not isinstance(node, MappingNode):
            raise self.stop(
                node, _("Here stand several lines “name: value”: {names}.").format(names=", ".join(required))
            )
        found: dict[str, Node] = {}
        allowed = [*required, *optional]
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if name not in allowed:
                near = difflib.get_close_matches(name, allowed, n=1)
                self.wrong(
                    key,
                    _("“{name}” is not known here. Did you mean “{near}”?").format(name=name, near=near[0])
                    if near
                    else _("“{name}” is not known here. Known are: {names}.").format(
                        name=name, names=", ".join(allowed)
                    ),
                )
            elif name in found:
                self.wrong(key, _("“{name}” stands here twice. Take one of them out.").format(name=name))
            else:
                found[name] = value
        for name in required:
            if name not in found:
                self.wrong(node, _("“{name}” is missing.").format(name=name))
        return found

    def items(self, node: Node) -> list[Node]:
        if not isinstance(node, SequenceNode) or not node.value:
            raise self.stop(node, _("Here stands a list; each line of it begins with “-”."))
        return list(node.value)

    def text(self, node: Node, *, most: int = 1000) -> str:
        if not isinstance(node, ScalarNode) or not node.value.strip():
            raise self.stop(node, _("Here stands a text."))
        if len(node.value) > most:
            raise self.stop(node, _("This text is too long; {most} letters are the most.").format(most=most))
        return " ".join(node.value.split())

    def code(self, node: Node) -> str:
        text = self.text(node, most=60)
        if not _CODE.fullmatch(text):
            raise self.stop(
                node, _("“{text}” is no code: small letters without marks, figures and hyphens.").format(text=text)
            )
        return text

    def words(self, node: Node) -> Words:
        found = self.mapping(node, ("vi", "en"))
        return Words(self.text(found["vi"]), self.text(found["en"])) if len(found) == 2 else Words("", "")

    def number(self, node: Node) -> Decimal:
        text = node.value if isinstance(node, ScalarNode) else ""
        if not _NUMBER.fullmatch(text):
            raise self.stop(node, _("Here stands a number, not negative, with two decimals at most (2.5)."))
        try:
            return Decimal(text)
        except InvalidOperation:  # the pattern lets none through
            raise self.stop(node, _("Here stands a number, not negative, with two decimals at most (2.5).")) from None

    def whole(self, node: Node, *, most: int) -> int:
        number = self.number(node)
        if number != int(number) or number > most:
            raise self.stop(node, _("Here stands a whole number up to {most}.").format(most=most))
        return int(number)

    def share(self, node: Node) -> Fraction:
        text = self.text(node, most=20)
        found = re.fullmatch(r"(\d{1,3}) ?%", text)
        if not found or int(found[1]) > 100:
            raise self.stop(node, _("Here stands a share, for example “50 %”."))
        return Fraction(int(found[1]), 100)

    def yes(self, node: Node) -> bool:
        text = self.text(node, most=20)
        if text not in ("true", "false"):
            raise self.stop(node, _("Here stands “true” or “false”."))
        return text == "true"

    def one_of[E: StrEnum](self, node: Node, kind: type[E]) -> E:
        text = self.text(node, most=60)
        if text not in {one.value for one in kind}:
            raise self.stop(
                node, _("“{text}” is not known here. Known are: {names}.").format(text=text, names=", ".join(kind))
            )
        return kind(text)

    def maybe[T](self, node: Node | None, how: Callable[[Node], T], otherwise: T) -> T:
        """What a node says; `otherwise` where there is none, or it is wrong (which is noted)."""
        if node is None:
            return otherwise
        try:
            return how(node)
        except _Stop:
            return otherwise

    # The framework

    def framework(self, root: Node) -> Framework:
        found = self.mapping(root, _HEAD["required"], _HEAD["optional"])
        get = found.get
        total = self.maybe(get("total"), self.number, NOUGHT)
        if "total" in found and not total and not self.mistakes:
            self.wrong(found["total"], _("The total is more than nought."))
        self.policy = self.maybe(get("not_applicable"), lambda node: self.one_of(node, Policy), Policy.COUNT_AS_FULL)
        self.below = self.maybe(get("remedies"), self.remedies, None)
        bands: tuple[Band, ...] = self.maybe(get("bands"), lambda node: self.bands(node, total), ())
        criteria: tuple[Criterion, ...] = self.maybe(get("criteria"), lambda node: self.criteria(node, 1), ())
        bonus: tuple[Criterion, ...] = self.maybe(get("bonus"), lambda node: self.criteria(node, 1), ())
        if criteria and total and "criteria" in found:
            self.add_up(found["criteria"], criteria, total)
        return Framework(
            code=self.maybe(get("code"), self.code, ""),
            title=self.maybe(get("title"), self.words, Words("", "")),
            issuer=self.maybe(get("issuer"), self.words, Words("", "")),
            source=self.maybe(get("source"), self.text, ""),
            doubt=self.maybe(get("doubt"), self.words, None),
            total=total,
            is_open=self.maybe(get("open"), self.yes, otherwise=False),
            scores=self.maybe(get("scores"), self.scores, Scores(SelfWay.COMMITTEE, SuperiorWay.NONE, Stands.SELF)),
            deadlines=self.maybe(get("deadlines"), self.deadlines, {}),
            bands=bands,
            gates=self.maybe(get("gates"), lambda node: self.gates(node, bands), ()),
            yearly=self.maybe(get("yearly"), lambda node: self.yearly(node, bands), ()),
            reviews=self.maybe(get("reviews"), self.reviews, ()),
            criteria=criteria,
            bonus=bonus,
            conditions=tuple(self.conditions),
        )

    def remedies(self, node: Node) -> Fraction | None:
        found = self.mapping(node, ("below",))
        return self.share(found["below"]) if found else None

    def scores(self, node: Node) -> Scores:
        found = self.mapping(node, ("self", "superior", "stands"))
        if len(found) < 3:
            raise _Stop
        scores = Scores(
            self.one_of(found["self"], SelfWay),
            self.one_of(found["superior"], SuperiorWay),
            self.one_of(found["stands"], Stands),
        )
        if scores.superior is SuperiorWay.NONE and scores.stands is not Stands.SELF:
            self.wrong(found["stands"], _("The superior does not score here, so only “self” can stand."))
        return scores

    def reviews(self, node: Node) -> tuple[int, ...]:
        return tuple(self.whole(one, most=12) for one in self.items(node))

    def deadlines(self, node: Node) -> dict[str, int]:
        """Both are asked for: until the superior's last day the cell's own score is kept from him."""
        found = self.mapping(node, ("self", "superior"))
        return {name: self.whole(one, most=366) for name, one in found.items()}

    def bands(self, node: Node, total: Decimal) -> tuple[Band, ...]:
        bands: list[Band] = []
        for item in self.items(node):
            found = self.mapping(item, ("code", "title", "at_least"))
            if len(found) < 3:
                continue
            band = Band(self.code(found["code"]), self.words(found["title"]), self.number(found["at_least"]))
            if band.code in {one.code for one in bands}:
                self.wrong(found["code"], _("There is a band “{code}” already.").format(code=band.code))
            if bands and band.at_least >= bands[-1].at_least:
                self.wrong(found["at_least"], _("Bands stand best first: this one must begin below the one before it."))
            if total and band.at_least > total:
                self.wrong(found["at_least"], _("This is more than the total, so nobody could reach it."))
            bands.append(band)
        if bands and bands[-1].at_least:
            self.wrong(node.value[-1], _("The last band begins at 0, so that every score has one."))
        return tuple(bands)

    def gates(self, node: Node, bands: Sequence[Band]) -> tuple[Gate, ...]:
        order = {band.code: n for n, band in enumerate(bands)}
        gates = []
        for item in self.items(node):
            found = self.mapping(item, ("band", "full", "else"))
            if len(found) < 3:
                continue
            band, otherwise = self.known_band(found["band"], order), self.known_band(found["else"], order)
            full = []
            for one in self.items(found["full"]):
                code = self.code(one)
                if code not in self.lines:
                    near = difflib.get_close_matches(code, self.lines, n=1)
                    self.wrong(
                        one,
                        _("There is no criterion “{code}”. Did you mean “{near}”?").format(code=code, near=near[0])
                        if near
                        else _("There is no criterion “{code}”.").format(code=code),
                    )
                full.append(code)
            if band and otherwise and order[otherwise] <= order[band]:
                self.wrong(
                    found["else"],
                    _("Without its conditions a gate leads to a lower band than “{band}”.").format(band=band),
                )
            gates.append(Gate(band, tuple(full), otherwise))
        return tuple(gates)

    def known_band(self, node: Node, order: Mapping[str, int]) -> str:
        code = self.code(node)
        if order and code not in order:
            self.wrong(
                node, _("There is no band “{code}”. There are: {names}.").format(code=code, names=", ".join(order))
            )
            return ""
        return code

    def yearly(self, node: Node, bands: Sequence[Band]) -> tuple[YearRule, ...]:
        order = {band.code: n for n, band in enumerate(bands)}
        rules = []
        for item in self.items(node):
            found = self.mapping(item, ("band",), ("all_at_least", "count"))
            if "band" not in found:
                continue
            least = self.known_band(found["all_at_least"], order) if "all_at_least" in found else None
            counts: list[tuple[str, int]] = []
            if "count" in found:
                counted = self.mapping(found["count"], (), list(order))
                counts = [(code, self.whole(one, most=100)) for code, one in counted.items()]
            rules.append(YearRule(self.known_band(found["band"], order), least, tuple(counts)))
        return tuple(rules)

    # Criteria

    def criteria(self, node: Node, depth: int) -> tuple[Criterion, ...]:
        if depth > DEEPEST:
            raise self.stop(node, _("Groups stand in groups here more deeply than {n} times.").format(n=DEEPEST))
        found = []
        for item in self.items(node):
            try:
                found.append(self.criterion(item, depth))
            except _Stop:
                continue
        return tuple(found)

    _OWN = {
        Kind.GROUP: ("criteria",),
        Kind.CHOICE: ("options", "steps"),
        Kind.YES_NO: ("steps",),
        Kind.NUMBER: ("step",),
        Kind.SHARE: ("steps",),
        Kind.COMPUTED: ("steps",),
    }
    _NEEDED = {
        Kind.GROUP: ("criteria",),
        Kind.CHOICE: ("options",),
        Kind.SHARE: ("steps",),
        Kind.COMPUTED: ("steps",),
    }

    def criterion(self, node: Node, depth: int) -> Criterion:
        self.count += 1
        if self.count > MOST_CRITERIA:
            raise self.stop(node, _("There are more than {n} criteria.").format(n=MOST_CRITERIA))
        kind = self.kind_of(node)
        common = ("applies_when", "not_applicable", "remedy_below", "hint") if kind is not Kind.GROUP else ("hint",)
        needed = self._NEEDED.get(kind, ())
        own = [name for name in self._OWN[kind] if name not in needed]
        found = self.mapping(node, ("code", "title", "points", "kind", *needed), (*own, *common))
        if not {"code", "title", "points", *needed} <= found.keys():
            raise _Stop
        code = self.code(found["code"])
        if code in self.lines:
            self.wrong(
                found["code"],
                _("“{code}” is the code of the criterion on line {n} already.").format(code=code, n=self.lines[code]),
            )
        self.lines.setdefault(code, found["code"].start_mark.line + 1)
        points = self.number(found["points"])
        title = self.words(found["title"])
        children = self.criteria(found["criteria"], depth + 1) if kind is Kind.GROUP else ()
        if children and len(children) == len(found["criteria"].value):
            self.add_up(found["points"], children, points)
        options = self.options(found["options"], points) if "options" in found else ()
        reads: list[str] = []
        allowed = [*FACTS, SHARE] if kind is Kind.SHARE else list(FACTS)
        steps = self.steps(found["steps"], points, allowed, reads, options) if "steps" in found else ()
        step = self.maybe(found.get("step"), self.number, Decimal("0.5"))
        if "step" in found and (not step or points % step):
            self.wrong(found["step"], _("The points must be a whole number of such steps."))
        applies: list[str] = []
        return Criterion(
            code=code,
            title=title,
            points=points,
            kind=kind,
            children=children,
            options=options,
            steps=steps,
            step=step,
            applies_when=self.when(found["applies_when"], list(FACTS), applies) if "applies_when" in found else (),
            not_applicable=self.maybe(found.get("not_applicable"), lambda one: self.one_of(one, Policy), self.policy),
            remedy_below=self.maybe(found.get("remedy_below"), self.share, self.below),
            reads=tuple(dict.fromkeys([*reads, *applies])) if kind is not Kind.SHARE else tuple(applies),
            hint=self.maybe(found.get("hint"), self.words, None),
        )

    def kind_of(self, node: Node) -> Kind:
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if isinstance(key, ScalarNode) and key.value == "kind":
                    return self.one_of(value, Kind)
        raise self.stop(node, _("“{name}” is missing.").format(name="kind"))

    def add_up(self, node: Node, criteria: Sequence[Criterion], points: Decimal) -> None:
        found = sum((one.points for one in criteria), NOUGHT)
        if found != points:
            self.wrong(
                node,
                _("The criteria in it make {found} points together, but it has {points}.").format(
                    found=plain(found), points=plain(points)
                ),
            )

    def options(self, node: Node, points: Decimal) -> tuple[Option, ...]:
        options: list[Option] = []
        for item in self.items(node):
            found = self.mapping(item, ("code", "title", "points"))
            if len(found) < 3:
                continue
            option = Option(self.code(found["code"]), self.words(found["title"]), self.number(found["points"]))
            if option.code in {one.code for one in options}:
                self.wrong(found["code"], _("There is an option “{code}” already.").format(code=option.code))
            self.within(found["points"], option.points, points)
            options.append(option)
        if options and max(one.points for one in options) != points:
            self.wrong(node, _("No option gives the full {points} points.").format(points=plain(points)))
        return tuple(options)

    def within(self, node: Node, given: Decimal, points: Decimal) -> None:
        if given > points:
            self.wrong(
                node,
                _("This gives {given} points, but the criterion has only {points}.").format(
                    given=plain(given), points=plain(points)
                ),
            )

    def steps(
        self, node: Node, points: Decimal, allowed: Sequence[str], reads: list[str], options: Sequence[Option]
    ) -> tuple[Step, ...]:
        """The steps of a criterion: each with its condition, the last one without, for everything else."""
        steps: list[Step] = []
        items = self.items(node)
        for n, item in enumerate(items):
            found = self.mapping(item, ("points",), ("when",))
            if "points" not in found:
                continue
            given = self.number(found["points"])
            self.within(found["points"], given, points)
            if options and given not in {one.points for one in options}:
                self.wrong(found["points"], _("No option of this criterion gives so many points."))
            is_last = n == len(items) - 1
            if is_last and "when" in found:
                self.wrong(item, _("The last step has no “when”: it is for everything else."))
            if not is_last and "when" not in found:
                self.wrong(
                    item, _("A step without “when” is for everything else, so nothing after it is ever reached.")
                )
            steps.append(Step(given, self.when(found["when"], allowed, reads) if "when" in found else ()))
        if steps and max(one.points for one in steps) != points:
            self.wrong(node, _("No step gives the full {points} points.").format(points=plain(points)))
        return tuple(steps)

    def when(self, node: Node, allowed: Sequence[str], reads: list[str]) -> When:
        lines = self.items(node) if isinstance(node, SequenceNode) else [node]
        found = []
        for line in lines:
            if not isinstance(line, MappingNode) or not line.value:
                raise self.stop(line, _("A condition stands as “fact: at least 90 %”."))
            places = []
            for name, value in self.mapping(line, (), allowed).items():
                read_as = condition(name, self.text(value, most=60))
                if isinstance(read_as, Said):
                    self.wrong(value, read_as)
                    continue
                places.append(self.conditions.setdefault(read_as, len(self.conditions)))
                if name != SHARE:
                    reads.append(name)
            found.append(tuple(places))
        return tuple(found)

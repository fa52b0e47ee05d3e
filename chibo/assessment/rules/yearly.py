"""What a year of sessions comes to."""

from collections.abc import Sequence
from dataclasses import dataclass

from chibo.assessment.rules.frameworks import Band, Framework, YearRule
from chibo.core.words import Said
from chibo.core.words import say as _


@dataclass(frozen=True, slots=True)
class YearResult:
    """The band of a year, and how it came about, in sentences."""

    band: Band
    reasons: tuple[Said, ...]


def year_of(framework: Framework, bands: Sequence[str]) -> YearResult | None:
    """What a year comes to, from the bands of its sessions: the first of the framework's rules that holds.

    None for a year without a session, or a framework without a rule for the year. A session that was scored under
    another framework counts by the band of the same code; one whose code is not known here counts as the lowest.
    """
    if not bands or not framework.yearly:
        return None
    lowest = framework.bands[-1].code
    known = {one.code for one in framework.bands}
    ranks = [framework.rank(one if one in known else lowest) for one in bands]
    reasons: list[Said] = []
    for rule in framework.yearly:
        missing = _why_not(framework, rule, ranks)
        if missing is None:
            return YearResult(framework.band(rule.band), (*reasons, _how(framework, rule, ranks)))
        reasons.append(missing)
    return YearResult(framework.bands[-1], tuple(reasons))


def _why_not(framework: Framework, rule: YearRule, ranks: Sequence[int]) -> Said | None:
    band = framework.band(rule.band).title.vi
    if rule.all_at_least is not None:
        worse = sum(rank > framework.rank(rule.all_at_least) for rank in ranks)
        if worse:
            return _("Not “{band}”: {n} of {all} sessions are below “{least}”.").format(
                band=band, n=worse, all=len(ranks), least=framework.band(rule.all_at_least).title.vi
            )
    for code, least in rule.counts:
        n = sum(rank <= framework.rank(code) for rank in ranks)
        if n < least:
            return _("Not “{band}”: {n} sessions are “{of}” or better, {least} are needed.").format(
                band=band, n=n, of=framework.band(code).title.vi, least=least
            )
    return None


def _how(framework: Framework, rule: YearRule, ranks: Sequence[int]) -> Said:
    counted = ", ".join(
        f"{band.title.vi}: {n}" for place, band in enumerate(framework.bands) if (n := ranks.count(place))
    )
    return _("“{band}”: of {all} sessions scored, {counted}.").format(
        band=framework.band(rule.band).title.vi, all=len(ranks), counted=counted
    )

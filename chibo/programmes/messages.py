"""What notices about programmes say."""

from django.utils.translation import gettext as _

from chibo.programmes.models import STATE_WORDS, Check, Cycle, Entry, Recognition
from chibo.programmes.rules import State


def opened(cycle: Cycle, unit: str) -> tuple[str, str]:
    """To who leads a unit below."""
    return _("%(unit)s calls for: %(title)s") % {"unit": unit, "title": cycle.programme.title}, _(
        "%(gist)s\n\nRound %(round)s. Register by %(until)s, with what you want to reach and how it is measured."
    ) % {"gist": cycle.programme.gist, "round": cycle.title, "until": f"{cycle.registers_until:%d/%m/%Y}"}


def registered(entry: Entry, unit: str) -> tuple[str, str]:
    """To who works for the committee above."""
    return _("%(unit)s has registered “%(title)s”") % {"unit": unit, "title": entry.title}, _(
        "%(programme)s\n\nAim: %(aim)s\n\nAccept it, or decline it with the reason."
    ) % {"programme": entry.cycle.programme.title, "aim": entry.aim}


def accepted(entry: Entry) -> tuple[str, str]:
    """To who leads the unit."""
    return _("“%(title)s” is accepted") % {"title": entry.title}, _(
        "It is under way from today. Write down now and then how far it is; the round ends on %(on)s."
    ) % {"on": f"{entry.cycle.ends_on:%d/%m/%Y}"}


def ended(entry: Entry, state: State) -> tuple[str, str]:
    """To who leads the unit: declined, not reached, or withdrawn."""
    words = {"title": entry.title, "state": STATE_WORDS[state], "why": entry.answer}
    return _("“%(title)s”: %(state)s") % words, _("%(why)s") % words


def appraised(check: Check) -> tuple[str, str]:
    """To who leads the unit."""
    return _("“%(title)s” was appraised") % {"title": check.entry.title}, check.words


def recognised(one: Recognition, committee: str) -> tuple[str, str]:
    """To who leads the unit."""
    return _("%(committee)s has recognised “%(title)s”") % {"committee": committee, "title": one.entry.title}, _(
        "Decision %(decision)s of %(on)s. Others can learn from it: write down how you did it."
    ) % {"decision": one.decision, "on": f"{one.decided_on:%d/%m/%Y}"}


def taken_back(one: Recognition, committee: str) -> tuple[str, str]:
    """To who leads the unit, while others recognise it still."""
    return _("%(committee)s has withdrawn its recognition of “%(title)s”") % {
        "committee": committee,
        "title": one.entry.title,
    }, _("%(why)s\n\nThe recognitions of other committees stand.") % {"why": one.why}


def taken(entry: Entry, unit: str) -> tuple[str, str]:
    """To who leads the unit from which it was taken."""
    assert entry.source is not None
    return _("%(unit)s takes up your model “%(title)s”") % {"unit": unit, "title": entry.source.title}, _(
        "What it does otherwise: %(adapted)s"
    ) % {"adapted": entry.adapted}

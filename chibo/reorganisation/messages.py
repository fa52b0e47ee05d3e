"""What the notices about reorganisations say."""

from django.urls import reverse

from chibo.core.words import Said
from chibo.core.words import say as _
from chibo.reorganisation.models import Reorganisation


def _facts(one: Reorganisation) -> dict[str, str]:
    return {"title": one.title, "number": one.number, "day": f"{one.on:%d/%m/%Y}"}


def path(one: Reorganisation) -> str:
    """The page of the unit in whose area it happens: where a notice leads whose own unit is no more."""
    return reverse("unit", args=[one.root_id]) if one.root_id else "/"


def undone(one: Reorganisation) -> tuple[Said, Said]:
    """To those who were told of a new cell."""
    return (
        _("A reorganisation was taken back: {title}").format(**_facts(one)),
        _("{number}: you belong to the cell in which you were before, with your tasks and papers.").format(
            **_facts(one)
        ),
    )


def waits(one: Reorganisation) -> tuple[Said, Said]:
    """To those who may be the second person."""
    return (
        _("A reorganisation waits for approval: {title}").format(**_facts(one)),
        _("{number}, in force from {day}. Look at its rehearsal, then approve it or send it back.").format(
            **_facts(one)
        ),
    )


def returned(one: Reorganisation) -> tuple[Said, Said]:
    """To who handed it in."""
    return (
        _("A reorganisation went back to the draft: {title}").format(**_facts(one)),
        _("{number}: {note}").format(note=one.note, **_facts(one)),
    )


def applied(one: Reorganisation) -> tuple[Said, Said]:
    """To who handed it in and who approved it."""
    return (
        _("A reorganisation was applied: {title}").format(**_facts(one)),
        _("{number}, in force from {day}. The units stand as the decision says, with all that belongs to them.").format(
            **_facts(one)
        ),
    )


def new_cell(one: Reorganisation, cell: str) -> tuple[Said, Said]:
    """To the members of a cell that others went on in."""
    return (
        _("You now belong to {cell}").format(cell=cell),
        _("By the decision {number}, from {day}. What was still to do in your former cell goes on here.").format(
            **_facts(one)
        ),
    )

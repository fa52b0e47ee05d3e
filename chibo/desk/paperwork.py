"""What a letter of introduction says; in Vietnamese, since it is a paper of the committee."""

from datetime import date

from chibo.documents import paperwork
from chibo.documents.paperwork import LetterPaper, locality
from chibo.documents.rules import day_in_words
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.people.models import Status, Transfer
from chibo.regulations import queries as regulations

_KINDS = {Transfer.Kind.OFFICIAL: "chính thức", Transfer.Kind.TEMPORARY: "tạm thời"}
_BELONGS = {Status.PROBATIONARY: "Đảng viên dự bị"}
_ISSUES_ITSELF = frozenset(("grassroots_cell", "grassroots", "commune"))
"""The kinds of units that introduce by themselves; below them the nearest such unit above does.

After the Charter rules on transfers (208-QĐ/TW and 01-HD/TW, as `member.transfer.days`; like that not yet compared with
the full text): it is the committee of the grassroots organisation that introduces.
"""


def issuer(unit: Unit, on: date) -> Unit:
    """Which unit introduces the members of one: the grassroots organisation to which it belongs."""
    if unit.kind_id in _ISSUES_ITSELF:
        return unit
    line = org.line_above(unit, on)
    return next((above for above in reversed(line) if above.kind_id in _ISSUES_ITSELF), line[-1] if line else unit)


def _with_those_above(unit: Unit, on: date) -> str:
    """`Chi bộ xóm Nà Phòn, Đảng bộ xã Vĩnh Đồng, Huyện Kim Bôi, Tỉnh Hòa Bình`; the nation needs no name."""
    above = [one.name for one in reversed(org.line_above(unit, on)) if one.kind_id != "nation"]
    return ", ".join([org.name_on(unit.pk, on), *above])


def _list(first: str, *facts: tuple[str, str]) -> str:
    return ", ".join([first, *(f"{label} {fact}" for label, fact in facts if fact)])


def letter(transfer: Transfer, status: str) -> bytes:
    """A letter as a Word file, ready to be signed; `status` is how the member belonged when it was issued."""
    # As the paper named them, wherever a reorganisation has led the letter since.
    home, to_unit, on, person = transfer.issued_by, transfer.issued_to, transfer.issued_on, transfer.person
    assert home is not None
    issued_by = issuer(home, on)
    name = org.name_on(issued_by.pk, on)
    layout = regulations.values(paperwork.LAYOUT, issued_by, on)
    zeros = layout["document.day.zeros"].value

    def day(one: date | None) -> str:
        return day_in_words(one, **zeros) if one else ""

    kind = _KINDS[Transfer.Kind(transfer.kind)]
    to = _with_those_above(to_unit, on) if to_unit else transfer.to_place
    until = f" đến hết {day(transfer.ends_on)}" if transfer.ends_on else ""
    is_cell = issued_by.kind_id.endswith("cell")
    paper = LetterPaper(
        about=f"chuyển sinh hoạt đảng {kind}",
        to=to,
        issuer=name if is_cell else name.replace("Đảng bộ", "Đảng ủy", 1),
        name=person.name,
        issued=day(on),
        facts=[
            _list(f"Họ và tên: {person.name}", ("sinh", day(person.born_on))),
            _list(
                _BELONGS.get(Status(status), "Đảng viên chính thức"),
                ("vào Đảng", day(person.joined_on)),
                ("chính thức", day(person.official_on)),
            ),
            *([f"Số thẻ đảng viên: {person.card_number}"] if person.card_number else []),
            f"Đang sinh hoạt tại {_with_those_above(home, on)}",
        ],
        sentence=f"Nay đồng chí {person.name} chuyển sinh hoạt đảng {kind} đến {to}{until}.",
        due=day(transfer.due_on),
        for_whom=layout["document.signature"].value if is_cell else "T/M ĐẢNG ỦY",
    )
    place = locality(home, on)
    head = paperwork.head(issued_by, layout, on=on, place=place, number=transfer.number)
    return paperwork.render(paperwork.LETTER, {"paper": paper, "head": head})

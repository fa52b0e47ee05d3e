"""Reading letters of introduction and guests as a viewer may see them, and terms that have run out."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.names import fold, words_in
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.org import queries as org
from chibo.org.models import Unit, UnitName, holds
from chibo.people.models import Committee, Membership, MergedPerson, Person, Status, Transfer, TransferQuerySet
from chibo.people.queries.register import ids_of_one, rows_of_one
from chibo.people.rules import card_key

MOST_OFFERED_CELLS = 20
MOST_SUPERIORS = 50  # of one name behind a comma


def seen_transfers(viewer: Actor) -> TransferQuerySet:
    """The letters of which a viewer sees either side."""
    rows = Transfer.objects.all()
    out = access.visible(viewer, Capability.SEE_TRANSFERS, rows, field="from_unit")
    return out | access.visible(viewer, Capability.SEE_TRANSFERS, rows, field="to_unit")


def _seen_or_own(viewer: Actor) -> TransferQuerySet:
    own = Transfer.objects.filter(rows_of_one(viewer.person_id)) if viewer.person_id else Transfer.objects.none()
    return seen_transfers(viewer) | own


def transfer(viewer: Actor, transfer_id: UUID) -> Transfer:
    """One letter, for both sides and for whom it introduces. Raises NotThere for everybody else."""
    rows = _seen_or_own(viewer).named()
    rows = rows.select_related("from_unit__kind", "to_unit__kind", "issued_by__kind", "issued_to__kind")
    found = rows.filter(pk=transfer_id).first()
    if found is None:
        raise NotThere
    return found


def doable(viewer: Actor, transfer: Transfer) -> frozenset[str]:
    """What a viewer may do to a letter that came from `transfer`, by the names of the actions."""

    def may(capability: Capability, unit: Unit | None) -> bool:
        return unit is not None and access.can(viewer, capability, unit)

    sends = may(Capability.MANAGE_MEMBERS, transfer.from_unit)
    takes_home = may(Capability.RECEIVE_TRANSFER, transfer.from_unit)
    receives = may(Capability.RECEIVE_TRANSFER, transfer.to_unit)
    if transfer.state == Transfer.State.OPEN:
        names = {"receive"} if receives or (sends and transfer.to_unit is None) else set()
        return frozenset(names | ({"withdraw"} if sends or receives else set()))
    if transfer.state == Transfer.State.STAYING:
        return frozenset(({"prolong"} if sends else set()) | ({"return"} if takes_home else set()))
    return frozenset()


def is_own(viewer: Actor, transfer: Transfer) -> bool:
    """Whether a letter introduces the viewer himself."""
    return viewer.person_id is not None and transfer.person_id in ids_of_one(viewer.person_id)


def is_told(viewer: Actor, transfer: Transfer) -> bool:
    """Whether a viewer is told what a letter says of its member beyond his name: its page and its paper ask this.

    Himself, and who has something to do to it: once it is settled or withdrawn, nobody else.
    """
    return is_own(viewer, transfer) or bool(doable(viewer, transfer))


def may_print(viewer: Actor, transfer: Transfer) -> bool:
    """Whether a viewer may print a letter: one that a unit here issued and that is not settled, and is told of it."""
    return transfer.issued_by_id is not None and transfer.is_running and is_told(viewer, transfer)


def letter(viewer: Actor, transfer_id: UUID) -> Transfer:
    """A letter to be printed. Raises NotThere for who may not print it."""
    found = transfer(viewer, transfer_id)
    if not may_print(viewer, found):
        raise NotThere
    return found


def transfer_to(viewer: Actor, transfer_id: UUID, what: str) -> Transfer:
    """A letter to which a viewer may do this now. Raises NotThere, Forbidden, or Refused where it has gone on."""
    found = transfer(viewer, transfer_id)
    if what not in doable(viewer, found):
        if not found.is_running or ((found.state == Transfer.State.OPEN) != (what in ("receive", "withdraw"))):
            raise Refused(_("This letter was settled or withdrawn meanwhile. Look at it again first."))
        raise Forbidden(_("This is for the unit that issued the letter, or for the one to which it leads."))
    return found


def belonged_as(transfer: Transfer) -> str:
    """How the member of a letter belonged at home when it was issued."""
    rows = Membership.objects.on(transfer.issued_on).filter(person_id=transfer.person_id)
    return rows.values_list("status", flat=True).first() or transfer.was or Status.OFFICIAL


def transfers_of(person_id: UUID) -> list[Transfer]:
    """Every letter of a person, the latest first."""
    rows = Transfer.objects.filter(rows_of_one(person_id))
    return list(rows.named().order_by("-issued_on", "-pk"))


def seen_among(viewer: Actor, letters: list[Transfer]) -> set[UUID]:
    """Which of these letters a viewer can open."""
    if not letters:
        return set()
    return set(_seen_or_own(viewer).filter(pk__in=[one.pk for one in letters]).values_list("pk", flat=True))


def transfers_at(viewer: Actor, unit: Unit, which: str, on: date) -> TransferQuerySet:
    """The letters that come into a unit and those below it or go out, as a viewer may see them.

    `which` is `late` (not received in time, or a stay that is over), `running`, or `settled`.
    """
    below = Unit.objects.filter(path__startswith=unit.path).values("pk")
    rows = seen_transfers(viewer).filter(Q(from_unit__in=below) | Q(to_unit__in=below))
    match which:
        case "late":
            rows = rows.late_on(on).order_by("due_on", "pk")
        case "settled":
            rows = rows.settled()
        case _:
            rows = rows.running().order_by(F("due_on").asc(nulls_last=True), "pk")
    return rows.named()


def to_receive(viewer: Actor, unit_id: UUID) -> int:
    """How many letters wait in a unit for a viewer who may receive them."""
    rows = Transfer.objects.filter(state=Transfer.State.OPEN, to_unit_id=unit_id)
    return access.visible(viewer, Capability.RECEIVE_TRANSFER, rows, field="to_unit").count()


def guests(unit_id: UUID, on: date, text: str = "") -> list[Transfer]:
    """Who takes part in a unit as a guest on a day and whose name holds every word of the text, with `from_name`."""
    rows = Transfer.objects.guests_on(on).filter(to_unit_id=unit_id)
    rows = rows.filter(holds("person__search", text))
    return list(rows.named().order_by("person__sort_key", "pk"))


def guests_on(unit_id: UUID, on: date) -> list[Membership]:
    """The same by what they are at home: the membership of that day."""
    stays = Transfer.objects.guests_on(on).filter(to_unit_id=unit_id)
    rows = Membership.objects.on(on).filter(person__in=stays.values("person"))
    return list(rows.select_related("person").order_by("person__sort_key", "pk"))


def destinations(text: str, on: date, *, but: UUID) -> QuerySet[Unit]:
    """Cells by name to which somebody may be introduced, anywhere in the tree: of units only the names are told.

    What stands behind a comma is the name of a unit above: “thôn 1, vĩnh đồng”.
    """
    own, *above = [part for part in text.split(",") if words_in(part)] or [""]
    units = Unit.objects.real().on(on).named(on)
    units = units.filter(_is_called(own, on), kind__has_members=True, during__upper_inf=True)
    for part in above:
        over = Unit.objects.on(on).filter(_is_called(part, on), kind__has_members=False)
        below = Q(pk__in=[])
        for path in over.values_list("path", flat=True)[:MOST_SUPERIORS]:
            below |= Q(path__startswith=path)
        units = units.filter(below)
    found = units.exclude(pk=but).select_related("kind").order_by(*org.BY_NAME)
    return found if own else found.none()


def _is_called(text: str, on: date) -> Exists:
    return Exists(UnitName.objects.filter(holds("search", text), unit=OuterRef("pk"), during__contains=on))


def offered_cells(text: str, on: date, *, but: UUID) -> list[tuple[str, str]]:
    """The first of them to choose among, one more than fit: the id, and the name with the names of those above."""
    cells = list(destinations(text, on, but=but)[: MOST_OFFERED_CELLS + 1])
    above = Unit.objects.filter(pk__in={pk for one in cells for pk in one.ancestor_ids}).exclude(kind="nation")
    names = {one.pk: one.name for one in above.named(on)}
    return [
        (str(one.pk), ", ".join([one.name, *(names[pk] for pk in reversed(one.ancestor_ids) if pk in names)]))
        for one in cells
    ]


def by_card(card_number: str, name: str) -> list[Person]:
    """Everybody of a name and a card number: more than one where somebody was entered twice.

    Who was merged into another counts as him.
    """
    if not (key := card_key(card_number)):
        return []
    found = Person.objects.filter(card_key=key, search=fold(name)).values("pk")
    gone = MergedPerson.objects.filter(pk__in=found)
    alike = Person.objects.filter(Q(pk__in=found) | Q(pk__in=gone.values("into")))
    return list(alike.exclude(pk__in=gone.values("pk")).order_by("pk"))


def terms_over(viewer: Actor, unit: Unit, on: date) -> QuerySet[Committee]:
    """The committees of a unit and those below it whose term has run out without a new one, with `unit_name`.

    For who sees the members there; the longest over first.
    """
    newer = Committee.objects.filter(unit=OuterRef("unit"), during__startswith__gte=OuterRef("during__startswith"))
    newer = newer.exclude(pk=OuterRef("pk"))
    rows = Committee.objects.filter(unit__path__startswith=unit.path, unit__during__contains=on)
    over = rows.filter(Q(ends_on__lte=on) | Q(during__endswith__lte=on)).filter(~Exists(newer)).with_unit_name(on)
    seen = access.visible(viewer, Capability.SEE_MEMBERS, over)
    return seen.order_by(Least("ends_on", "during__endswith"), "pk")


def term_over_since(unit_id: UUID, on: date) -> date | None:
    """Since when the term of a unit's last committee has run out; None while it lasts, or where none was entered."""
    last = Committee.objects.filter(unit_id=unit_id, during__startswith__lte=on).order_by("-during").first()
    if last is None:
        return None
    return last.ends if last.ends is not None and last.ends <= on else None

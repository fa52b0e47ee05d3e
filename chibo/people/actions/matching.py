"""Reading a list that came in: what each row says, which cell it means, and who is in the register already."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.audit import actions as audit
from chibo.audit.verbs import Verb
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import fold
from chibo.core.refusals import Refused
from chibo.people import queries, rules
from chibo.people.models import Import, ImportRow

READ_AT_ONCE = 10_000
MANY = 2_000
_OUT, _DOUBT, _NEW = ImportRow.Verdict.LEFT_OUT.value, ImportRow.Verdict.DOUBT.value, ImportRow.Verdict.NEW.value


@transaction.atomic
def read_on(*, actor: Actor, import_id: UUID, at: datetime) -> bool:
    """Understands the next rows of a list; once all are, compares them with the file itself and with the register.

    Returns whether it did anything: whoever calls it goes on until it has not.
    """
    received = Import.objects.select_for_update(of=("self",)).select_related("unit").get(pk=import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    if received.state != Import.State.READING:
        return False
    if received.done < received.total:
        received.done = _understand(received, at)
        received.save(update_fields=["done"])
        return True
    match(actor=actor, received=received, at=at)
    received.state = Import.State.READY
    received.save(update_fields=["state"])
    audit.record(actor, Verb.LIST_READ, received, at=at, **queries.counts(received))
    return True


def _understand(received: Import, at: datetime) -> int:
    """Reads READ_AT_ONCE rows more and writes down what they say; returns the number of the last one."""
    today = clock.day_of(at)
    columns = {shape: rules.columns_from_json(one) for shape, one in received.columns.items()}
    rows = received.rows.filter(n__gt=received.done).order_by("n")[:READ_AT_ONCE]
    said: list[list[object]] = []
    last = received.total
    known = queries.cells_below(received.unit, today)
    signed = {place: set(sheet.get("signed", ())) for place, sheet in enumerate(received.sheets)}
    meant: dict[str, UUID | None] = {}
    for pk, n, place, cells in rows.values_list("pk", "n", "sheet", "cells"):
        sheet = received.sheets[place]
        member = rules.read_row(
            queries.unpacked(cells),
            columns[sheet["shape"]],
            place=queries.heading_over(sheet, n) or sheet["place"],
            default_status=received.default_status,
            today=today,
            is_signature=n in signed.get(place, ()),
        )
        is_out = member.is_left_out
        if member.cell not in meant:
            found = _meant_by(member.cell, received, known)
            meant[member.cell] = next(iter(found)) if len(found) == 1 else None
        said.append(
            [
                pk,
                _OUT if is_out else _DOUBT if member.doubts else _NEW,
                member.name,
                fold(member.name)[:240],
                member.born_on,
                "" if is_out else member.cell[:250],
                None if is_out else meant[member.cell],
                member.status,
                member.joined_on,
                member.official_on,
                member.since,
                member.card_number,
                rules.card_key(member.card_number),
                member.email,
                queries.as_json([doubt.as_json() for doubt in member.doubts]) if member.doubts else "[]",
            ]
        )
        last = n
    with connection.cursor() as cursor:
        cursor.execute(_SAID)
        with cursor.copy("COPY people_said FROM STDIN") as copy:
            for line in said:
                copy.write_row(line)
        cursor.execute(_SAY)
    return last


_SAID = """
CREATE TEMP TABLE IF NOT EXISTS people_said (
    id uuid, verdict text, name text, search text, born_on date, cell text, unit_id uuid, status text, joined_on date,
    official_on date, since date, card_number text, card_key text, email text, doubts jsonb) ON COMMIT DROP;
TRUNCATE people_said"""

_SAY = """
UPDATE people_importrow r SET verdict = s.verdict, name = s.name, search = s.search, born_on = s.born_on,
    cell = s.cell, unit_id = s.unit_id, status = s.status, joined_on = s.joined_on, official_on = s.official_on,
    since = s.since, card_number = s.card_number, card_key = s.card_key, email = s.email, doubts = s.doubts,
    open = '[]', person_id = NULL
FROM people_said s
WHERE r.id = s.id"""


@transaction.atomic
def choose_cells(*, actor: Actor, import_id: UUID, chosen: Mapping[str, UUID], at: datetime) -> Import:
    """Says which cells the open names of a list mean; it holds for every row of the list that has such a name."""
    received = Import.objects.select_for_update(of=("self",)).select_related("unit").get(pk=import_id)
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    if received.state != Import.State.READY:
        raise Refused(_("The list is being worked on or was entered already. Open its page again."))
    cells = {unit.pk for unit in queries.cells_of(received.unit, clock.day_of(at))}
    if not set(chosen.values()) <= cells:
        raise Refused(_("One of these is no cell below the unit any more. Open the page again and choose once more."))
    received.choices |= {rules.plain_name(name): str(unit_id) for name, unit_id in chosen.items()}
    received.save(update_fields=["choices"])
    audit.record(actor, Verb.LIST_CELLS_CHOSEN, received, at=at, chosen=len(chosen))
    match(actor=actor, received=received, at=at)
    return received


def match(*, actor: Actor, received: Import, at: datetime) -> None:
    """Compares the rows of a list with the tree, the list itself and the register.

    It says of each row whether it is new, there already, or in doubt and why; it may be said again at any time.
    """
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    facts = _facts(actor, received, at)
    with connection.cursor() as cursor:
        if received.total > MANY:
            # Rows of a moment ago are in no statistics yet, and without them long lists are compared row by row.
            cursor.execute("ANALYZE people_importrow")
        cursor.execute(_FORGET, facts)
        _find_cells(received, at)
        cursor.execute(_CARDS_LENGTH, facts)
        if (found := cursor.fetchone()) is not None:
            cursor.execute(_NOUGHTS, facts | {"length": found[0]})
        cursor.execute(_DOUBLED, facts)
        cursor.execute(_REGISTERED, facts)
        cursor.execute(_JUDGE, facts)


def match_once_more(*, actor: Actor, received: Import, at: datetime, first: int, last: int) -> None:
    """Compares rows that are to be entered now (by their numbers) with the tree and the register of this moment."""
    access.require(actor, Capability.MANAGE_MEMBERS, received.unit)
    facts = _facts(actor, received, at) | {"first": first, "last": last, "once_more": True}
    with connection.cursor() as cursor:
        for step in (_CELLS_THAT_ENDED, _REGISTERED, _JUDGE):
            cursor.execute(step, facts)


def _facts(actor: Actor, received: Import, at: datetime) -> dict[str, Any]:
    return {
        "of": received.pk,
        "first": 1,
        "last": received.total,
        "once_more": False,
        "on": clock.day_of(at),
        "scope": queries.farthest_path(actor, received.unit),
    }


_THESE = """r.of_id = %(of)s AND r.n BETWEEN %(first)s AND %(last)s
    AND CASE WHEN %(once_more)s THEN r.verdict = 'new' ELSE r.verdict NOT IN ('left_out', 'entered', 'filled') END"""

_FORGET = f"""
UPDATE people_importrow r SET open = '[]', person_id = NULL
WHERE {_THESE} AND (r.open <> '[]' OR r.person_id IS NOT NULL)"""  # noqa: S608  # put together from constants


def _find_cells(received: Import, at: datetime) -> None:
    known = queries.cells_below(received.unit, clock.day_of(at))
    rows = received.rows.exclude(verdict__in=["left_out", "entered", "filled"])
    names: list[str] = list(rows.order_by().values_list("cell", flat=True).distinct())
    units: list[UUID | None] = []
    codes: list[str] = []
    for name in names:
        found = _meant_by(name, received, known)
        units.append(next(iter(found)) if len(found) == 1 else None)
        codes.append("cell_missing" if not name else "cell_several" if len(found) > 1 else "cell_unknown")
    with connection.cursor() as cursor:
        cursor.execute(
            _CELLS,
            {
                "of": received.pk,
                "names": names,
                "units": units,
                "codes": codes,
                "first": 1,
                "last": received.total,
                "once_more": False,
            },
        )


def _meant_by(name: str, received: Import, known: rules.Cells) -> set[UUID]:
    """The cells that a name may mean: the only one that is called just so, the one that was chosen for it on screen
    (perhaps for an earlier list, before there was such a cell), else those that may be called so."""
    if len(plain := known.by_name.get(rules.plain_name(name), set())) == 1:
        return plain
    chosen = received.choices.get(rules.plain_name(name)) if received.choices else None
    return {UUID(chosen)} & known.all if chosen else known.called(name) if name else set()


_CELLS = f"""
UPDATE people_importrow r SET unit_id = c.unit_id, open = CASE WHEN c.unit_id IS NULL THEN
    jsonb_build_array(jsonb_build_object('column', 'cell', 'code', c.code, 'facts', '{{}}'::jsonb)) ELSE r.open END
FROM unnest(%(names)s::text[], %(units)s::uuid[], %(codes)s::text[]) c(name, unit_id, code)
WHERE r.cell = c.name AND {_THESE} AND (c.unit_id IS NULL OR r.unit_id IS DISTINCT FROM c.unit_id)"""  # noqa: S608  # put together from constants

_CELLS_THAT_ENDED = f"""
UPDATE people_importrow r SET unit_id = NULL, open = r.open || jsonb_build_array(jsonb_build_object(
    'column', 'cell', 'code', 'cell_unknown', 'facts', '{{}}'::jsonb))
FROM org_unit u WHERE u.id = r.unit_id AND NOT upper_inf(u.during) AND {_THESE}"""  # noqa: S608  # put together from constants

# How long card numbers are in this list: as most of those are that stand there as text, or else as most are.
_CARDS_LENGTH = """
SELECT length(card_number) FROM people_importrow r
WHERE r.of_id = %(of)s AND r.card_number <> '' AND r.verdict <> 'left_out'
GROUP BY 1 ORDER BY count(*) DESC, 1 DESC LIMIT 1"""

_NOUGHTS = f"""
UPDATE people_importrow r SET open = r.open || jsonb_build_array(jsonb_build_object(
    'column', 'card_number', 'code', 'card_noughts', 'facts', jsonb_build_object('length', %(length)s::text)))
WHERE {_THESE} AND r.card_number ~ '^[0-9]+$' AND length(r.card_number) < %(length)s"""  # noqa: S608  # put together from constants


def _near(other: str) -> str:
    """Two days of birth that may be one, written down wrongly, as in the list of doubled persons."""
    return f"""(abs({other}.born_on - r.born_on) <= {queries.NEAR}
        OR to_char({other}.born_on, 'YYYYMMDD') = to_char(r.born_on, 'YYYYDDMM'))"""


# Who stands in the list twice: the first row counts, the later ones are told where it is.
_DOUBLED = f"""
WITH told AS (
    SELECT id, n, first_value(n) OVER w AS first, 'card' AS by FROM people_importrow
    WHERE of_id = %(of)s AND verdict <> 'left_out' AND card_key <> ''
    WINDOW w AS (PARTITION BY card_key ORDER BY n)
    UNION ALL
    SELECT id, n, first_value(n) OVER w, 'birth' FROM people_importrow
    WHERE of_id = %(of)s AND verdict <> 'left_out' AND search <> '' AND born_on IS NOT NULL
    WINDOW w AS (PARTITION BY search, born_on ORDER BY n)
    UNION ALL
    SELECT id, n, first_value(n) OVER w, 'name' FROM people_importrow
    WHERE of_id = %(of)s AND verdict <> 'left_out' AND search <> '' AND born_on IS NULL AND card_key = ''
    WINDOW w AS (PARTITION BY search, cell ORDER BY n)
    UNION ALL
    SELECT r.id, r.n, min(one.n), 'alike' FROM people_importrow r
    JOIN people_importrow one ON one.of_id = r.of_id AND one.unit_id = r.unit_id AND one.search = r.search
    WHERE r.of_id = %(of)s AND one.n < r.n AND one.verdict <> 'left_out' AND r.verdict <> 'left_out'
        AND r.search <> '' AND (one.born_on IS NULL OR r.born_on IS NULL OR {_near("one")})
        AND (one.card_key = '' OR r.card_key = '' OR one.card_key = r.card_key)
    GROUP BY r.id, r.n
), later AS (SELECT DISTINCT ON (id) id, first, by FROM told WHERE n > first ORDER BY id, by DESC)
UPDATE people_importrow r SET open = r.open || jsonb_build_array(jsonb_build_object(
    'column', CASE WHEN later.by = 'card' THEN 'card_number' ELSE 'name' END,
    'code', CASE WHEN later.by = 'alike' THEN 'same_name_in_file' WHEN one.search = r.search THEN 'doubled_in_file'
        ELSE 'card_in_file' END,
    'facts', jsonb_build_object('sheet', i.sheets -> one.sheet ->> 'name', 'row', one.row::text)))
FROM later, people_importrow one, people_import i
WHERE r.id = later.id AND i.id = r.of_id AND one.of_id = r.of_id AND one.n = later.first AND {_THESE}
    AND (later.by <> 'birth' OR one.card_key = '' OR r.card_key = '' OR one.card_key = r.card_key)"""  # noqa: S608  # put together from constants

# Who is in the register already. A card number weighs more than a name, one's own cell more than others; outside the
# reach of the office only a card number tells anything, and not where.
_REGISTERED = f"""
WITH near AS (
    SELECT r.id, r.unit_id, r.born_on, r.card_key, p.id AS person_id, true AS by_card, p.search = r.search AS same_name
    FROM people_importrow r JOIN people_person p ON p.card_key = r.card_key
    WHERE {_THESE} AND r.unit_id IS NOT NULL AND r.card_key <> '' AND p.card_key <> ''
    UNION ALL
    SELECT r.id, r.unit_id, r.born_on, r.card_key, p.id, false, true
    FROM people_importrow r JOIN people_person p ON p.search = r.search AND p.born_on = r.born_on
    WHERE {_THESE} AND r.unit_id IS NOT NULL
    UNION ALL
    SELECT r.id, r.unit_id, r.born_on, r.card_key, p.id, false, true
    FROM people_importrow r JOIN people_membership m ON m.unit_id = r.unit_id AND m.during @> %(on)s::date
    JOIN people_person p ON p.id = m.person_id AND p.search = r.search
    WHERE {_THESE} AND (p.born_on IS NULL OR r.born_on IS NULL OR {_near("p")})
), hit AS (
    SELECT near.*, p.name, p.born_on AS has_born_on, p.card_key AS has_card,
        m.unit_id = near.unit_id AND m.is_there AS is_same, starts_with(u.path, %(scope)s) AS is_near, m.is_there,
        upper(m.during) AS until, m.unit_id AS of_unit
    FROM near JOIN people_person p ON p.id = near.person_id
    JOIN LATERAL (
        SELECT m.unit_id, m.during, (upper_inf(m.during) OR upper(m.during) > %(on)s) AS is_there
        FROM people_membership m WHERE m.person_id = p.id ORDER BY m.during DESC LIMIT 1
    ) m ON true
    JOIN org_unit u ON u.id = m.unit_id
), coded AS (
    SELECT hit.*, CASE
        WHEN NOT is_near AND by_card THEN 'card_elsewhere'
        WHEN NOT is_near THEN ''
        WHEN by_card AND NOT same_name AND has_born_on IS DISTINCT FROM born_on THEN 'card_of_other'
        WHEN is_same AND by_card THEN 'there'
        WHEN is_same AND has_card <> '' AND card_key <> '' AND has_born_on = born_on THEN 'other_card'
        WHEN is_same AND has_born_on = born_on THEN 'there'
        WHEN is_same AND born_on IS NULL AND card_key = '' THEN 'there'
        WHEN is_same AND has_card <> '' AND card_key <> '' THEN ''
        WHEN is_same AND has_born_on <> born_on THEN 'near_birth'
        WHEN is_same THEN 'same_name'
        WHEN is_there THEN 'in_other_cell'
        ELSE 'was_member' END AS code
    FROM hit
), said AS (
    SELECT DISTINCT ON (id) * FROM coded
    ORDER BY id, by_card DESC, code = '', is_same DESC, code <> 'there', is_near DESC, is_there DESC, person_id
)
UPDATE people_importrow r SET
    person_id = CASE WHEN said.code = 'card_elsewhere' THEN NULL ELSE said.person_id END,
    open = CASE WHEN said.code = 'there' THEN r.open ELSE r.open || jsonb_build_array(jsonb_build_object(
        'column', CASE WHEN said.by_card OR said.code = 'other_card' THEN 'card_number' ELSE 'name' END,
        'code', said.code,
        'facts', CASE said.code WHEN 'card_elsewhere' THEN '{{}}'::jsonb ELSE jsonb_strip_nulls(jsonb_build_object(
            'name', said.name,
            'cell', (SELECT n.name FROM org_unitname n WHERE n.unit_id = said.of_unit ORDER BY n.during DESC LIMIT 1),
            'day', to_char(said.until, 'DD/MM/YYYY'))) END)) END
FROM said WHERE said.id = r.id AND said.code <> ''"""  # noqa: S608  # put together from constants

# What the register leaves empty of somebody known and his row says. Days that would contradict each other stay out, and
# so does the address of who has an account: letters for a forgotten password go there.
GAPS = """to_jsonb(array_remove(ARRAY[
    CASE WHEN p.born_on IS NULL AND r.born_on IS NOT NULL THEN 'born_on' END,
    CASE WHEN p.joined_on IS NULL AND r.joined_on <= coalesce(p.official_on, r.joined_on) THEN 'joined_on' END,
    CASE WHEN p.official_on IS NULL AND r.official_on >= coalesce(p.joined_on, r.official_on) THEN 'official_on' END,
    CASE WHEN p.card_number = '' AND r.card_number <> '' THEN 'card_number' END,
    CASE WHEN p.email = '' AND r.email <> '' AND p.user_id IS NULL THEN 'email' END], NULL))"""

# Who is there already is no doubt, whatever else his row leaves open, unless it is against the register itself.
_JUDGE = f"""
UPDATE people_importrow r SET verdict = j.verdict, gaps = j.gaps
FROM (SELECT r.id, CASE
        WHEN r.person_id IS NOT NULL AND r.open = '[]' AND g.gaps <> '[]' THEN 'lacks'
        WHEN r.person_id IS NOT NULL AND r.open = '[]' THEN 'there'
        WHEN r.doubts <> '[]' OR r.open <> '[]' THEN 'doubt'
        ELSE 'new' END AS verdict, coalesce(g.gaps, '[]') AS gaps
    FROM people_importrow r
    LEFT JOIN LATERAL (SELECT {GAPS} AS gaps FROM people_person p WHERE p.id = r.person_id) g ON true
    WHERE {_THESE}) j
WHERE r.id = j.id AND (r.verdict <> j.verdict OR r.gaps <> j.gaps)"""  # noqa: S608  # put together from constants

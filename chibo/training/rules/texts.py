"""What comes with a practice: its invented people, and what they write and say when it is asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Comrade:
    """Somebody invented: his name, how he belongs to the cell, and his office in it, if any."""

    name: str
    status: str = "official"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """What one of them says in the discussion."""

    who: str
    gist: str


@dataclass(frozen=True, slots=True)
class Texts:
    """`materials` are by the code of a part of the agenda, "" for any other; `results` are taken in turn.

    `visit` is what the superior who attended has seen, how he helped, and what he promises.
    """

    commune: str
    cell: str
    office_cell: str
    attending: str
    members: list[Comrade]
    materials: Mapping[str, str]
    said: list[Speech]
    results: list[str]
    visit: Mapping[str, str]


@cache
def texts() -> Texts:
    """What practice.yaml holds; read once per process."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "practice.yaml").read_text("utf-8"))
    members = [Comrade(**one) for one in found.pop("members")]
    said = [Speech(**one) for one in found.pop("said")]
    return Texts(members=members, said=said, **found)

"""Pages as a person of the cast opens and sends them."""

import re
from typing import Any

from django.test import Client

from chibo.testing.cast import Cast

_KEY = re.compile(r'name="form_key" value="([^"]+)"')


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def send(client: Client, address: str, typed: dict[str, Any], *, shown_on: str = "", key: str = "") -> Any:
    """Sends a form as it stood on a page (by default on the one that it is sent to), with the key of that page."""
    key = key or form_key(client, shown_on or address)
    return client.post(address, typed | {"form_key": key})


def form_key(client: Client, address: str) -> str:
    found = _KEY.search(client.get(address).content.decode())
    assert found, f"{address} shows no form"
    return found[1]


def day(name: str, value: Any) -> dict[str, str]:
    """A day as three boxes send it."""
    return {f"{name}_day": f"{value.day}", f"{name}_month": f"{value.month}", f"{name}_year": f"{value.year}"}

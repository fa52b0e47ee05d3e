"""Closed until opened: every address asks for a power, or stands on the list of those that need none."""

from django.urls import get_resolver

from chibo.access.capabilities import Capability
from chibo.access.management.commands.policy import addresses
from chibo.access.rules import policy
from chibo.accounts.urls import PUBLIC
from chibo.consultations.views.public import PUBLIC as DRAFTS
from chibo.opinions.views.public import PUBLIC as VOICES

# Addresses that ask for themselves, with the reason.
OWN_DOOR = {
    "set_language": "switches the words on one's own screen",
    "kept_form": "shows what was typed to the user who typed it, found by his id",
}


def test_every_address_asks_for_a_power() -> None:
    for route, pattern in addresses(get_resolver()):
        if pattern.name in {*PUBLIC, *OWN_DOOR, *VOICES, *DRAFTS}:
            continue
        declared = getattr(pattern.callback, "declared", None)
        assert declared, f"/{route}: put @page(get=…, post=…) on its view, or explain it in accounts.urls.PUBLIC"


def test_every_power_that_an_address_asks_for_stands_in_the_policy() -> None:
    given = {line.capability for line in policy()}
    for route, pattern in addresses(get_resolver()):
        for capability in getattr(pattern.callback, "declared", {}).values():
            assert capability in given, f"/{route} asks for {capability}, which policy.csv gives to nobody"


def test_every_power_is_given_to_somebody() -> None:
    assert {line.capability for line in policy()} == set(Capability)


def test_no_two_addresses_have_one_name() -> None:
    seen: dict[str, str] = {}
    for route, pattern in addresses(get_resolver()):
        name = f"{getattr(pattern, 'app_name', '')}:{pattern.name}:{route.split('/')[0]}"
        assert pattern.name, f"/{route} has no name"
        assert name not in seen or seen[name] == route, f"{name}: {seen[name]} and {route}"
        seen[name] = route

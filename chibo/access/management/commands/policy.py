"""`chibo policy`: who may do what where, and behind which power each address lies."""

from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from chibo.access.rules import policy


class Command(BaseCommand):
    help = "Print who may do what where, and which power each address asks for."

    def handle(self, *args: Any, **options: Any) -> None:
        for line in policy():
            roles = " ".join(sorted(line.roles))
            relations = " ".join(sorted(line.relations))
            self.stdout.write(f"{line.capability:<28} {relations:<18} {roles}")
        self.stdout.write("")
        for route, pattern in addresses(get_resolver()):
            declared = getattr(pattern.callback, "declared", {})
            powers = " ".join(f"{method}:{power}" for method, power in declared.items()) or "public"
            self.stdout.write(f"/{route:<60} {powers}")


def addresses(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every address below a resolver with its pattern."""
    found: list[tuple[str, URLPattern]] = []
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += addresses(pattern, route)
        else:
            found.append((route, pattern))
    return found

"""`chibo reactions`: what follows from what."""

from typing import Any

from django.core.management.base import BaseCommand

from chibo.audit import bus


class Command(BaseCommand):
    help = "Print which reaction listens to which verb."

    def handle(self, *args: Any, **options: Any) -> None:
        for one in bus.everyone():
            self.stdout.write(f"{one.verb:<24} → {one.name:<56} {one.promise}")

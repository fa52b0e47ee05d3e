"""`chibo framework check FILE`: reads a framework and names every mistake in it by its line. Needs no database."""

from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chibo.assessment import rules


class Command(BaseCommand):
    help = "Check a framework for scoring sessions, written as a YAML file: `chibo framework check FILE`."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check"])
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read as text: {error}") from error
        try:
            framework = rules.read(text)
        except rules.Unreadable as error:
            raise CommandError(
                "\n".join(f"{file}, line {one.line}: {one.sentence}" for one in error.mistakes)
            ) from error
        leaves = list(framework.leaves())
        by_facts = sum((one.points for one in leaves if one.reads), Decimal(0))
        self.stdout.write(
            f"{file}: “{framework.title.vi}”, {len(leaves)} criteria, {rules.in_figures(framework.total)} points, "
            f"{rules.in_figures(by_facts)} of them from facts, {len(framework.bands)} bands."
        )

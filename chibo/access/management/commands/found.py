"""`chibo found`: the first unit, the first accounts and the codes that open them, in a database that holds none."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from chibo.access import actions, queries
from chibo.access.models import Role
from chibo.accounts.rules import sign_in_name
from chibo.core import clock, names
from chibo.core.actor import SYSTEM
from chibo.core.period import Period
from chibo.core.refusals import Refused
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.people import actions as people
from chibo.people.models import Status

ROOTS = ("province", "district", "commune", "grassroots")


class Command(BaseCommand):
    help = "Found the first unit of a new installation, and print how its operator and its first officer get in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help='of the unit at the top: "Đảng bộ xã Kim Bôi"')
        parser.add_argument("--kind", required=True, choices=ROOTS)
        parser.add_argument("--username", required=True, help="with which the operator signs in")
        parser.add_argument("--cell", required=True, help='to which the first officer belongs: "Chi bộ Văn phòng"')
        parser.add_argument("--officer", required=True, help="full name of who then founds units and enters members")
        parser.add_argument("--officer-username", default="", help="default: made of his name")
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            default=clock.today(),
            metavar="YYYY-MM-DD",
            help="nothing can be entered before this day; default: today",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if Unit.objects.exists():
            raise CommandError("Units are there already: their officers found further ones on the pages.")
        try:
            codes = found(
                name=options["name"],
                kind=options["kind"],
                username=options["username"],
                cell=options["cell"],
                officer=options["officer"],
                officer_username=options["officer_username"],
                since=options["since"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Start `chibo serve`, open {settings.URL}{reverse('account_sign_in_by_code')} and sign in; "
            f"each code works once, within {actions.CODE_LIVES.days} days:"
        )
        for role, username, code in codes:
            self.stdout.write(f"  {role}: {username}  {code}")


@transaction.atomic
def found(
    *, name: str, kind: str, username: str, cell: str, officer: str, officer_username: str, since: date
) -> list[tuple[str, str, str]]:
    """Founds the tree and opens its first two accounts; returns of each its role, its name and its code."""
    at = clock.now()
    root = org.found_unit(actor=SYSTEM, kind=kind, code=code_of(name), name=name, parent_id=None, since=since, at=at)
    office = org.found_unit(
        actor=SYSTEM, kind="cell", code=code_of(cell), name=cell, parent_id=root.pk, since=since, at=at
    )
    operators_code = actions.open_operator(actor=SYSTEM, username=username, unit_id=root.pk, at=at)
    member = people.enter_member(
        actor=SYSTEM, unit_id=office.pk, name=officer, status=Status.OFFICIAL, since=since, at=at
    )
    user = actions.open_account(
        actor=SYSTEM,
        person_id=member.person_id,
        username=officer_username or queries.username_for(member.person.name),
        at=at,
    )
    actions.give_grant(
        actor=SYSTEM,
        user_id=user.pk,
        role=Role.OFFICER,
        unit_id=root.pk,
        during=Period(clock.day_of(at)),
        at=at,
        subtree=True,
    )
    officers_code = actions.issue_code(actor=SYSTEM, person_id=member.person_id, at=at)
    return [("operator", sign_in_name(username), operators_code), ("officer", user.username, officers_code)]


def code_of(name: str) -> str:
    """A unit's code made of its name."""
    return "-".join(names.fold(name).split())[:40]

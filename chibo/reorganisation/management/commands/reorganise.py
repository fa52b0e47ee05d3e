"""`chibo reorganise FILE`: checks, rehearses, applies or undoes a reorganisation that was drawn up as a workbook."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.actor import SYSTEM, Actor
from chibo.core.refusals import Refused
from chibo.org.models import Kind, Unit
from chibo.people.models import Person
from chibo.reorganisation import actions, paperwork, queries
from chibo.reorganisation.models import Reorganisation
from chibo.reorganisation.paperwork import Head, Reading
from chibo.reorganisation.rules import State

SHOWN = 40


class Command(BaseCommand):
    help = "Check a reorganisation drawn up as a workbook (.xlsx); rehearse it, apply it by two persons, or undo it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the workbook, as the page of reorganisations gives it out")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--rehearse", action="store_true", help="show the figures before and after; nothing is kept")
        what.add_argument("--apply", action="store_true", help="apply it, whole or not at all")
        what.add_argument("--undo", action="store_true", help="take the applied one with this number back")
        parser.add_argument("--day", type=date.fromisoformat, help="the day, YYYY-MM-DD, in place of the file's")
        parser.add_argument("--below", default="", help="code of the unit below which it happens")
        parser.add_argument("--drafted-by", default="", help="who hands it in: the name he signs in with")
        parser.add_argument("--approved-by", default="", help="who approves it: another one")
        parser.add_argument("--reason", default="", help="why it is undone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                found = paperwork.read(file)
            self._carry_out(found, options)
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {options['file']}.") from error
        except Refused as refusal:
            raise CommandError("\n".join(str(line) for line in refusal.sentences)) from refusal

    def _carry_out(self, found: Reading, options: dict[str, Any]) -> None:
        head = found.head
        on = options["day"] or head.on
        if on is None:
            raise CommandError("The file names no day. Write it into its first sheet, or give --day YYYY-MM-DD.")
        root = self._root(options["below"] or head.root)
        if options["undo"]:
            self._undo(root, head, options)
        elif options["apply"]:
            if not options["drafted_by"] or not options["approved_by"]:
                raise CommandError("Two persons apply a reorganisation: name them with --drafted-by and --approved-by.")
            self._apply(found, root, on, _actor(options["drafted_by"]), _actor(options["approved_by"]))
        else:
            with self._drafted(found, root, on, SYSTEM) as one:
                self._check(one)
                if options["rehearse"]:
                    self._rehearse(one)
                transaction.set_rollback(True)

    def _root(self, code: str) -> Unit | None:
        if not code:
            return None
        root = Unit.objects.filter(code=code).first()
        if root is None:
            raise CommandError(f"No unit has the code {code}.")
        return root

    @contextmanager
    def _drafted(self, found: Reading, root: Unit | None, on: date, actor: Actor) -> Iterator[Reorganisation]:
        with transaction.atomic():
            given = paperwork.understand(found, on)
            found.refuse_doubts()
            at = clock.now()
            one = actions.draft(
                actor=actor,
                root_id=root.pk if root else None,
                title=found.head.title or "–",
                number=found.head.number or "–",
                issuer=found.head.issuer or "–",
                on=on,
                at=at,
            )
            actions.write_from_file(actor=actor, reorganisation_id=one.pk, lines=found.lines, given=given, at=at)
            yield one

    def _check(self, one: Reorganisation) -> None:
        plan = queries.checked(one)
        for problem in plan.problems[:SHOWN]:
            sign = "✗" if problem.is_blocking else "?"
            row = f" (dòng {problem.n})" if problem.n else ""
            self.stdout.write(f"{sign} {problem.what}{row} {problem.mend}")
        if len(plan.problems) > SHOWN:
            self.stdout.write(f"… và {len(plan.problems) - SHOWN} điều nữa")
        tree = plan.structure
        self.stdout.write(
            f"{len(tree.founded)} founded, {len(tree.renamed)} renamed, {len(tree.moved)} moved, "
            f"{len(tree.ended)} ended; "
            f"{len(plan.members)} members and {len(plan.tasks)} open tasks change hands"
        )
        if not plan.is_sound:
            raise CommandError("There are mistakes (✗): mend them in the file. Nothing was changed.")
        self.stdout.write("No mistake was found.")

    def _rehearse(self, one: Reorganisation) -> None:
        rehearsal = actions.rehearse(actor=SYSTEM, reorganisation_id=one.pk, at=clock.now())
        names = {kind.code: kind.name_vi for kind in Kind.objects.all()}
        self.stdout.write(f"{'':<44}{'before':>10}{'after':>10}")
        for label, before, after in rehearsal.lines(names):
            self.stdout.write(f"{label!s:<44}{before:>10}{after:>10}")

    def _apply(self, found: Reading, root: Unit | None, on: date, drafter: Actor, approver: Actor) -> None:
        same = Reorganisation.objects.filter(root=root, number=found.head.number, state=State.APPLIED).first()
        if same:
            raise CommandError(f"The decision {same.number} is applied already. Nothing was changed.")
        with self._drafted(found, root, on, drafter) as one:
            self._check(one)
            actions.submit(actor=drafter, reorganisation_id=one.pk, at=clock.now())
            done = actions.approve(actor=approver, reorganisation_id=one.pk, at=clock.now())
        words = "applied" if done.state == State.APPLIED else f"approved; it is applied by itself on {on:%d/%m/%Y}"
        self.stdout.write(f"{done.number}: {words}.")

    def _undo(self, root: Unit | None, head: Head, options: dict[str, Any]) -> None:
        one = Reorganisation.objects.filter(root=root, number=head.number, state=State.APPLIED).first()
        if one is None:
            raise CommandError(f"No applied reorganisation has the number {head.number or '–'}.")
        actor = _actor(options["drafted_by"]) if options["drafted_by"] else SYSTEM
        actions.undo(actor=actor, reorganisation_id=one.pk, reason=options["reason"], at=clock.now())
        self.stdout.write(f"{one.number}: undone.")


def _actor(username: str) -> Actor:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody signs in with the name {username}.")
    person = Person.objects.filter(user=user).first()
    return Actor(name=person.name if person else username, user_id=user.pk, person_id=person.pk if person else None)

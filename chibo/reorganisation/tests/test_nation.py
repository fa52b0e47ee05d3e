"""The reorganisation of 1 July 2025 as it was: rehearsed, applied, compared with the official mapping, undone."""

from datetime import timedelta

import pytest

from chibo.access.models import Grant, Role
from chibo.accounts.models import User
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.period import Period
from chibo.org.models import Succession, Unit
from chibo.reorganisation import actions, queries
from chibo.reorganisation.tests import make
from tests import nation

AT = clock.now()


def officer(name: str, root: Unit) -> Actor:
    user = User.objects.create_user(name)
    Grant.objects.create(user=user, role=Role.OFFICER, unit=root, subtree=True, during=Period(nation.BEFORE))
    return Actor(name=name, user_id=user.pk)


@pytest.mark.django_db
def test_the_nation_of_2025() -> None:
    root = nation.load()
    drafter, approver = officer("drafter", root), officer("approver", root)
    one = actions.draft(
        actor=drafter,
        root_id=root.pk,
        title="Sắp xếp đơn vị hành chính hai cấp",
        number="202/2025/QH15",
        issuer="Quốc hội",
        on=nation.ON,
        at=AT,
    )
    actions.add_lines(actor=drafter, reorganisation_id=one.pk, lines=nation.lines(), at=AT)
    assert [str(problem.what) for problem in queries.checked(one).problems] == []
    rehearsal = actions.rehearse(actor=drafter, reorganisation_id=one.pk, at=AT)
    units = rehearsal.before.figures.units
    assert (units["province"], units["district"], units["commune"]) == (63, 696, 10051)
    units = rehearsal.after.figures.units
    assert (units["province"], units.get("district", 0), units["commune"]) == (34, 0, 3321)
    actions.submit(actor=drafter, reorganisation_id=one.pk, at=AT)
    before = make.everything()
    actions.approve(actor=approver, reorganisation_id=one.pk, at=AT)

    today = Unit.objects.on(nation.ON)
    assert today.filter(kind="commune").count() == 3321
    orphans = today.exclude(pk=root.pk).exclude(parentages__during__contains=nation.ON)
    assert not orphans.exists()
    assert not today.exclude(path__startswith=root.path).exists()
    _compare_with_the_mapping()

    actions.undo(actor=drafter, reorganisation_id=one.pk, reason="Diễn tập", at=AT + timedelta(minutes=1))
    assert make.everything() == before


def _compare_with_the_mapping() -> None:
    """Each old commune goes on in exactly the new ones that the mapping names; what was not divided kept its unit."""
    found: dict[str, set[str]] = {}
    for old, new in Succession.objects.values_list("predecessor__code", "successor__code"):
        found.setdefault(old, set()).add(new)
    went_on = set(Unit.objects.on(nation.ON).values_list("code", flat=True))
    wrong = []
    for code, heirs in nation.heirs_of_communes().items():
        old = nation.old_code("commune", code)
        kept_its_unit = old in went_on and len(heirs) == 1 and len(heirs[0].get_legacy_sources()) == 1
        if not kept_its_unit and found.get(old) != {nation.new_code("commune", int(heir.code)) for heir in heirs}:
            wrong.append(old)
    assert wrong == []
    without_heir = {nation.old_code("commune", int(gap.code)) for gap in nation.gaps()}
    assert len(without_heir) == 28
    assert not without_heir & (went_on | set(found))

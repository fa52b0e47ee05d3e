"""Cases go on where their people go when units are merged and divided, and come back when that is undone."""

from datetime import date

import pytest

from chibo.admissions import actions, queries
from chibo.admissions.models import Case
from chibo.admissions.rules import Stage, State
from chibo.admissions.tests.test_way import TODAY, begun, took
from chibo.audit import actions as audit
from chibo.core.refusals import Forbidden
from chibo.people.models import Membership
from chibo.reorganisation import actions as reorganisations
from chibo.reorganisation.models import Sort
from chibo.reorganisation.rules import What
from chibo.reorganisation.tests import make
from chibo.reorganisation.tests.make import MERGE, line
from chibo.testing.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "that_evening")]


def probation(cast: Cast, who: str) -> Case:
    """The case of a probationary member of Nà Phòn, admitted some months ago."""
    person = cast.membership(who).person
    return Case.objects.create(
        unit=cast.na_phon, name=person.name, born_on=date(2000, 1, 1), found_on=date(2025, 6, 1),
        state=State.PROBATION, person=person, admitted_on=date(2026, 3, 2), admitted_in=cast.na_phon,
    )  # fmt: skip


def test_cases_of_merged_cells_go_on_in_the_new_one_and_come_back(cast: Cast) -> None:
    case = begun(cast)
    took(cast, case, Stage.HELPER, TODAY, helper_ids=[cast.person_id("third")])
    admitted = probation(cast, "probationary")
    one = make.draft(cast, MERGE)
    reorganisations.submit(actor=cast.officer, reorganisation_id=one.pk, at=cast.at)
    second = make.second_officer(cast)
    before = make.everything()
    reorganisations.approve(actor=second, reorganisation_id=one.pk, at=cast.at)
    while audit.deliver():
        pass
    new = make.unit("phon-dau")
    assert set(Case.objects.values_list("unit__code", flat=True)) == {"phon-dau"}
    assert Case.objects.get(pk=admitted.pk).admitted_in == cast.na_phon
    assert queries.at_a_glance(cast.officer, new, TODAY, TODAY)[1] is None
    assert [(line.name, line.admitted) for line in queries.board(cast.officer, cast.vinh_dong, 2026)] == [
        ("Chi bộ xóm Phòn Đậu", 1)
    ]
    reorganisations.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm.", at=cast.at)
    assert make.everything() == before
    assert {one.unit for one in Case.objects.select_related("unit")} == {cast.na_phon}


def test_in_a_divided_cell_each_case_goes_with_its_member_or_its_helper(cast: Cast) -> None:
    case = begun(cast)
    took(cast, case, Stage.HELPER, TODAY, helper_ids=[cast.person_id("third")])
    alone = begun(cast, name="Bùi Văn Lẻ")
    admitted = probation(cast, "probationary")
    lines = [
        line(What.FOUND, "phon-1", name="Chi bộ xóm Phòn 1", kind="cell", above="vinh-dong"),
        line(What.FOUND, "phon-2", name="Chi bộ xóm Phòn 2", kind="cell", above="vinh-dong"),
        line(What.SPLIT, "na-phon", heir="phon-1"),
        line(What.SPLIT, "na-phon", heir="phon-2"),
    ]
    second = {cast.person_id("third"), cast.person_id("probationary")}
    persons = Membership.objects.on(TODAY).filter(unit=cast.na_phon).values_list("person_id", flat=True)
    told = [make.given(Sort.MEMBER, one, "phon-2" if one in second else "phon-1") for one in persons]
    one = make.applied(cast, lines, given=told)
    while audit.deliver():
        pass
    assert Case.objects.get(pk=case.pk).unit.code == Case.objects.get(pk=admitted.pk).unit.code == "phon-2"
    assert Case.objects.get(pk=alone.pk).unit.code in ("phon-1", "phon-2")
    reorganisations.undo(actor=cast.officer, reorganisation_id=one.pk, reason="Nhầm.", at=cast.at)
    assert {one.unit for one in Case.objects.select_related("unit")} == {cast.na_phon}


def test_only_who_decides_on_units_moves_their_cases(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.follow_units(
            actor=cast.secretary, to={cast.na_phon.pk: cast.tong_dau.pk}, going={}, ended=[cast.na_phon.pk]
        )

"""The policy against a second table, written by hand from what each role is for: no line may change unnoticed."""

from dataclasses import replace
from datetime import date

import pytest

from chibo.access import queries as access
from chibo.access import rules
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.access.rules import Relation
from chibo.accounts.models import User
from chibo.core.actor import SYSTEM, Actor
from chibo.core.period import Period
from chibo.org import actions as org
from chibo.org.models import Unit
from chibo.testing.cast import FOUNDED, NOW, Cast

# Initials of roles: M member, P probationary, K clerk, B observer, L collector, C committee member, D deputy,
# S secretary, A attending, O officer, X operator. After each the relations: = own unit, v below it, ^ above it,
# ~ what went on in it.
BY_HAND = """
home                         M= P= K= C= D= S= A= O= X=
see_unit                     M=^~ P=^~ K=^~ C=^~ D=^~ S=^~ A=^~ O=v^~ X=v^~
manage_units                 Ov~
see_members                  M= P= K= C= D= S= A= O=v~
manage_members               O=v
see_transfers                C= D= S= O=v~
receive_transfer             D= S= O=v
manage_grants                O=v X=v
manage_accounts              S= O=v~ X=v~
see_rules                    M=^ P=^ K=^ C=^ D=^ S=^ A=^ O=v^ X=v^
set_rules                    O=v
see_meeting                  M= P= K= C= D=~ S=~ A= O=v~
see_proceedings              M= P= K= C= D=~ S=~ A= O=v~
see_rolls                    D=~ S=~ O=v~
plan_meeting                 D= S=
prepare_meeting              D= S=
write_part                   M= P= C= D= S=
record_preparatory_meeting   C= D= S=
announce_meeting             D= S=
hold_meeting                 D= S=
record_meeting               K= D= S=
write_minutes                K= D= S=
adopt_minutes                D= S=
issue_resolution             D= S=
raise_opinion                M= P= C= D= S=
see_opinions                 A= C= D=~ S=~ O=v~
answer_opinion               D= S= O=
collect_voices               D= S=
see_topics                   A= C= D= S= O=
plan_topics                  D= S= O=
see_directives               A=^ C=^ D=^ K=^ M=^ O=^v P=^ S=^
answer_directive             D= S=
send_directive               O=v
see_programmes               A=^ C=^ D=^ K=^ M=^ O=^v P=^ S=^
see_entries                  A= C= D= K= M= O=v~ P= S=
see_draft_entries              C= D= K= M= O= P= S=
enter_programme              D= O= S=
judge_entry                  Ov
call_programme               O=v
see_admissions               C= D= S= O=v~
lead_admission               D= S=
decide_admission             Ov
see_readiness                A= C= D= S= O=v
answer_readiness             D= S=
see_dues                     L= D= S=
set_dues                     D= S=
collect_dues                 L=
see_dues_sums                O=v~
receive_dues                 O=
see_drafts                   A=^ C=^ D=^ K=^ M=^ O=^v P=^ S=^
comment_draft                C= D= S=
consult                      O=
see_training                 C= D= S= O=
see_courses                  M=^ P=^ C=^ D=^ S=^ A=^ O=v^~
name_for_course              D= S= O=v
see_certificates             D= S=
hold_course                  O=~
plan_attendance              O=v
write_report                 A=
see_reports                  A= C= D= S= O=v~
inspect                      O=v
see_inspections              A= C= D=~ S=~ O=v~
answer_inspection            D=~ S=~
see_scores                   M= P= K= B= C= D=~ S=~ A= O=v~
score_meeting                B= C= D= S=
score_as_superior            A=
see_signals                  A= C= D= S=
see_burden                   A= C= D= S= O=v
look_from_above              A= Ov
see_reviews                  A= C= D= S= O=v~
review_self                  D= S=
decide_review                Ov
see_tasks                    M= P= K= C= D=~ S=~ A= O=v~
give_task                    K= D= S= O=
report_task                  M= P= C= D= S= O=
settle_task                  D= S= O=
remind_task                  C= D= S= O=
raise_task                   D= S=
answer_task                  Ov
"""
INITIALS = {
    "M": Role.MEMBER,
    "P": Role.PROBATIONARY,
    "K": Role.CLERK,
    "B": Role.OBSERVER,
    "L": Role.COLLECTOR,
    "C": Role.COMMITTEE_MEMBER,
    "D": Role.DEPUTY,
    "S": Role.SECRETARY,
    "A": Role.ATTENDING,
    "O": Role.OFFICER,
    "X": Role.OPERATOR,
}
SIGNS = {"=": Relation.OWN, "v": Relation.BELOW, "^": Relation.ABOVE, "~": Relation.PREDECESSOR}


def by_hand() -> frozenset[tuple[Capability, str, Relation]]:
    return frozenset(
        (Capability(words[0]), INITIALS[word[0]].value, SIGNS[sign])
        for words in (line.split() for line in BY_HAND.split("\n") if line)
        for word in words[1:]
        for sign in word[1:]
    )


def test_the_policy_is_what_was_meant() -> None:
    given = rules.allowed(rules.policy())
    assert given - by_hand() == frozenset(), "given, and not meant"
    assert by_hand() - given == frozenset(), "meant, and not given"


def test_every_power_and_every_role_is_in_the_table() -> None:
    assert {power for power, _role, _relation in by_hand()} == set(Capability)
    assert {role for _power, role, _relation in by_hand()} == {role.value for role in Role}


@pytest.mark.parametrize("number", range(len(rules.policy())))
def test_a_line_that_is_flipped_or_lost_is_noticed(number: int) -> None:
    lines = rules.policy()
    line = lines[number]
    others = [*lines[:number], *lines[number + 1 :]]
    less: list[list[rules.Line]] = [[]]
    less += [[replace(line, roles=line.roles - {role})] for role in line.roles]
    less += [[replace(line, relations=line.relations - {one})] for one in line.relations]
    for mutant in less:
        assert rules.allowed([*others, *mutant]) != by_hand(), f"another line gives the same: {mutant}"
    more = [
        replace(line, roles=frozenset({role.value}), relations=frozenset({one})) for role in Role for one in Relation
    ]
    for one in more:
        is_new = not rules.allowed([one]) <= rules.allowed(lines)
        assert (rules.allowed([*lines, one]) != by_hand()) == is_new, one


@pytest.fixture
def stands(cast: Cast) -> dict[Relation, Unit]:
    """One unit in each relation to Vĩnh Đồng."""

    def found(kind: str, code: str, parent: Unit) -> Unit:
        return org.found_unit(actor=SYSTEM, kind=kind, code=code, name=code, parent_id=parent.pk, since=FOUNDED, at=NOW)

    elsewhere = found("district", "lac-son", cast.province)
    ended = found("cell", "ended", cast.vinh_dong)
    ended = org.dissolve_unit(actor=SYSTEM, unit_id=ended.pk, on=date(2026, 1, 1), at=NOW)
    ended.refresh_from_db()
    return {
        Relation.PREDECESSOR: ended,
        Relation.OWN: cast.vinh_dong,
        Relation.BELOW: cast.na_phon,
        Relation.ABOVE: cast.district,
        Relation.SIBLING: found("grassroots", "kim-tien", cast.district),
        Relation.UNRELATED: found("grassroots", "vu-ban", elsewhere),
    }


@pytest.mark.parametrize("role", list(Role))
def test_each_role_can_exactly_what_the_table_says(stands: dict[Relation, Unit], role: Role) -> None:
    user = User.objects.create_user("somebody")
    somebody = Actor(name="somebody", user_id=user.pk)
    Grant.objects.create(user=user, role=role, unit=stands[Relation.OWN], subtree=True, during=Period(date(2025, 1, 1)))
    for capability in Capability:
        can = {relation for relation, unit in stands.items() if access.can(somebody, capability, unit)}
        meant = {relation for power, of, relation in by_hand() if (power, of) == (capability, role)}
        assert can == meant, capability
        shown = access.visible(somebody, capability, Unit.objects.all(), field="")
        assert {relation for relation, unit in stands.items() if unit in set(shown)} == meant, capability


def test_a_role_without_its_subtree_does_not_reach_below(stands: dict[Relation, Unit]) -> None:
    user = User.objects.create_user("somebody")
    Grant.objects.create(user=user, role=Role.OFFICER, unit=stands[Relation.OWN], during=Period(date(2025, 1, 1)))
    somebody = Actor(name="somebody", user_id=user.pk)
    assert access.can(somebody, Capability.SEE_MEMBERS, stands[Relation.OWN])
    assert not access.can(somebody, Capability.SEE_MEMBERS, stands[Relation.BELOW])


def test_a_role_decides_nothing_before_its_first_day_and_after_its_last(stands: dict[Relation, Unit]) -> None:
    user = User.objects.create_user("somebody")
    unit = stands[Relation.OWN]
    Grant.objects.create(user=user, role=Role.SECRETARY, unit=unit, during=Period(date(2026, 1, 1), date(2026, 11, 3)))
    somebody = Actor(name="somebody", user_id=user.pk)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 2), date(2026, 11, 3)]
    assert [access.can(somebody, Capability.PLAN_MEETING, unit, on=day) for day in days] == [False, True, True, False]

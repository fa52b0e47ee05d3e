"""A framework is written on screen criterion by criterion, and its text says the same."""

from typing import Any

import pytest
from django.urls import reverse

from chibo.assessment import actions, forms, queries, rules
from chibo.assessment.models import FrameworkVersion
from chibo.assessment.rules import writing
from chibo.core import clock
from chibo.testing.cast import Cast
from chibo.testing.pages import send, signed_in

pytestmark = pytest.mark.usefixtures("in_english")

TEXTS = queries.shipped()
EACH = [(name, one.code) for name, text in TEXTS.items() for one in writing.outline(text)]
AN_PHU = TEXTS["an-phu-2025"]


def as_typed(form: forms.CriterionForm) -> dict[str, Any]:
    """What a browser sends of a form that nobody touched."""
    return {name: form[name].value() or "" for name in form.fields}


@pytest.mark.parametrize(("name", "code"), EACH)
def test_a_form_that_nobody_touched_changes_nothing(name: str, code: str) -> None:
    text = TEXTS[name]
    former = writing.criterion_in(text, code)
    assert former is not None
    form = forms.CriterionForm(as_typed(forms.CriterionForm(former=former)), former=former)
    assert form.is_valid(), form.errors
    assert rules.read(writing.with_criterion(text, code, form.raw(code))) == rules.read(text)
    assert not form.errors


@pytest.fixture
def draft(cast: Cast) -> FrameworkVersion:
    return actions.draft_framework(actor=cast.officer, unit_id=cast.vinh_dong.pk, text=AN_PHU, at=cast.at)


def criterion(draft: FrameworkVersion, code: str) -> dict[str, Any]:
    former = writing.criterion_in(draft.text, code)
    assert former is not None
    form = forms.CriterionForm(former=former, initial={"seen": writing.fingerprint(former)})
    return as_typed(form)


LEAF = next(one for one in writing.outline(AN_PHU) if one.kind == "computed")


@pytest.mark.django_db
def test_a_criterion_is_changed_on_its_page_and_mistakes_of_the_whole_are_shown(
    cast: Cast, draft: FrameworkVersion
) -> None:
    officer = signed_in(cast, "officer")
    address = reverse("assessment:criterion", args=[draft.pk, LEAF.code])
    here = reverse("assessment:framework", args=[draft.pk])
    assert address in officer.get(here).content.decode()
    sent = criterion(draft, LEAF.code) | {"points": "9", "step_0_points": "9"}
    assert send(officer, address, sent).status_code == 302
    draft.refresh_from_db()
    page = officer.get(here)
    # The chapter no longer adds up: it says so with its line, and every form is still at hand.
    assert any("together" in str(one.sentence) for one in page.context["mistakes"])
    assert address in page.content.decode()
    back = criterion(draft, LEAF.code) | {"points": LEAF.points, "step_0_points": LEAF.points}
    assert send(officer, address, back).status_code == 302
    draft.refresh_from_db()
    assert rules.read(draft.text) == rules.read(AN_PHU)
    since = clock.day_of(cast.at)
    actions.publish_framework(actor=cast.officer, version_id=draft.pk, since=since, at=cast.at)
    assert (
        send(officer, address, back, shown_on=reverse("assessment:frameworks", args=[cast.vinh_dong.pk])).status_code
        == 409
    )


@pytest.mark.django_db
def test_a_criterion_is_added_with_its_steps_and_taken_out_again(cast: Cast, draft: FrameworkVersion) -> None:
    officer = signed_in(cast, "officer")
    group = next(one.code for one in writing.outline(AN_PHU) if one.kind == "group")
    address = reverse("assessment:new_criterion", args=[draft.pk, group])
    sent = {
        "title_vi": "Mở đầu đúng giờ",
        "title_en": "Begun in time",
        "points": "2",
        "kind": "computed",
        "step_0_points": "2",
        "step_0_0_fact": "attendance_share",
        "step_0_0_how": "at least",
        "step_0_0_value": "92,5",
        "step_1_points": "0",
    }
    half = send(officer, address, sent | {"step_0_0_how": ""})
    assert half.status_code == 409
    assert "Hãy chọn cách so sánh" in half.content.decode()
    assert send(officer, address, sent).status_code == 302
    draft.refresh_from_db()
    added = writing.criterion_in(draft.text, "mo-dau-dung-gio")
    assert added is not None
    assert added["steps"][0] == {"points": "2", "when": {"attendance_share": "at least 92.5 %"}}
    gone = reverse("assessment:criterion", args=[draft.pk, "mo-dau-dung-gio"])
    assert send(officer, gone, criterion(draft, "mo-dau-dung-gio") | {"then": "take_out"}).status_code == 302
    draft.refresh_from_db()
    assert draft.text == AN_PHU


@pytest.mark.django_db
def test_what_somebody_else_changed_is_not_overwritten_unseen(cast: Cast, draft: FrameworkVersion) -> None:
    officer = signed_in(cast, "officer")
    address = reverse("assessment:criterion", args=[draft.pk, LEAF.code])
    mine = criterion(draft, LEAF.code) | {"title_vi": "Của tôi"}
    assert send(officer, address, criterion(draft, LEAF.code) | {"title_vi": "Của người khác"}).status_code == 302
    refused = send(officer, address, mine)
    assert refused.status_code == 409
    assert "Của tôi" in refused.content.decode()
    draft.refresh_from_db()
    assert "Của tôi" not in draft.text
    assert send(officer, address, mine | {"seen": criterion(draft, LEAF.code)["seen"]}).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["secretary", "member", "attending"])
def test_only_who_sets_rules_writes_criteria(cast: Cast, draft: FrameworkVersion, who: str) -> None:
    for name in ("criterion", "new_criterion"):
        assert signed_in(cast, who).get(reverse(f"assessment:{name}", args=[draft.pk, LEAF.code])).status_code in (
            403,
            404,
        )

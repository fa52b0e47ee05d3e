"""Two officers merge two cells, one on a phone and one in Excel, look at what was, and take it back."""

import io
from pathlib import Path

import pytest
from django.urls import reverse

from chibo.core import clock
from chibo.org.models import Unit, UnitName
from chibo.reorganisation.models import Reorganisation
from chibo.reorganisation.tests import make
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter
from tests.browser.visitor import say

NEW = "Chi bộ xóm Phòn Đậu"


def test_two_cells_merge_and_come_apart_again(enter: Enter, cast: Cast, javascript: bool) -> None:
    make.second_officer(cast)
    officer = enter("officer", javascript=javascript)
    officer.open(reverse("unit", args=[cast.vinh_dong.pk]))
    officer.follow("Reorganisations")
    officer.follow("Draw up a reorganisation")
    officer.press("Begin the draft", status=422)
    officer.fill("What the decision does", "Hợp nhất hai chi bộ xóm")
    officer.fill("Number of the decision", "12-QĐ/ĐU")
    officer.fill("Issued by", "Đảng ủy xã Vĩnh Đồng")
    officer.fill_day("In force from", clock.today())
    officer.press("Begin the draft")
    officer.follow("merge into another unit")
    officer.mark("Chi bộ xóm Nà Phòn")
    officer.mark("Chi bộ xóm Tổng Đậu")
    officer.press("Add to the draft", status=422)
    officer.fill("Name, if a new unit takes it over", NEW)
    officer.fill("Code of the new unit", "phon-dau")
    officer.mark("Chi bộ trực thuộc")
    officer.choose("Below which unit the new one stands", "Đảng bộ xã Vĩnh Đồng (vinh-dong)")
    officer.press("Add to the draft")
    officer.follow("Name who holds an office")
    officer.fill("Name of the person", "loc")
    officer.press("Search")
    officer.mark("Quách Thị Lộc – Chi bộ xóm Nà Phòn")
    officer.mark("bí thư")
    officer.choose("In which unit", f"{NEW} (mới)")
    officer.press("Add to the draft")
    officer.follow("Rehearse it: before and after, side by side")
    officer.sees("So it would be. Nothing has been changed.", NEW)
    officer.follow("Back to the draft")
    officer.press("Hand it to a second person")

    second = enter("member", javascript=javascript, width=1280)
    second.open(officer.address)
    second.press("Approve")
    second.sees("It is approved and applied.")
    second.open(reverse("unit_history", args=[cast.na_phon.pk]))
    second.sees("It is no more and goes on in:", NEW)
    second.open(reverse("unit_history", args=[Unit.objects.get(code="phon-dau").pk]))
    second.follow("Correct the name")
    second.press("Write the correction", status=422)
    second.open(reverse("unit_figures", args=[cast.vinh_dong.pk]))
    second.press("Show the figures")

    officer.open(officer.address)
    officer.follow("Undo the reorganisation")
    officer.press("Undo it", status=422)
    officer.fill("Reason", "Nhầm số quyết định")
    officer.press("Undo it")
    officer.sees("It is undone. All is as it was before.")
    assert Unit.objects.get(pk=cast.na_phon.pk).during.until is None


def test_a_draft_goes_through_excel(enter: Enter, cast: Cast, javascript: bool, tmp_path: Path) -> None:
    one = make.draft(cast, make.MERGE, on=clock.today())
    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("reorganisation:one", args=[one.pk]))
    officer.follow("Work in Excel")
    content = officer.download("Download the workbook")
    wrong, right = tmp_path / "wrong.xlsx", tmp_path / "right.xlsx"
    wrong.write_bytes(b"%PDF-1.7")
    right.write_bytes(content)
    officer.attach(wrong)
    officer.press("Read the file", status=409)
    officer.attach(right)
    officer.press("Read the file")
    officer.sees("The file stands in the draft.")
    assert Reorganisation.objects.get().lines.count() == len(make.MERGE)
    assert io.BytesIO(content).getbuffer().nbytes > 0
    assert UnitName.objects.filter(name=NEW).count() == 0


@pytest.mark.parametrize("by", ["click", "Enter"])
def test_a_draft_that_was_begun_is_not_offered_again_as_unsent(enter: Enter, cast: Cast, by: str) -> None:
    officer = enter("officer")
    new = reverse("reorganisation:new", args=[cast.vinh_dong.pk])
    officer.open(new)
    officer.fill("What the decision does", "Hợp nhất hai chi bộ xóm")
    officer.fill("Number of the decision", "12-QĐ/ĐU")
    officer.fill("Issued by", "Đảng ủy xã Vĩnh Đồng")
    officer.fill_day("In force from", clock.today())
    if by == "click":
        officer.press("Begin the draft")
    else:
        with officer.page.expect_navigation():
            officer.field("Issued by").press("Enter")
    assert Reorganisation.objects.count() == 1
    officer.open(new)
    assert say("This device still holds text that you typed here and did not send.") not in officer.text()
    assert officer.field("Issued by").input_value() == ""


def test_a_draft_that_was_refused_is_still_held_by_the_device(enter: Enter, cast: Cast) -> None:
    officer = enter("officer")
    new = reverse("reorganisation:new", args=[cast.vinh_dong.pk])
    officer.open(new)
    officer.fill("What the decision does", "Hợp nhất hai chi bộ xóm")
    officer.press("Begin the draft", status=422)
    officer.open(new)
    officer.sees("This device still holds text that you typed here and did not send.")

"""An officer sends a list of members as it lies on his machine, takes it back, and merges who stands there twice."""

from datetime import date
from pathlib import Path

from django.urls import reverse

from chibo.core.actor import SYSTEM
from chibo.people import actions
from chibo.people.models import Import, Person, Status
from chibo.people.tests.test_lists import AN, HEAD, MAN, workbook
from chibo.testing.cast import FOUNDED, Cast
from tests.browser.conftest import Enter


def test_a_list_is_entered_mended_and_taken_back(enter: Enter, cast: Cast, javascript: bool, tmp_path: Path) -> None:
    file, nothing = tmp_path / "danh sach.xlsx", tmp_path / "thu.xlsx"
    in_doubt = [2, "Bùi Văn Bách", "1970", "Xóm Phòn", "CT"]
    file.write_bytes(workbook(("Đảng viên", [HEAD, AN, in_doubt, MAN])).getvalue())
    nothing.write_bytes(b"%PDF-1.7")
    officer = enter("officer", javascript=javascript)
    officer.open(reverse("import_members", args=[cast.vinh_dong.pk]))
    officer.attach(nothing)
    officer.press("Send the list", status=409)
    officer.attach(file)
    officer.press("Send the list")
    officer.press("Read the list so")
    officer.follow("Choose which cells are meant")
    officer.choose("Xóm Phòn", "Chi bộ xóm Nà Phòn")
    officer.press("Use these cells")
    officer.press("Enter %(n)s member", n=2)
    assert officer.download("Download what is in doubt, with the reasons").startswith(b"PK")
    assert Person.objects.filter(card_number="00123456").exists()
    officer.follow("Take the whole list back")
    officer.press("Take the whole list back")
    assert Import.objects.get().state == Import.State.UNDONE


def test_who_stands_there_twice_is_merged_or_told_apart(enter: Enter, cast: Cast, javascript: bool) -> None:
    for unit in (cast.na_phon, cast.tong_dau):
        for name, born_on in (("Bùi Văn Khánh", date(1970, 2, 3)), ("Quách Thị Đào", date(1980, 5, 4))):
            actions.enter_member(
                actor=SYSTEM,
                unit_id=unit.pk,
                name=name,
                status=Status.OFFICIAL,
                since=FOUNDED,
                at=cast.at,
                born_on=born_on,
            )
    officer = enter("officer", javascript=javascript)
    officer.open(reverse("people:doubled", args=[cast.vinh_dong.pk]))
    officer.sees(
        "These pairs may be one person entered twice. Merge them, or say that they are different persons. "
        "A merge is not undone."
    )
    heights = {
        officer.page.locator(".list .buttons").first.locator(one).evaluate("one => getComputedStyle(one).paddingTop")
        for one in ("a", "button")
    }
    assert len(heights) == 1, "the link has the padding of the button beside it"
    officer.press("Different persons")
    officer.follow("Merge")
    officer.press("Merge the two", status=422)
    for name in ("stays", "holds"):
        officer.page.locator(f"input[name={name}]").first.check()
    officer.press("Merge the two")
    officer.sees("The two entries are one now.")

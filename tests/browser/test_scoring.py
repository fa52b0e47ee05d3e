"""A session is scored by its cell and by who attended for the committee, reported on and inspected, on a phone."""

from datetime import timedelta

from django.urls import reverse

from chibo.assessment.models import Tier
from chibo.audit import actions as audit
from chibo.core import clock
from chibo.testing import make
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter

LABELS = {
    "Chuẩn bị nội dung đúng, trúng, có trọng tâm": "3",
    "Thực hiện đủ các bước của chương trình": "10",
    "Nội dung thiết thực, sát nhiệm vụ của chi bộ": "8",
    "Điều hành, gợi mở, kết luận của người chủ trì": "5",
    "Giữ nguyên tắc tập trung dân chủ": "1",
    "Tự phê bình và phê bình nghiêm túc, thẳng thắn": "2",
    "Tôn trọng, lắng nghe, đoàn kết": "1",
    "Chấp hành kỷ luật phát ngôn, nội quy buổi sinh hoạt": "1",
    "Thông qua biên bản, phân công nhiệm vụ": "2",
    "Cập nhật kết luận, nghị quyết lên Sổ tay đảng viên điện tử trong 2 ngày": "1",
}


TOO_SMALL = """() => [...document.querySelectorAll("main a, main button, main summary")]
    .filter(one => one.offsetParent)
    .filter(one => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 44)
    .map(one => one.innerText)"""


def test_a_finger_finds_each_link_of_the_sheet_and_its_buttons_hide_little(enter: Enter, cast: Cast) -> None:
    meeting = make.ended(cast)
    secretary = enter("secretary", javascript=True)
    secretary.page.set_viewport_size({"width": 360, "height": 740})
    secretary.open(reverse("assessment:sheet", args=[meeting.pk]))
    assert secretary.page.evaluate(TOO_SMALL) == []
    box = secretary.page.locator(".buttons--in-reach").bounding_box()
    assert box is not None
    assert box["height"] < 90


def test_both_sides_score_one_session(enter: Enter, cast: Cast, javascript: bool) -> None:
    meeting = make.ended(cast)
    audit.deliver()
    secretary = enter("secretary", javascript=javascript)
    secretary.open("/")
    secretary.follow("Score the session")
    for label, points in LABELS.items():
        secretary.choose(label, points)
    secretary.press("Hand the sheet in", status=409)
    secretary.sees("The sheet is not handed in yet: something is missing in it. What you filled in is kept.")
    remedies = secretary.page.get_by_label("Biện pháp khắc phục")
    for n in range(remedies.count()):
        if remedies.nth(n).is_visible():
            remedies.nth(n).fill("Phân công cụ thể trước kỳ sau.")
    secretary.press("Hand the sheet in")
    secretary.sees("The sheet is handed in.", "Phân công cụ thể trước kỳ sau.")
    secretary.open(reverse("meetings:minutes", args=[meeting.pk]))
    secretary.sees("The cell's score")

    superior = enter("attending", javascript=javascript)
    superior.open(reverse("attending"))
    superior.open(reverse("assessment:scores", args=[meeting.pk]))
    superior.sees("The cell has handed in its sheet. You see it once you have handed in your own.")
    superior.open(reverse("meetings:minutes", args=[meeting.pk]))
    superior.sees(
        "You are still to score this session yourself. The cell’s score, and the Word papers that print it, open to "
        "you once you have."
    )
    make.scored(cast, meeting, actor=cast.attending, tier=Tier.SUPERIOR)
    superior.open(reverse("assessment:scores", args=[meeting.pk]))
    superior.sees("Criterion by criterion")
    superior.open(reverse("supervision:report", args=[meeting.pk]))
    superior.press("Hand the report in", status=409)
    superior.fill("What you saw", "Chuẩn bị kỹ, thảo luận đúng trọng tâm.")
    superior.press("Hand the report in")
    superior.sees("The report is handed in.")
    secretary.open(reverse("assessment:year", args=[cast.na_phon.pk]))
    secretary.follow("Worth a second look")
    secretary.open(reverse("assessment:burden", args=[cast.na_phon.pk]) + f"?month={meeting.month:%Y-%m}")
    secretary.sees("Field by field: first what is left to people")


def test_a_committee_publishes_its_framework_plans_a_month_and_draws_inspections(
    enter: Enter, cast: Cast, javascript: bool
) -> None:
    make.scored(cast, make.ended(cast))
    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("assessment:frameworks", args=[cast.vinh_dong.pk]))
    officer.press("Begin a draft")
    officer.follow("Nội dung thiết thực, sát nhiệm vụ của chi bộ")
    officer.fill("Title in English", "Content near the cell's task")
    officer.press("Keep the criterion")
    officer.sees("The criterion is kept.")
    officer.follow("add a criterion")
    officer.press("Keep the criterion", status=422)
    officer.open(reverse("assessment:frameworks", args=[cast.vinh_dong.pk]))
    officer.follow("trung-uong-42-hd 1")
    officer.fill_day("In force from", clock.today() + timedelta(days=1))
    officer.press("Publish")
    officer.sees("The framework is published. From that day the sessions of these units are scored by it.")
    officer.open(reverse("assessment:month", args=[cast.vinh_dong.pk]))
    officer.open(reverse("supervision:board", args=[cast.vinh_dong.pk]))
    officer.follow("The month on one line")
    officer.open(reverse("supervision:inspections", args=[cast.vinh_dong.pk]))
    officer.fill("Seed", "XSMB 25/11/2026: 48213")
    officer.fill("How many cells", "2")
    officer.field("A year is drawn once; seed and number stand from then on.").check()
    officer.press("Draw")
    officer.sees("The cells are drawn. Seed, weights and result stand below for everybody to check.")
    officer.open(reverse("supervision:plan_inspection", args=[cast.na_phon.pk]))
    officer.fill_day("Day of the inspection", clock.today())
    officer.fill("For which reason", "Có phản ánh về biên bản.")
    officer.press("Set the day")
    officer.follow(f"{clock.today():%d/%m/%Y}")

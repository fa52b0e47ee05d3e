"""A committee holds a course of one evening: announced, filled by a cell on a telephone, called, certified."""

from django.urls import reverse

from chibo.core import clock
from chibo.courses.models import Course
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter


def test_a_course_goes_from_its_announcement_to_the_certificate(enter: Enter, cast: Cast, javascript: bool) -> None:
    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("courses:of_unit", args=[cast.vinh_dong.pk]))
    officer.follow("Prepare a course")
    officer.fill("What the course is called", "Nghiệp vụ công tác đảng")
    officer.fill("What somebody can do after it", "Soạn được nghị quyết ngắn, rõ người, rõ việc.")
    officer.fill_day("Names are taken until", clock.today())
    officer.fill("How many per cent of the sessions earn the certificate", "0")
    officer.press("Save the course", status=409)
    officer.sees("Write a number from 1 to 100.")
    assert "rõ người" in officer.page.input_value("textarea[name=aim]")
    officer.fill("How many per cent of the sessions earn the certificate", "100")
    officer.press("Save the course")
    officer.follow("Add a session")
    officer.fill_day("Day", clock.today())
    officer.fill("Begins at", "19:30")
    officer.fill("Place", "Hội trường xã")
    officer.fill("What it is about", "Soạn nghị quyết")
    officer.press("Save the session")
    officer.press("Announce the course")
    course = Course.objects.get()

    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("courses:of_unit", args=[cast.na_phon.pk]))
    secretary.follow("Nghiệp vụ công tác đảng")
    secretary.follow("Send somebody of %(unit)s", unit="Chi bộ xóm Nà Phòn")
    for box in secretary.page.locator("main input[type=checkbox]").all():
        box.check()
    secretary.press("Send these names")
    secretary.sees("They take part, and each is told where and when.")

    deputy = enter("deputy", javascript=javascript)
    deputy.open(reverse("my_page"))
    deputy.sees("Sessions of my courses", "Soạn nghị quyết")

    officer.open(reverse("courses:course", args=[course.pk]))
    officer.follow("Call the roll")
    officer.page.locator("main input[value=absent]").first.check()
    officer.press("Save the roll")
    officer.press("End the course and give the certificates")
    officer.fill("Signed by", "Bùi Văn Chủ")
    officer.press("Give the certificates")
    officer.sees("The certificates are given, and each who has one is told.")
    certified = next(
        who
        for who in ("secretary", "deputy")
        if course.seats_taken.filter(person=cast.person_id(who), certificates__isnull=False)
    )

    owner = enter(certified, javascript=javascript)
    owner.open(reverse("courses:mine"))
    with owner.page.expect_download() as arrived:
        owner.page.locator("main p.document a").first.click()
    assert arrived.value.path().read_bytes()[:2] == b"PK"

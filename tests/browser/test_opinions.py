"""An opinion is raised, moves up, is answered and found satisfying, on a phone."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from chibo.core import clock
from chibo.core.actor import SYSTEM
from chibo.opinions import actions
from chibo.opinions.models import Opinion
from chibo.testing import make
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter

BRIDGE = "Cầu tràn qua suối hỏng nặng sau lũ, đề nghị xã cho sửa trước mùa mưa."


def test_an_opinion_goes_its_way_to_an_answer(enter: Enter, cast: Cast, javascript: bool) -> None:
    member = enter("member", javascript=javascript)
    member.open("/my/")
    member.follow("Opinions and recommendations")
    member.follow("Raise something")
    member.press("Raise it", status=422)
    member.fill("What you raise", BRIDGE)
    member.press("Raise it")
    member.sees("It is raised. Here you see where it lies, and later the answer.", BRIDGE)

    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("opinions:inbox", args=[cast.na_phon.pk]))
    secretary.follow(BRIDGE)
    opinion = Opinion.objects.get()
    actions.move_late(actor=SYSTEM, at=cast.at + timedelta(days=60))
    opinion.refresh_from_db()
    assert opinion.holder == cast.vinh_dong

    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("opinions:inbox", args=[cast.vinh_dong.pk]))
    officer.follow(BRIDGE)
    officer.press("Give the answer", status=422)
    officer.fill("The answer", "Đã đưa vào kế hoạch quý I.")
    officer.press("Give the answer")
    officer.sees("The answer is given. Everybody who raised it is told.")
    member.open(reverse("opinions:opinion", args=[opinion.pk]))
    member.sees("Đã đưa vào kế hoạch quý I.")
    member.press("It satisfies")
    member.sees("It is written down that the answer satisfies.")

    meeting = make.called(cast)
    secretary.open(reverse("meetings:hold", args=[meeting.pk]))
    secretary.follow("Answers to recommendations")
    secretary.press("It was told")
    secretary.sees("It is written down; the answer stands in the minutes.")


def test_the_public_answers_on_a_phone_and_leaves_no_trace(enter: Enter, cast: Cast) -> None:
    question = actions.open_collection(
        actor=cast.secretary,
        unit_id=cast.na_phon.pk,
        question="Ông, bà muốn chi bộ bàn việc gì?",
        closes_on=clock.day_of(cast.at) + timedelta(days=9),
        at=cast.at,
    )
    somebody = enter(javascript=False)
    somebody.open(reverse("public:say", args=[question.code]))
    somebody.press("Send what you wrote", status=422)
    somebody.fill("What you want to say", "Đường vào nghĩa trang lầy lội.")
    somebody.page.wait_for_timeout(3_100)  # a program answers sooner
    somebody.press("Send what you wrote")
    somebody.sees("It has come in")
    receipt = somebody.page.locator("strong").first.inner_text()
    somebody.follow("See what became of what you wrote")
    somebody.fill("Code of the receipt", receipt)
    somebody.press("Show it")
    somebody.sees("The cell has received it, and has not dealt with it yet.")
    assert [one["name"] for one in somebody.context.cookies() if one["name"] != settings.LANGUAGE_COOKIE_NAME] == []
    secretary = enter("secretary")
    secretary.open(reverse("opinions:collections", args=[cast.na_phon.pk]))
    secretary.follow("Ông, bà muốn chi bộ bàn việc gì?")
    secretary.follow("Poster and paper form")

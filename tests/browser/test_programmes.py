"""A model is entered, accepted, appraised, recognised, shown to others and taken up by a neighbour."""

from datetime import timedelta

from django.urls import reverse

from chibo.core import clock
from chibo.programmes.models import Cycle, Entry
from chibo.testing.cast import Cast
from tests.browser.conftest import Enter


def test_a_model_goes_from_the_call_to_the_neighbour(enter: Enter, cast: Cast, javascript: bool) -> None:
    officer = enter("officer", javascript=javascript, width=1280)
    officer.open(reverse("programmes:of_unit", args=[cast.vinh_dong.pk]))
    officer.sees("Nothing is called for yet. Begin with one of the kinds below.")
    officer.open(reverse("programmes:call", args=[cast.vinh_dong.pk]) + "?nature=mass_mobilisation")
    officer.page.uncheck("input[name=asks_members]")
    officer.press("Call for it")
    officer.follow("Open a round")
    officer.press("Open it", status=422)
    officer.fill("What the round is called, such as its year", "2026")
    officer.fill_day("Last day to register", clock.today() + timedelta(days=20))
    officer.fill_day("Last day of the round", clock.today() + timedelta(days=200))
    officer.press("Open it")
    officer.sees("The round is open, and who leads a unit below is told.")
    cycle = Cycle.objects.get()

    secretary = enter("secretary", javascript=javascript)
    secretary.open(reverse("programmes:cycle", args=[cycle.pk]))
    secretary.follow("Enter something")
    secretary.fill("What your model is called", "Tuyến đường tự quản")
    secretary.press("Keep it")
    secretary.sees("Still missing before it can be registered", "Choose at least one field.")
    secretary.follow("Change it")
    secretary.page.locator("input[name=fields_chosen]").first.check()
    secretary.fill("What you want to reach", "Mỗi hộ giữ sạch đoạn đường.")
    secretary.fill("By what one sees it", "số hộ tham gia")
    secretary.fill("The number now", "12")
    secretary.fill("The number that you want to reach", "nhiều")
    secretary.press("Keep it", status=422)
    secretary.fill("The number that you want to reach", "60")
    secretary.press("Keep it")
    secretary.press("Register it")
    secretary.sees("It is registered; the committee above answers. Print the pledge and have it signed.")
    assert secretary.download("Pledge (Word)")[:2] == b"PK"
    entry = Entry.objects.get()

    officer.open(reverse("programmes:entries", args=[cycle.pk, cast.vinh_dong.pk]))
    officer.follow("Tuyến đường tự quản")
    officer.follow("Answer the registration")
    officer.page.check("input[value=yes]")
    officer.press("Send the answer")

    secretary.open(reverse("programmes:entry", args=[entry.pk]))
    secretary.follow("Write down how far it is")
    secretary.fill("The number now", "36")
    secretary.fill("What was done, and what is seen of it", "Đã có 36 hộ.")
    secretary.press("Write it down")
    secretary.sees("It is written down; the committee above sees it.", "50 %")

    officer.open(reverse("programmes:entry", args=[entry.pk]))
    officer.follow("Appraise at the end")
    officer.fill("The number now", "58")
    officer.fill("What was done, and what is seen of it", "Kiểm tra thực tế.")
    officer.page.check("input[value=yes]")
    officer.press("Write it down")
    officer.follow("Recognise it")
    officer.fill("Number of the decision", "12-QĐ/ĐU")
    officer.press("Recognise it")
    officer.sees("It is recognised, and the unit is told.")

    secretary.open(reverse("programmes:entry", args=[entry.pk]))
    secretary.follow("Show others how it is done")
    secretary.fill("What the model is", "Đường sạch.")
    secretary.fill("How it is done, step by step", "Chia đoạn theo nhà.")
    secretary.press("Show it to others")
    secretary.sees("Units below the programme can read it now, and take it up.")

    neighbour = enter("neighbour", javascript=javascript)
    neighbour.open(reverse("programmes:kits", args=[cast.tong_dau.pk]))
    neighbour.sees("Units most like yours")
    neighbour.follow("Tuyến đường tự quản")
    neighbour.page.get_by_role("link", name="2026").last.click()
    neighbour.page.locator("input[name=fields_chosen]").first.check()
    neighbour.fill("The number now", "3")
    neighbour.fill("The number that you want to reach", "20")
    neighbour.fill("What you do otherwise than the unit from which you take it", "Chia theo tổ.")
    neighbour.press("Keep it")
    neighbour.press("Register it")
    assert Entry.objects.get(unit=cast.tong_dau).source == entry
    officer.open(reverse("programmes:board", args=[cycle.pk, cast.vinh_dong.pk]))
    officer.sees("All together")

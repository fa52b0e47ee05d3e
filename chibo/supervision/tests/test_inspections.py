"""Inspections: drawn so that anybody can draw the same again, held with a checklist, followed until they are closed."""

import io
from collections import Counter
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document

from chibo.audit import actions as audit
from chibo.core import clock
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.core.words import say
from chibo.notifications.models import Notice
from chibo.supervision import actions, queries, rules
from chibo.supervision.models import Inspection, InspectionKind, InspectionPlan
from chibo.supervision.rules import Candidate
from chibo.testing.cast import Cast
from chibo.testing.pages import day, send, signed_in

pytestmark = pytest.mark.usefixtures("in_english")

SEED = "XSMB 25/11/2026: 48213"
CANDIDATES = [Candidate(f"cell-{n}") for n in range(100)]


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    drawn = rules.draw(CANDIDATES, SEED, 10)
    assert drawn == rules.draw(CANDIDATES[::-1], SEED, 10)
    assert drawn != rules.draw(CANDIDATES, SEED + "!", 10)
    assert len(set(drawn)) == 10
    assert len(rules.draw(CANDIDATES, SEED, 200)) == 100


def test_a_stated_risk_is_drawn_more_often_and_nobody_always() -> None:
    risky = Candidate("cell-x", (say("one"), say("two"), say("three")))
    often: Counter[str] = Counter()
    for n in range(400):
        often.update(one.code for one in rules.draw([*CANDIDATES, risky], f"{SEED} {n}", 10))
    plain = sum(often[one.code] for one in CANDIDATES) / len(CANDIDATES)
    assert 2.5 * plain < often["cell-x"] < 5 * plain
    assert often["cell-x"] < 400


db = pytest.mark.django_db


def drawn(cast: Cast, count: int = 1) -> InspectionPlan:
    return actions.draw_plan(
        actor=cast.officer, unit_id=cast.vinh_dong.pk, year=2026, seed=SEED, count=count, at=cast.at
    )


def inspection(cast: Cast, kind: InspectionKind = InspectionKind.PERIODIC) -> Inspection:
    plan = drawn(cast, 2) if kind == InspectionKind.PERIODIC else None
    return actions.plan_inspection(
        actor=cast.officer,
        unit_id=cast.na_phon.pk,
        kind=kind,
        on=clock.day_of(cast.at),
        because="" if plan else "Đơn phản ánh về biên bản tháng 10.",
        plan_id=plan.pk if plan else None,
        at=cast.at,
    )


def held(cast: Cast, planned: Inspection, **changes: object) -> Inspection:
    answers = dict.fromkeys(rules.checklist(), "yes") | {"minutes": "no"}
    given: dict[str, object] = {
        "held_on": clock.day_of(cast.at),
        "answers": answers,
        "found": {"minutes": ("Biên bản tháng 10 thiếu chữ ký thư ký.", clock.day_of(cast.at) + timedelta(days=15))},
        "commendation": "Nghị quyết rõ người, rõ việc.",
        "conclusion": "Nền nếp sinh hoạt tốt.",
    }
    return actions.hold_inspection(
        actor=cast.officer,
        inspection_id=planned.pk,
        at=cast.at,
        **given | changes,  # type: ignore[arg-type]  # facts of several types
    )


@db
def test_a_year_is_drawn_once_and_can_be_drawn_again_from_what_is_published(cast: Cast) -> None:
    plan = drawn(cast)
    again = rules.draw(
        [Candidate(code, (say("risk"),) * (weight - 1)) for code, weight in plan.weights.items()], plan.seed, 1
    )
    assert [one.code for one in again] == [one["code"] for one in plan.drawn]
    with pytest.raises(Refused, match="drawn already"):
        drawn(cast)
    sheet = signed_in(cast, "officer").get(
        reverse("supervision:inspections", args=[cast.vinh_dong.pk]) + "?year=2026&as=xlsx"
    )
    assert sheet.headers["Content-Type"].endswith("sheet")


@db
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"seed": "1234"}, "seed"), ({"count": 0}, "count"), ({"count": 99}, "count"), ({"year": 2030}, "year")],
)
def test_a_draw_that_anybody_could_have_chosen_is_refused(cast: Cast, changes: dict[str, object], field: str) -> None:
    given: dict[str, object] = {"year": 2026, "seed": SEED, "count": 1}
    with pytest.raises(Refused) as refusal:
        actions.draw_plan(
            actor=cast.officer,
            unit_id=cast.vinh_dong.pk,
            at=cast.at,
            **given | changes,  # type: ignore[arg-type]  # facts of several types
        )
    assert list(refusal.value.fields) == [field]


@db
def test_a_finding_is_followed_until_it_was_looked_at_again(cast: Cast) -> None:
    found = held(cast, inspection(cast))
    audit.deliver()
    told = Notice.objects.filter(person_id=cast.person_id("secretary"), path__contains="/inspections/")
    assert told.count() == 2
    (finding,) = found.findings.all()
    with pytest.raises(Forbidden):
        actions.answer_finding(actor=cast.member, finding_id=finding.pk, answer="…", at=cast.at)
    actions.answer_finding(actor=cast.secretary, finding_id=finding.pk, answer="Đã ký bổ sung.", at=cast.at)
    actions.recheck(actor=cast.officer, finding_id=finding.pk, is_mended=True, result="Đã đủ chữ ký.", at=cast.at)
    found.refresh_from_db()
    assert found.state == "closed"
    with pytest.raises(Refused, match="is closed"):
        actions.answer_finding(actor=cast.secretary, finding_id=finding.pk, answer="…", at=cast.at)
    ((words, n),) = queries.again_and_again(cast.officer, cast.vinh_dong, 2026)
    assert (words, n) == (rules.checklist()["minutes"], 1)


@db
def test_a_result_without_an_answer_remedy_day_or_conclusion_is_not_taken(cast: Cast) -> None:
    found = inspection(cast)
    answers = dict.fromkeys(rules.checklist(), "yes")
    with pytest.raises(Refused) as refusal:
        held(
            cast,
            found,
            answers=answers | {"minutes": "no", "roll": "", "dues": "no"},
            found={"dues": ("Nộp chậm", None)},
            conclusion=" ",
        )
    assert set(refusal.value.fields) == {"minutes_answer", "roll_answer", "dues_answer", "conclusion"}
    assert held(cast, found, answers=answers, found={}).state == "closed"
    with pytest.raises(Refused, match="written already"):
        held(cast, found)


@db
def test_a_surprise_has_its_reason_and_is_seen_by_the_cell_only_when_it_was_held(cast: Cast) -> None:
    found = inspection(cast, InspectionKind.SURPRISE)
    audit.deliver()
    assert not Notice.objects.filter(path__contains="/inspections/").exists()
    with pytest.raises(NotThere):
        queries.inspection(cast.secretary, found.pk)
    assert queries.inspection(cast.officer, found.pk) == found
    held(cast, found)
    assert queries.inspection(cast.secretary, found.pk) == found
    with pytest.raises(Refused, match="for which reason"):
        actions.plan_inspection(
            actor=cast.officer, unit_id=cast.na_phon.pk, kind=InspectionKind.SURPRISE, on=clock.day_of(cast.at),
            because=" ", plan_id=None, at=cast.at,
        )  # fmt: skip


@db
@pytest.mark.parametrize("who", ["secretary", "member", "attending", "neighbour", "operator"])
def test_others_neither_draw_nor_hold(cast: Cast, who: str) -> None:
    with pytest.raises(Forbidden):
        actions.draw_plan(actor=cast.actor(who), unit_id=cast.vinh_dong.pk, year=2026, seed=SEED, count=1, at=cast.at)
    address = reverse("supervision:inspections", args=[cast.vinh_dong.pk])
    assert signed_in(cast, who).get(address).status_code in (403, 404)


@db
def test_it_is_drawn_set_written_answered_and_closed_on_its_pages(cast: Cast) -> None:
    officer, secretary = signed_in(cast, "officer"), signed_in(cast, "secretary")
    board = reverse("supervision:inspections", args=[cast.vinh_dong.pk])
    assert send(officer, board, {"seed": SEED, "count": "2", "sure": "on"}).status_code == 302
    plan = InspectionPlan.objects.get()
    set_day = reverse("supervision:plan_inspection", args=[cast.na_phon.pk]) + f"?plan={plan.pk}"
    assert send(officer, set_day, day("on", clock.today())).status_code == 302
    found = Inspection.objects.get()
    page = reverse("supervision:inspection", args=[found.pk])
    assert secretary.get(page).status_code == 200
    typed = {f"{code}_answer": "yes" for code in rules.checklist()} | day("held_on", clock.today())
    typed |= {"roll_answer": "no", "roll_found": "Thiếu lý do vắng."} | day("roll_due_on", clock.today())
    assert send(officer, page, typed).status_code == 409
    assert send(officer, page, typed | {"conclusion": "Tốt."}).status_code == 302
    finding = found.findings.get()
    answer = reverse("supervision:answer_finding", args=[finding.pk])
    assert send(secretary, answer, {"answer": "Đã ghi bổ sung."}).status_code == 302
    recheck = reverse("supervision:recheck", args=[finding.pk])
    assert send(officer, recheck, {"is_mended": "yes", "result": "Đủ."}).status_code == 302
    assert "Đã ghi bổ sung." in secretary.get(page).content.decode()
    assert secretary.get(reverse("supervision:of_cell", args=[cast.na_phon.pk])).status_code == 200


# The document set


def text_of(content: bytes) -> str:
    paper = Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


@db
def test_each_step_of_an_inspection_has_its_papers(cast: Cast) -> None:
    planned = inspection(cast)
    officer = signed_in(cast, "officer")

    def address(name: str) -> str:
        return reverse("supervision:inspection_paper", args=[planned.pk, name])

    def paper(name: str) -> str:
        return text_of(officer.get(address(name)).content)

    assert "QUYẾT ĐỊNH" in paper("decision")
    assert "chương trình kiểm tra, giám sát năm 2026 của Đảng ủy xã Vĩnh Đồng" in paper("decision")
    assert "Nghị quyết có việc, có người, có thời hạn" in paper("plan")
    assert officer.get(address("minutes")).status_code == 404
    assert (
        signed_in(cast, "secretary")
        .get(reverse("supervision:inspection_paper", args=[planned.pk, "decision"]))
        .status_code
        == 403
    )
    result = held(cast, planned)
    said = paper("minutes")
    for piece in (
        "Còn thiếu sót",
        "Biên bản tháng 10 thiếu chữ ký thư ký.",
        "Nền nếp sinh hoạt tốt.",
        "ĐẠI DIỆN CHI BỘ",
    ):
        assert piece in said
    assert "Đề nghị chi bộ khắc phục đúng thời hạn" in paper("notice")
    assert officer.get(address("remedied")).status_code == 404
    (finding,) = result.findings.all()
    actions.answer_finding(actor=cast.secretary, finding_id=finding.pk, answer="Đã ký bổ sung.", at=cast.at)
    assert "Đã ký bổ sung." in paper("remedied")
    assert signed_in(cast, "secretary").get(address("notice")).status_code == 200
    assert signed_in(cast, "member").get(address("notice")).status_code == 404


@db
def test_a_year_has_its_programme_and_what_to_train_for(cast: Cast) -> None:
    held(cast, inspection(cast))
    officer = signed_in(cast, "officer")
    address = reverse("supervision:inspections_paper", args=[cast.vinh_dong.pk, "programme"])
    programme = text_of(officer.get(address + "?year=2026").content)
    assert SEED in programme
    assert "CHƯƠNG TRÌNH" in programme
    typical = reverse("supervision:inspections_paper", args=[cast.vinh_dong.pk, "typical"])
    said = text_of(officer.get(typical + "?year=2026").content)
    assert "1 lần" in said
    assert "Nà Phòn" not in said
    assert officer.get(typical + "?year=2025").status_code == 404


@db
def test_a_cell_reads_that_it_was_drawn_and_a_draw_is_agreed_to_first(cast: Cast) -> None:
    officer, board = signed_in(cast, "officer"), reverse("supervision:inspections", args=[cast.vinh_dong.pk])
    assert send(officer, board, {"seed": SEED, "count": "2"}).status_code == 422
    of_cell = reverse("supervision:of_cell", args=[cast.na_phon.pk])
    secretary = signed_in(cast, "secretary")
    assert "được bốc chọn" not in secretary.get(of_cell).content.decode()
    year = clock.today().year
    actions.draw_plan(actor=cast.officer, unit_id=cast.vinh_dong.pk, year=year, seed=SEED, count=2, at=clock.now())
    assert "được bốc chọn" in secretary.get(of_cell).content.decode()

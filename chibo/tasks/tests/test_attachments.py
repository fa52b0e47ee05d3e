"""Files that go with a report."""

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chibo.core.refusals import Refused
from chibo.documents.models import File
from chibo.tasks.models import TaskReport
from chibo.tasks.tests.test_actions import give, report
from chibo.tasks.tests.test_views import SENT, browser, page, post

if TYPE_CHECKING:
    from chibo.testing.cast import Cast


@pytest.fixture(autouse=True)
def _files_lie_apart(settings: Any, tmp_path: Any) -> None:
    default = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path, "base_url": None},
    }
    settings.STORAGES = settings.STORAGES | {"default": default}


def listing(name: str = "danh sách hộ.txt", text: str = "Hộ ông Thưởng\nHộ bà Lộc\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/plain")


def test_several_files_go_with_a_report_and_open_for_who_sees_the_task(cast: "Cast") -> None:
    task = give(cast)
    sent: dict[str, Any] = {"attachments": [listing(), listing("ảnh.txt")]}
    assert post(browser(cast, "member"), "report", task, **SENT, **sent).status_code == 302
    text = page(browser(cast, "third"), "task", task.pk)
    assert "danh sách hộ.txt" in text
    assert "ảnh.txt" in text
    file = File.objects.get(name="danh sách hộ.txt")
    address = reverse("file", args=[file.pk])
    assert address in text
    for who, status in {"third": 200, "officer": 200, "neighbour": 404, "operator": 404}.items():
        assert browser(cast, who).get(address).status_code == status, who


def test_a_file_that_may_not_be_kept_stops_the_report_and_keeps_its_text(cast: "Cast") -> None:
    task = give(cast)
    sent: dict[str, Any] = {"attachments": [listing(), SimpleUploadedFile("chạy.exe", b"MZ")]}
    response = post(browser(cast, "member"), "report", task, **SENT, **sent)
    text = response.content.decode()
    assert response.status_code == 409
    assert "chạy.exe:" in text
    assert 'id="report_attachments_error"' in text
    assert SENT["text"] in text
    assert not TaskReport.objects.exists()
    assert not File.objects.exists()


def test_a_secret_is_refused_before_anything_is_stored(cast: "Cast") -> None:
    task = give(cast)
    with pytest.raises(Refused) as refusal:
        report(cast, task, text="TỐI MẬT\nNội dung …")
    assert list(refusal.value.fields) == ["text"]
    with pytest.raises(Refused) as refusal:
        report(cast, task, attachments=[listing(text="MẬT\nDanh sách")])
    assert list(refusal.value.fields) == ["attachments"]
    with pytest.raises(Refused) as refusal:
        give(cast, title="Soạn báo cáo", expected="TUYỆT MẬT")
    assert list(refusal.value.fields) == ["expected"]
    assert not TaskReport.objects.exists()
    assert not File.objects.exists()

"""Each person finds what is his on the first page."""

import pytest
from django.test import Client

from chibo.testing.cast import Cast


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("secretary", "desk/month.html"),
        ("deputy", "desk/month.html"),
        ("third", "desk/month.html"),
        ("member", "desk/my_page.html"),
        ("probationary", "desk/my_page.html"),
        ("attending", "desk/attending.html"),
        ("officer", "desk/officer.html"),
        ("operator", "desk/operator.html"),
    ],
)
def test_each_is_led_to_what_is_his(cast: Cast, who: str, first: str) -> None:
    response = signed_in(cast, who).get("/")
    assert response.status_code == 200
    assert first in [template.name for template in response.templates]

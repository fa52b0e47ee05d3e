"""The settings that keep people safe, pinned."""

from django.conf import settings


def test_pages_may_load_nothing_from_elsewhere() -> None:
    assert settings.SECURE_CSP["default-src"] == ["'none'"]
    for sources in settings.SECURE_CSP.values():
        assert set(sources) <= {"'none'", "'self'"}


def test_sessions_outlast_a_month_and_are_closed_to_scripts() -> None:
    assert settings.SESSION_COOKIE_AGE > 31 * 24 * 3600
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY


def test_passwords_are_argon2id_with_19_mib() -> None:
    from django.contrib.auth.hashers import make_password

    assert make_password("một mật khẩu dài").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert settings.PASSWORD_HASHERS == ["chibo.accounts.hashers.Argon2"]


def test_there_is_no_admin_and_no_page_cache() -> None:
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert not [name for name in settings.MIDDLEWARE if "cache" in name.lower()]


def test_debug_is_off() -> None:
    assert settings.DEBUG is False


def test_cookies_are_bound_to_the_host_on_https() -> None:
    import os
    import subprocess
    import sys

    code = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"
    )
    env = os.environ | {"CHIBO_URL": "https://chibo.example.vn", "DJANGO_SETTINGS_MODULE": "chibo.config.settings"}
    answer = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)  # noqa: S603  # our own interpreter
    assert answer.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True"]

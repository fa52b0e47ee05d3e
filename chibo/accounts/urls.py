"""Addresses of signing in; of allauth's only those that are needed."""

from allauth.account import views as allauth
from django.urls import path, re_path

from chibo.accounts import views

# Every address here asks for itself, so none declares a power. The reason stands beside its name.
PUBLIC = {
    "account_login": "before it there is no viewer",
    "account_sign_in_by_code": "before it there is no viewer",
    "account_logout": "ends one's own session",
    "account_change_password": "one's own, and allauth asks for the present one",
    "account_set_password": "one's own, and only without a password or after a code from paper",
    "account_reset_password": "answers the same to every address",
    "account_reset_password_done": "says only that a letter may be on its way",
    "account_reset_password_from_key": "opened by the key of the letter",
    "account_reset_password_from_key_done": "says only that a password was changed",
    "account_inactive": "says only that an account is closed",
}

urlpatterns = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-in/code/", views.sign_in_by_code, name="account_sign_in_by_code"),
    path("sign-in/closed/", allauth.account_inactive, name="account_inactive"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("password/", allauth.password_change, name="account_change_password"),
    path("password/choose/", views.set_password, name="account_set_password"),
    path("password/forgotten/", allauth.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/forgotten/changed/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

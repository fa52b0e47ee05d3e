"""Accounts: who signs in, by password or by a one-time code that was handed over on paper."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from chibo.accounts.rules import code_digest, sign_in_name
from chibo.core.keys import uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, email: str = "", password: str | None = None, **extra: Any) -> "User":
        """A new account; without a password it is opened by a one-time code."""
        user = self.model(username=sign_in_name(username), email=email.lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. It holds no right by itself: rights come from memberships, offices and grants of its person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("name to sign in with"), max_length=60, unique=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username


class SignInCodes(models.QuerySet["SignInCode"]):
    def use(self, *, username: str, code: str, at: datetime) -> User | None:
        """Uses up a code and returns whose it is; None where it is wrong, used, expired, or the account is closed.

        Two who send the same code at once get one sign-in: the row is taken in one statement.
        """
        good = self.filter(
            digest=code_digest(code),
            user__username=sign_in_name(username),
            user__is_active=True,
            used_at=None,
            expires_at__gt=at,
        )
        user = User.objects.filter(sign_in_codes__in=good).first()
        return user if good.update(used_at=at) else None


class SignInCode(models.Model):
    """A code on paper that opens an account once; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_codes")
    digest = models.CharField(max_length=128, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = SignInCodes.as_manager()

    def __str__(self) -> str:
        return f"{self.user} {self.issued_at:%Y-%m-%d}"

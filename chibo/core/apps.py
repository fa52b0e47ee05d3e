from django.apps import AppConfig
from django.utils import translation

from chibo.core import words


class CoreConfig(AppConfig):
    name = "chibo.core"

    def ready(self) -> None:
        def translate(singular: str, plural: str | None, n: int) -> str:
            return translation.ngettext(singular, plural, n) if plural else translation.gettext(singular)

        words.translate = translate

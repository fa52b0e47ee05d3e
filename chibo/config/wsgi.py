"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from chibo.config import cli

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chibo.config.settings")
cli.end_with_parent()

application = get_wsgi_application()

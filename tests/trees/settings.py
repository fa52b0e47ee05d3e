"""Our settings with the two other trees beside ours, for the benchmark only."""

from chibo.config.settings import *  # noqa: F403
from chibo.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "treebeard", "mptt", "tests.trees"]

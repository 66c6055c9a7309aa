"""The product's settings for the yardstick: the same database and server, no middleware, no accounts, one address."""

from gezhi.config.settings import *  # noqa: F403
from gezhi.config.settings import INSTALLED_APPS as _ALL

INSTALLED_APPS = [app for app in _ALL if not app.startswith("allauth")]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare"

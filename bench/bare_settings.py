"""The product's settings for the yardstick: the same database and server, no middleware, one address."""

from gezhi.config.settings import *  # noqa: F403

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare"

"""The product's settings for mypy's Django plugin, which reads them but connects to nothing."""

import os

from tests.lib.database import environment

for _name, _value in environment("postgresql://nobody@/none", "var").items():
    os.environ.setdefault(_name, _value)

from gezhi.config.settings import *  # noqa: E402, F403

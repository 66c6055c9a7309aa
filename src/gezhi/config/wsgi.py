"""Django as a WSGI application: every address but `/events` (see config.asgi)."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gezhi.config.settings")
application = get_wsgi_application()

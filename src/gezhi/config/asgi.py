"""One port: `/events` answered here, natively; everything else is Django as WSGI in a pool of threads.

Twice the rate of Django under ASGI, and open event streams cost no thread (docs/adr/0003).
"""

from __future__ import annotations

import multiprocessing
import os
import signal

from gezhi.config.bridge import Bridge, Message, Receive, Send
from gezhi.config.wsgi import application as django
from gezhi.lib.processes import die_with_parent

from gezhi.config import warming  # isort: skip  (imports models: Django must be set up, which wsgi does)
from gezhi.config.events import Events  # isort: skip

THREADS = int(os.environ.get("GEZHI_THREADS", "4"))  # per web process; the connection pool has room for more

if server := multiprocessing.parent_process():
    die_with_parent(signal.SIGKILL, server.pid)  # a worker left without its server would keep the port

_pages = Bridge(django, threads=THREADS)
_events = Events()
warming.start()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """The ASGI application granian serves."""
    if scope["type"] == "lifespan":
        await _events.lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"] == "/events":
        await _events(scope, receive, send)
    else:
        await _pages(scope, receive, send)

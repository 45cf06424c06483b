"""The web process: the pages, the HTTP interface beside them, the gate in front of both."""

from functools import cache
from typing import Any

import reflex as rx
import structlog
from redis.exceptions import RedisError
from reflex_base.event import EventSpec

from calibra_app.adapters import logs
from calibra_app.adapters.hosts import same_origin
from calibra_app.api.app import create_interface
from calibra_app.api.shield import Shield
from calibra_app.config import settings
from calibra_app.core.clock import fix_clock
from calibra_app.services.sign_in.passwords import OF_TESTS, choose_effort
from calibra_app.ui import notices
from calibra_app.ui.base import the_gate
from calibra_app.ui.components.page_head import head
from calibra_app.ui.gate import guard_socket
from calibra_app.ui.live import LIVE
from calibra_app.ui.site import add_pages
from calibra_app.ui.theme import branding_css
from calibra_app.ui.words import say

log = structlog.get_logger(__name__)


def is_own_page(origin: str | None, environ: dict[str, Any]) -> bool:
    """Say whether a socket is opened by a page of the very address that it asks.

    Laboratories and their own domains come at run time, so a list made at the start would not do.
    """
    return bool(origin) and same_origin(str(origin), str(environ.get("HTTP_HOST", "")))


def tell_failure(exception: Exception) -> EventSpec:
    """Note what no event expected, and say so at the screen without a word of its inside."""
    if isinstance(exception, RedisError):
        log.warning("event without Redis", exc_info=exception)
        return notices.warned(say("The server was away for a moment. Do that once more."))
    log.error("event failed", exc_info=exception)
    return notices.refused(say("This did not work, through a fault of ours. It has been noted."))


def create() -> rx.App:
    """Return the application with all its pages."""
    logs.set_up("web")
    if settings().test:
        fix_clock(settings().now)
        choose_effort(OF_TESTS)
    made = rx.App(
        head_components=head(),
        html_lang="en",
        toaster=notices.notices(),
        backend_exception_handler=tell_failure,
        api_transformer=[create_interface(stylesheet=cache(branding_css)), Shield],
    )
    # Reflex's own sign of a lost connection is a toast; `notices` tells of it instead.
    made.app_wraps.pop((5, "Overlay"))
    made.add_middleware(the_gate(), index=0)
    add_pages(made)
    if made.sio is None or made.event_namespace is None:
        raise RuntimeError("The site has no state, so it has no socket to guard.")
    made.sio.eio.cors_allowed_origins = is_own_page
    guard_socket(made.event_namespace)
    LIVE.app = made
    made.register_lifespan_task(LIVE.run)
    return made


app = create()

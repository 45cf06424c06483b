"""What Reflex must know before it loads the application."""

from typing import Any

import reflex as rx

from calibra_app.config import REFLEX_REDIS, settings

BACKEND_ADDRESS = "const endpoint = new URL(url_str);"
PORT_OF_THE_PAGE = "endpoint.port = window.location.port;"


class OneBuildForEveryPort(rx.plugins.Plugin):
    """Let the site talk to the port that its page came from, not to the one of the build."""

    def pre_compile(self, **context: Any) -> None:
        """Change the one function that knows the address of the server."""
        context["add_modify_task"]("utils/state.js", self._ask_the_page)

    def _ask_the_page(self, script: str) -> str:
        if PORT_OF_THE_PAGE in script:
            return script
        if BACKEND_ADDRESS not in script:
            raise ValueError("This Reflex builds the server's address in another way.")
        own_port = f'if (typeof window !== "undefined") {PORT_OF_THE_PAGE}'
        return script.replace(BACKEND_ADDRESS, f"{BACKEND_ADDRESS}\n  {own_port}", 1)


config = rx.Config(
    app_name="calibra_app",
    # Stays on localhost: then each page uses the host name that it came from.
    api_url="http://localhost:3000",
    deploy_url=None,
    redis_url=settings().redis_url_for(REFLEX_REDIS) if settings().redis_url else None,
    # By default any site may read answers with the visitor's cookie; sockets are judged by
    # `calibra_app.is_own_page`, each by its own address.
    cors_allowed_origins=[settings().origin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    trusted_proxy_hops=settings().trusted_proxy_hops,
    frontend_compression_formats=["gzip", "brotli"],
    default_color_mode="system",
    frozen_lockfile=True,
    plugins=[OneBuildForEveryPort()],
    disable_plugins=[rx.plugins.SitemapPlugin],  # it would list every internal page
)

"""Names under which browsers reach the site, and whether a page of ours is what calls."""

from functools import cache
from urllib.parse import urlsplit

from calibra_app.config import settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@cache
def site_hosts() -> frozenset[str]:
    """Return the site's own host names; a laboratory's short name may stand in front of them."""
    own = urlsplit(settings().origin).hostname or "localhost"
    # A trial in the house's network comes by loopback; a public installation need not answer it.
    return frozenset({own.lower()}) | LOOPBACK


def same_origin(origin: str, host: str) -> bool:
    """Say whether a request's Origin is the very address that it asks.

    The scheme follows the installation: behind https, a page that was read over http is a
    stranger.
    """
    parts = urlsplit(origin)
    schemes = {"https"} if settings().over_tls else {"http", "https"}
    return parts.scheme in schemes and bool(host) and parts.netloc.lower() == host.strip().lower()

"""Figures of this process for Prometheus; their names are relied on by dashboards and alerts."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

REQUESTS = Counter("http_requests", "Requests answered", ["method", "endpoint", "status"])
REQUEST_SECONDS = Histogram(
    "http_request_duration_seconds", "Time to answer a request", ["method", "endpoint"]
)
EVENTS = Counter("calibra_ws_events", "Events of the site by what became of them", ["result"])
SOCKETS = Gauge("calibra_ws_connections", "Open pages")
SERVICE_SECONDS = Histogram(
    "calibra_service_duration_seconds", "Time of one service in its transaction", ["service"]
)
AUTH_FAILURES = Counter("auth_failures", "Refused sign-ins", ["reason"])
DENIED = Counter("authz_denied", "Refusals for want of a right", ["reason"])
RATE_LIMITED = Counter("rate_limited", "Answers 429", ["endpoint"])
PATCHES = Counter("calibra_live_patches", "Patches handed to open pages")
BUS_LOST = Counter("calibra_live_lost", "Times the live bus lost its connection")


def exposition() -> tuple[bytes, str]:
    """Return every figure as text, and its content type."""
    return generate_latest(), CONTENT_TYPE_LATEST

"""Health, figures, branding and the reference of the interface, as an operator meets them."""

from calibra_app.api import health
from calibra_app.core.errors import Unavailable


async def test_a_healthy_process_names_each_dependency_and_its_time(browser):
    answer = await browser().get("/health/ready")
    parts = answer.json()["dependencies"]
    assert answer.status_code == 200
    assert set(parts) == {"database", "redis", "storage", "disk"}
    assert all(part["state"] == "ok" and part["milliseconds"] >= 0 for part in parts.values())


async def test_without_its_database_a_process_lives_but_is_not_ready(browser, monkeypatch):
    def away():
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(health, "database_answers", away)
    ready = await browser().get("/health/ready")
    assert ready.status_code == 503
    assert ready.json()["dependencies"]["database"]["state"] == "down"
    assert (await browser().get("/health/live")).status_code == 200


async def test_the_figures_count_requests_by_route(browser):
    await browser().get("/health/live")
    text = (await browser().get("/metrics")).text
    assert 'http_requests_total{endpoint="/health/live",method="GET",status="200"}' in text


async def test_the_interface_describes_itself(browser):
    described = (await browser().get("/api/v1/openapi.json")).json()
    assert "/api/v1/auth/token" in described["paths"]
    page = (await browser().get("/api/v1/docs")).text
    assert "/api/v1/auth/token" in page
    assert "<script" not in page


async def test_a_stylesheet_of_nobody_is_empty_and_asked_again_each_time(browser):
    answer = await browser().get("/api/v1/branding.css")
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["cache-control"] == "private, no-cache"
    again = await browser().get(
        "/api/v1/branding.css", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304

"""The HTTP interface: its routes, and each kind of error as a status code."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from calibra_app.api import branding, files, health, login, quotation_page, verify
from calibra_app.api.plain_page import sentence
from calibra_app.api.reference import reference_page
from calibra_app.core.errors import (
    CalibraError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
    Unavailable,
)

log = structlog.get_logger(__name__)

VERSION = "1"
STATUS: tuple[tuple[type[CalibraError], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
    (Unavailable, 503),
)
# What a person opens in a browser; everything else is for programs and answers JSON.
PAGES = ("/welcome/", "/forgot", "/verify/", "/q/")


def create_interface(
    *, stylesheet: branding.StylesheetOf, verdict_of: verify.VerdictOf = verify.verdict_of_code
) -> FastAPI:
    """Return the interface, onto which the site is mounted.

    Args:
        stylesheet: What makes CSS of a laboratory's colour and logo.
        verdict_of: What may be said in public of the certificate with a code; None: unknown.
    """
    api = FastAPI(
        title="Calibra",
        version=VERSION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.stylesheet = stylesheet
    api.state.verdict_of = verdict_of
    for router in (
        health.router,
        branding.router,
        login.router,
        files.router,
        verify.router,
        quotation_page.router,
    ):
        api.include_router(router)
    api.add_api_route("/api/v1/docs", reference_page, include_in_schema=False)
    api.add_exception_handler(CalibraError, _refusal)
    api.add_exception_handler(RequestValidationError, _malformed)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _broken)
    return api


def status_of(error: CalibraError) -> int:
    """Return the HTTP status of a refusal."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 400)


async def _refusal(request: Request, error: Exception) -> Response:
    if not isinstance(error, CalibraError):
        raise error
    status = status_of(error)
    if request.url.path.startswith(PAGES):
        title = "This does not work" if status == 404 else "Not possible"  # noqa: PLR2004
        return sentence(title, error.message, status=status)
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
    body = {"code": error.code, "message": error.message, "field": error.field}
    return JSONResponse(body, status_code=status, headers=headers)


async def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    # Without the values: one of them may be a password.
    problems = [
        {"field": ".".join(str(part) for part in each["loc"][1:]), "message": each["msg"]}
        for each in error.errors()
    ]
    if request.url.path.startswith(PAGES):
        return sentence("Something is missing", "Go back and fill in every field.", status=422)
    first = problems[0] if problems else {"field": "", "message": "Not understood."}
    return JSONResponse({"code": "malformed", **first, "problems": problems}, status_code=422)


async def _http(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    body = {"code": "http", "message": str(error.detail), "field": ""}
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


async def _broken(request: Request, error: Exception) -> Response:
    request_id = str(getattr(request.state, "request_id", ""))
    log.error("request failed", exc_info=error)
    text = f"Something went wrong; nothing has been changed. Tell the operator: {request_id}"
    if request.url.path.startswith(PAGES):
        return sentence("Something went wrong", text, status=500)
    return JSONResponse({"code": "error", "message": text, "field": ""}, status_code=500)

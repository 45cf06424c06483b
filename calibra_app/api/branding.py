"""The laboratory's colour and logo, for its own address and for whoever is signed in there."""

import base64
import hashlib
from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from calibra_app.adapters.hosts import site_hosts
from calibra_app.adapters.session_cookie import session_token
from calibra_app.api.dependencies import ask
from calibra_app.core.access import visitor
from calibra_app.core.errors import CalibraError, NotFound
from calibra_app.services.sign_in import actor_of_session
from calibra_app.services.tenants import Face, face_of_laboratory, laboratory_at

router = APIRouter()

# A laboratory's colour and the address of its logo, made into CSS.
StylesheetOf = Callable[[str, str], str]


@router.get("/api/v1/branding.css")
def get_stylesheet(request: Request) -> Response:
    """Return the variables of the laboratory's colour; empty where no laboratory is known."""
    return _cached(request, _stylesheet(request).encode(), "text/css")


@router.get("/api/v1/branding/logo")
def get_logo(request: Request) -> Response:
    """Return the laboratory's logo, as it was redrawn when it was uploaded."""
    head, _, data = _face(request).logo_data_uri.partition(";base64,")
    media_type = head.removeprefix("data:")
    if media_type not in {"image/png", "image/jpeg", "image/webp", "image/svg+xml"}:
        raise NotFound("This laboratory has no logo.")
    answer = _cached(request, base64.b64decode(data), media_type)
    # Opened by itself, a drawing runs nothing and loads nothing.
    answer.headers["content-security-policy"] = "default-src 'none'; sandbox"
    return answer


def _face(request: Request) -> Face:
    try:
        place = laboratory_at(request.headers.get("host", ""), site_hosts())
        tenant_id = place.tenant_id
        if tenant_id is None and place.known:
            token = session_token(request.headers.get("cookie", ""))
            tenant_id = actor_of_session(token).tenant_id if token else None
        return ask(visitor(tenant_id), face_of_laboratory) if tenant_id else Face()
    except CalibraError:
        # A page without its colour is better than no page.
        return Face()


def _stylesheet(request: Request) -> str:
    face = _face(request)
    made_of: StylesheetOf = request.app.state.stylesheet
    logo = f"/api/v1/branding/logo?revision={face.revision}" if face.logo_data_uri else ""
    try:
        return made_of(face.colour, logo) if face.colour else ""
    except ValueError:
        return ""


def _cached(request: Request, content: bytes, media_type: str) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    # Asked again each time, answered without content while nothing has changed: a new colour is
    # seen at once, and no proxy mixes up two laboratories.
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "cookie, host"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)

"""The door of HTTP: a bearer token or the session cookie becomes a unit of work."""

from collections.abc import Callable, Iterator
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Request

from calibra_app.adapters import logs
from calibra_app.adapters.hosts import same_origin, site_hosts
from calibra_app.adapters.session_cookie import session_token
from calibra_app.api.tokens import actor_of_bearer
from calibra_app.core.access import Actor
from calibra_app.core.errors import Forbidden, NotFound, Unauthenticated
from calibra_app.persistence.unit_of_work import UnitOfWork, lobby, unit_of_work
from calibra_app.services.sign_in import actor_of_session
from calibra_app.services.tenants import Whereabouts, laboratory_at

P = ParamSpec("P")
R = TypeVar("R")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def place_of(request: Request) -> Whereabouts:
    """Return the laboratory that the address of this request names, if it names one.

    Raises:
        NotFound: The address is none of ours.
    """
    place = laboratory_at(request.headers.get("host", ""), site_hosts())
    if not place.known:
        raise NotFound("There is nothing at this address.")
    return place


Place = Annotated[Whereabouts, Depends(place_of)]


def require_own_page(request: Request) -> None:
    """Refuse an unsafe request that a page of somebody else's may have sent.

    Raises:
        Forbidden: The Origin is missing or is not this address.
    """
    origin = request.headers.get("origin", "")
    if request.method in SAFE:
        return
    if not same_origin(origin, request.headers.get("host", "")):
        raise Forbidden("This came from another site's page; nothing has been done.")


def caller(request: Request, place: Place) -> Actor:
    """Return who calls: by bearer token, else by the session cookie of our own page.

    Raises:
        Unauthenticated: Neither is there, or it has ended.
    """
    request_id = str(getattr(request.state, "request_id", ""))
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        actor = actor_of_bearer(bearer.strip(), only_in=place.tenant_id, request_id=request_id)
    else:
        token = session_token(request.headers.get("cookie", ""))
        if not token:
            raise Unauthenticated("Sign in first.")
        # A browser adds the cookie by itself, so it proves nothing about who wrote the request.
        require_own_page(request)
        actor = actor_of_session(token, only_in=place.tenant_id, request_id=request_id)
    logs.bind(actor)
    return actor


Caller = Annotated[Actor, Depends(caller)]


def open_work(actor: Caller) -> Iterator[UnitOfWork]:
    """Open the transaction of one request."""
    with unit_of_work(actor) as work:
        yield work


# scope="function": the commit comes before the answer, so a failed commit is never a 200.
Work = Annotated[UnitOfWork, Depends(open_work, scope="function")]


def ask(
    actor: Actor,
    service: Callable[Concatenate[UnitOfWork, P], R],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run one service in a transaction of its own, for an actor that a route has made."""
    with unit_of_work(actor) as work:
        return service(work, *args, **kwargs)


def address_of(request: Request) -> str:
    """Return the caller's address, as far as the trusted proxies tell it."""
    return str(getattr(request.state, "address", "") or "unknown")


def database_answers() -> bool:
    """Say whether the database answers the application's own role."""
    with lobby() as desk:
        desk.tenant_by_slug("-")
    return True


def laboratory_of_code(code: str) -> int | None:
    """Return the laboratory that gave out a public code; an unknown one takes as long."""
    with lobby() as desk:
        return desk.tenant_of_code(code)

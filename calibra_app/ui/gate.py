"""The one gate that every event of the site passes: session, permission, payload types.

Why a middleware, and not a check in each handler: Reflex lets any socket client call any public
method of any state, with any arguments. So the way in is closed for all of them at one place, and
a handler that declares nothing does not even load. The service's own `@permitted` is the second
net, row security the third.
"""

import asyncio
import contextvars
import functools
import inspect
import time
import typing
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote

import pydantic
import reflex as rx
import structlog
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event, EventSpec
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.form import form_data_as_dict

from calibra_app.adapters import logs, metrics
from calibra_app.adapters.hosts import site_hosts
from calibra_app.adapters.pace import Pace
from calibra_app.adapters.session_cookie import session_token
from calibra_app.core.access import Actor, Permission
from calibra_app.core.errors import CalibraError, Unauthenticated
from calibra_app.core.ids import new_id
from calibra_app.services.sign_in import actor_of_session
from calibra_app.services.tenants import laboratory_at
from calibra_app.ui import notices, routes
from calibra_app.ui.words import say

log = structlog.get_logger(__name__)

MARK = "__calibra_policy__"
EVENTS_PER_SECOND = 20.0
EVENTS_AT_ONCE = 120
KNOWN_SECONDS = 5.0
MOST_KNOWN = 5_000
THREADS = 12

P = ParamSpec("P")
R = TypeVar("R")

# What a browser sends by itself: hydration, the page's on_load, its own exceptions.
FRAMEWORK_HANDLERS = frozenset(
    {
        "hydrate",
        "hydrate_and_load",
        "on_load_internal",
        "set_is_hydrated",
        "handle_frontend_exception",
    }
)
FRAMEWORK_MODULES = ("reflex.", "reflex_base.", "reflex_components_")


class Admission(Enum):
    """Who may call a handler when no single permission decides it."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call one handler: an admission, or any one of some permissions."""

    admission: Admission | None = None
    permissions: frozenset[Permission] = frozenset()
    reading: bool = False
    partly: bool = False

    def admits(self, actor: Actor | None, *, from_browser: bool) -> bool:
        """Say whether this actor may call the handler."""
        if self.admission is Admission.PUBLIC:
            return True
        if self.admission is Admission.INTERNAL:
            return not from_browser
        if actor is None:
            return False
        if self.admission is Admission.SIGNED_IN:
            return True
        return any(
            actor.may(permission, reading=self.reading, partly=self.partly)
            for permission in self.permissions
        )


def action(
    *permissions: Permission, reading: bool = False, partly: bool = False, **options: Any
) -> Callable[..., Any]:
    """Declare an event for those who hold any one of the permissions.

    Args:
        permissions: The permissions that open it.
        reading: The event only looks; a right to read is enough.
        partly: The event is the part left to others: to propose, to ask, to agree.
        options: What `rx.event` takes, for example `background=True`.
    """
    if not permissions:
        raise TypeError("@action names at least one permission")
    return _declare(Policy(None, frozenset(permissions), reading, partly), options)


def public(fn: Callable[..., Any]) -> Any:
    """Declare an event that anybody may call, signed in or not."""
    return _declare(Policy(Admission.PUBLIC), {})(fn)


def signed_in(fn: Callable[..., Any]) -> Any:
    """Declare an event for every person who is signed in."""
    return _declare(Policy(Admission.SIGNED_IN), {})(fn)


def internal(fn: Callable[..., Any]) -> Any:
    """Declare an event that only the server itself starts; no browser can call it."""
    return _declare(Policy(Admission.INTERNAL), {})(fn)


def _declare(policy: Policy, options: Mapping[str, Any]) -> Callable[..., Any]:
    def declared(fn: Callable[..., Any]) -> Any:
        declare: Any = rx.event
        event = declare(notices.without_gaps(fn), **options)
        setattr(event, MARK, policy)
        return event

    return declared


_payloads: dict[str, type[pydantic.BaseModel]] = {}


def enrol(state: type[BaseState]) -> None:
    """Enter the events of a state class; called when the class is made.

    Raises:
        TypeError: A public method declares no policy, or an argument has no type.
    """
    known = RegistrationContext.get().event_handlers
    # Reflex gives every state a handler that sets its vars by name: nobody may have that.
    state.event_handlers.pop("setvar", None)
    known.pop(f"{state.get_full_name()}.setvar", None)
    for name, handler in state.event_handlers.items():
        if getattr(handler.fn, MARK, None) is None:
            raise TypeError(
                f"{state.__name__}.{name} is public and declares nobody who may call it: "
                f"decorate it with @action, @signed_in, @public or @internal, or name it _{name}."
            )
        _payloads[f"{state.get_full_name()}.{name}"] = _payload_model(state, name, handler.fn)


def _payload_model(
    state: type[BaseState], name: str, fn: Callable[..., Any]
) -> type[pydantic.BaseModel]:
    hints = typing.get_type_hints(fn, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(fn).parameters.values())[1:]:
        if parameter.name not in hints:
            raise TypeError(f"{state.__name__}.{name}({parameter.name}) has no type.")
        missing = parameter.default is inspect.Parameter.empty
        fields[parameter.name] = (hints[parameter.name], ... if missing else parameter.default)
    # A form's fields are a TypedDict of `typing_extensions`: pydantic asks for that one.
    return pydantic.create_model(
        f"{state.__name__}_{name}",
        __config__=pydantic.ConfigDict(extra="forbid", str_max_length=100_000),
        **fields,
    )


def policy_of(event_name: str) -> Policy | None:
    """Return who may call the named handler; None for one that nobody declared."""
    registered = RegistrationContext.get().event_handlers.get(event_name)
    if registered is None:
        return None
    handler = event_name.rpartition(".")[2]
    owner = registered.states[0].__module__ if registered.states else ""
    if handler in FRAMEWORK_HANDLERS and owner.startswith(FRAMEWORK_MODULES):
        return Policy(Admission.PUBLIC)
    policy = getattr(registered.handler.fn, MARK, None)
    return policy if isinstance(policy, Policy) else None


def is_known(event: Any) -> bool:
    """Say whether what a socket sent names an event at all.

    Reflex logs an unknown name with the whole event, cookie included, and waits for its end
    forever; so it is turned away before it is put in line.
    """
    name = event.get("name") if isinstance(event, dict) else None
    return isinstance(name, str) and name in RegistrationContext.get().event_handlers


def guard_socket(namespace: Any) -> None:
    """Let a socket's namespace hand on known events alone."""
    hand_on = namespace.on_event

    async def on_event(sid: str, data: Any) -> None:
        if is_known(data):
            await hand_on(sid, data)
        else:
            metrics.EVENTS.labels("unknown").inc()

    namespace.on_event = on_event


def undeclared() -> list[str]:
    """Return the handlers of our own that declare no policy; a test keeps this empty."""
    return [
        name
        for name, registered in RegistrationContext.get().event_handlers.items()
        if registered.states
        and not registered.states[0].__module__.startswith(FRAMEWORK_MODULES)
        and getattr(registered.handler.fn, MARK, None) is None
    ]


@dataclass
class Gate(Middleware):
    """Passes or refuses each event before its handler runs; what is not declared is refused.

    Args:
        owned: The state that remembers whose session a tree of states belongs to.
    """

    owned: type[BaseState]
    pace: Pace = field(default_factory=lambda: Pace(EVENTS_PER_SECOND, EVENTS_AT_ONCE))

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event pass (None), or answer in its place."""
        del app
        router = router_of_event()
        # The headers are those of the socket's handshake: a payload cannot set them.
        headers: Mapping[str, str] = router.get("headers") or {}
        socket = str(router.get("sid", ""))
        if socket and not self.pace.allows(socket):
            metrics.EVENTS.labels("too many").inc()
            return _answer(notices.warned(say("That was too quick. Wait a second, then go on.")))
        try:
            actor = await actor_of(headers or last_headers(state))
        except CalibraError as away:
            # Nobody can be known now: the page stays as it is, with what was typed on it.
            metrics.EVENTS.labels("unavailable").inc()
            return _answer(notices.warned(away.message))
        logs.bind(actor, event=event.name)
        await self._keep_apart(state, actor)
        return self._judge(event, actor, from_browser=bool(headers))

    def _judge(
        self, event: Event, actor: Actor | None, *, from_browser: bool
    ) -> StateUpdate | None:
        policy = policy_of(event.name)
        if policy is None or not policy.admits(actor, from_browser=from_browser):
            metrics.EVENTS.labels("refused").inc()
            log.info("event refused", handler=event.name[:200], signed_in=actor is not None)
            if actor is None:
                return _answer(rx.redirect(sign_in_path()))
            if event.name.rpartition(".")[2].startswith("load"):
                # A page that may not load says so itself; else its grey lines would stand for ever.
                return _answer(typing.cast("Any", self.owned).show_nothing())
            return _answer(notices.refused(say("Your roles do not include this.")))
        if (complaint := _take(event)) is not None:
            metrics.EVENTS.labels("malformed").inc()
            log.warning("event malformed", handler=event.name[:200], complaint=complaint)
            return _answer(notices.refused(say("The page sent something unexpected. Reload it.")))
        metrics.EVENTS.labels("passed").inc()
        return None

    async def _keep_apart(self, state: BaseState, actor: Actor | None) -> None:
        # A tab's token is chosen by the browser. Whoever comes with somebody else's token, or
        # signs in as another person in the same tab, starts with empty states.
        root = state._get_root_state()  # noqa: SLF001 - Reflex offers no other way up
        memory = typing.cast("Any", await root.get_state(self.owned))
        owner = actor.session_id if actor else ""
        if memory._owner != owner:  # noqa: SLF001 - a var that is never sent to the browser
            if memory._owner:  # noqa: SLF001
                root.reset()
            memory._owner = owner  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class _Known:
    actor: Actor
    until: float


_known: dict[tuple[str, str], _Known] = {}


async def actor_of(headers: Mapping[str, str]) -> Actor | None:
    """Return who sits at the other end of a socket, by the cookie of its handshake; None: nobody.

    A socket's cookie is as old as its handshake, so the session is looked up again at least every
    `KNOWN_SECONDS`: a sign-out or a role taken away reaches open pages within that time.

    Raises:
        Unavailable: The session cannot be looked up, because the database does not answer.
    """
    token = session_token(headers.get("cookie", ""))
    if not token:
        return None
    key = (token, headers.get("host", ""))
    known = _known.get(key)
    if known and known.until > time.monotonic():
        return replace(known.actor, request_id=str(new_id()))
    try:
        actor = await in_thread(_look_up, *key)
    except Unauthenticated:
        _known.pop(key, None)
        return None
    except CalibraError:
        log.warning("session not readable", exc_info=True)
        raise
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[key] = _Known(actor, time.monotonic() + KNOWN_SECONDS)
    return replace(actor, request_id=str(new_id()))


def _look_up(token: str, host: str) -> Actor:
    place = laboratory_at(host, site_hosts())
    if not place.known:
        raise Unauthenticated("This address belongs to no laboratory.")
    return actor_of_session(token, only_in=place.tenant_id)


def forget_actors() -> None:
    """Look every session up again at the next event; for tests, and after roles have changed."""
    _known.clear()


def last_headers(state: BaseState) -> Mapping[str, str]:
    """Return the handshake that a tab came with, for an event that the server starts in it."""
    root = state._get_root_state()  # noqa: SLF001 - Reflex offers no other way up
    return (root.router_data or {}).get("headers") or {}


async def in_thread(fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a blocking function off the event loop, in one of a bounded number of threads.

    Bounded, so that a slow database makes people wait in a line and not the process run out of
    connections.
    """
    call = functools.partial(contextvars.copy_context().run, fn, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_threads, call)


_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="ask")


def _take(event: Event) -> str | None:
    model = _payloads.get(event.name)
    if model is None:
        return None
    try:
        # The browser wraps a form's fields as a list of pairs, so that names may stand twice.
        sent = {name: form_data_as_dict(value) for name, value in event.payload.items()}
        taken = model.model_validate(sent)
    except pydantic.ValidationError as error:
        return "; ".join(f"{detail['loc']}: {detail['type']}" for detail in error.errors()[:5])
    except (TypeError, ValueError) as error:
        return f"no form: {type(error).__name__}"
    event.payload.clear()
    event.payload.update({name: getattr(taken, name) for name in model.model_fields})
    return None


def router_of_event() -> Mapping[str, Any]:
    """Return what the server knows of the socket whose event is running; empty outside one."""
    try:
        return EventContext.get().router_data or {}
    except LookupError:
        return {}


def sign_in_path() -> str:
    """Return the way to the sign-in page and, after it, back to where the person is."""
    path = str(router_of_event().get("asPath", ""))
    if path.startswith(routes.SIGN_IN):
        # A late event of the page that was left; the way back is in the address already.
        return path
    return f"{routes.SIGN_IN}?next={quote(path)}" if path not in {"", "/"} else routes.SIGN_IN


def _answer(spec: EventSpec) -> StateUpdate:
    return StateUpdate(events=Event.from_event_type(spec))

"""The door of the browser: the state every page stands on, `ask` and `notice`.

A page's event asks a service, puts text into vars, and turns a refusal into a notice:

    class RoomState(Refusals, AppState):
        rows: list[RoomRow] = []

        @action(Permission.LABORATORY_SEE, reading=True)
        async def load(self):
            try:
                self.rows = [RoomRow.of(room) for room in await ask(self, list_rooms)]
            except CalibraError as error:
                return notice(error)

        @action(Permission.ROOM_EDIT)
        async def save(self, form: RoomForm):
            try:
                await ask(self, save_room, ...)
            except CalibraError as error:
                return self._refused(error)     # beside the field; what was typed stays
            return self._accepted("Room saved.")

Every page has `on_load=[AppState.load_shell, ItsState.load]`.
"""

import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import reflex as rx
import structlog
from reflex_base.event import EventSpec

from calibra_app.adapters import metrics
from calibra_app.core.access import Actor, Permission
from calibra_app.core.errors import (
    CalibraError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from calibra_app.persistence.unit_of_work import UnitOfWork, unit_of_work
from calibra_app.services.sign_in import describe_self
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.ui import notices, routes
from calibra_app.ui.gate import (
    Gate,
    actor_of,
    enrol,
    in_thread,
    last_headers,
    router_of_event,
    sign_in_path,
    signed_in,
)

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


async def current_actor(state: rx.State) -> Actor:
    """Return who sits at this tab, from the session cookie and never from a state.

    Raises:
        Unauthenticated: Nobody is signed in, or the session has ended.
    """
    actor = await actor_of(router_of_event().get("headers") or last_headers(state))
    if actor is None:
        raise Unauthenticated("Your session has ended. Sign in again.")
    return actor


async def ask(
    state: rx.State,
    service: Callable[Concatenate[UnitOfWork, P], R],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Run one service function in its own transaction, off the event loop.

    Raises:
        CalibraError: What the service refuses; Unavailable where the database does not answer.
    """
    actor = await current_actor(state)

    def transaction() -> R:
        with unit_of_work(actor) as work:
            return service(work, *args, **kwargs)

    name = getattr(service, "__name__", type(service).__name__)
    started = time.perf_counter()
    try:
        return await in_thread(transaction)
    except Forbidden:
        metrics.DENIED.labels("role").inc()
        raise
    finally:
        metrics.SERVICE_SECONDS.labels(name).observe(time.perf_counter() - started)


def notice(error: CalibraError) -> EventSpec:
    """Return the event that tells the person at the screen what went wrong."""
    if isinstance(error, Unauthenticated):
        return rx.redirect(sign_in_path())
    if isinstance(error, Conflict | Unavailable):
        return notices.warned(error.message)
    return notices.refused(error.message)


class AppState(rx.State):
    """What every page knows of the person at the screen; only to show, never to decide by."""

    _owner: str = ""

    person_id: str = ""
    person_name: str = ""
    person_initials: str = ""
    role_titles: str = ""
    laboratory_name: str = ""
    locale: str = "en"
    zone: str = "UTC"
    # Which buttons to show; whether a deed is done is decided by its service.
    permissions: list[str] = []
    readable: list[str] = []
    # The stylesheet of a face that this person saved just now; the page came with an older one.
    painted: str = ""
    # The address names a record that is not there for this person: a plain page says so.
    absent: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse to load a state with a public method for which nobody is declared."""
        super().__init_subclass__(**kwargs)
        if not kwargs.get("mixin"):
            enrol(cls)

    @signed_in
    async def load_shell(self):
        """Fill what the frame of every page shows; the gate sends strangers to the sign-in."""
        self.absent = False
        try:
            person = await ask(self, describe_self)
        except CalibraError as error:
            return notice(error)
        self.person_id = str(person.id)
        self.person_name = person.name
        self.person_initials = person.initials
        self.role_titles = ", ".join(person.role_titles)
        self.laboratory_name = person.laboratory_name
        self.locale = person.locale
        self.zone = person.zone
        self.permissions = list(person.permissions)
        self.readable = list(person.readable)
        if person.customer_id is not None and not _in_portal(str(self.router.page.path)):
            # A customer's place is the portal; every service asks for the right by itself.
            return rx.redirect(routes.PORTAL)
        return None

    @signed_in
    async def show_nothing(self):
        """Let the page say that nothing is here; the gate's answer where a page may not load."""
        self.absent = True

    def _not_shown(self, error: CalibraError) -> EventSpec | None:
        """Say plainly that the record of the address is not there; notice whatever else it is.

        What never was, what belongs to another laboratory and what a customer may not know of
        look alike, and nothing of the error reaches the screen.
        """
        if not isinstance(error, NotFound):
            return notice(error)
        self.absent = True
        return None


enrol(AppState)


def _in_portal(path: str) -> bool:
    return f"{path.rstrip('/')}/".startswith(routes.PORTAL)


def may(permission: Permission) -> rx.Var[bool]:
    """Return whether to show the part of a page that does this deed."""
    held: Any = AppState.permissions
    return held.contains(str(permission))


def may_see(permission: Permission) -> rx.Var[bool]:
    """Return whether to show the part of a page that only looks at this."""
    held: Any = AppState.readable
    return held.contains(str(permission))


class Refusals(rx.State, mixin=True):
    """A form's refusals, each beside the field it names; the form keeps what was typed.

    A field of `components/form.py` shows `errors[name]`. Forms are uncontrolled: the browser holds
    what was typed, so nothing is lost when a submission is refused.
    """

    errors: dict[str, str] = {}
    # For what belongs beside no field: shown above the form.
    form_error: str = ""

    def _refused(self, error: CalibraError) -> EventSpec | None:
        """Show a refusal where it belongs."""
        self.errors = {}
        self.form_error = ""
        if error.field:
            self.errors = {error.field: error.message}
            return notices.focus(error.field)
        if isinstance(error, Invalid):
            self.form_error = error.message
            return None
        return notice(error)

    def _refused_in_dialog(self, error: CalibraError, reason: str = "") -> EventSpec | None:
        """Show a refusal in the dialog that is open: a notice would lie behind it.

        Args:
            error: What the service refuses.
            reason: The field that holds the reason, if any: a short one is refused beside it (G30).
        """
        if error.field or isinstance(error, Unauthenticated):
            return self._refused(error)
        guards = {each.guard for each in error.refusals} if isinstance(error, GuardFailed) else {""}
        if reason and guards == {"G30"}:
            self.form_error, self.errors = "", {reason: error.message}
            return notices.focus(reason)
        self.errors, self.form_error = {}, error.message
        return None

    def _accepted(self, sentence: str = "") -> EventSpec | None:
        """Take old refusals away, and say what was done."""
        self.errors = {}
        self.form_error = ""
        return notices.done(sentence) if sentence else None


def the_gate() -> Gate:
    """Return the gate that guards the states of this site."""
    return Gate(AppState)

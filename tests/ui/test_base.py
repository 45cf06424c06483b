"""The door of the browser: `ask` opens one transaction for whoever signed in, and no other."""

import pytest

from calibra_app.core.access import Permission, Role, permitted
from calibra_app.core.errors import Conflict, Forbidden, Invalid, Unauthenticated
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.gate import public, signed_in


@permitted(Permission.PROFILE_KEEP)
def who_am_i(work):
    return f"{work.actor.tenant_id} {work.actor.name} {work.actor.request_id}"


@permitted(Permission.ROOM_EDIT)
def paint_the_room(work, colour):
    return colour


class DoorState(Refusals, AppState):
    """A page of this test."""

    heard: str = ""

    @signed_in
    async def listen(self):
        self.heard = await ask(self, who_am_i)

    @signed_in
    async def paint(self, colour: str):
        try:
            self.heard = await ask(self, paint_the_room, colour)
        except Forbidden as error:
            return notice(error)

    @public
    async def barge_in(self):
        try:
            self.heard = await ask(self, who_am_i)
        except Unauthenticated as error:
            return notice(error)

    @signed_in
    async def submit(self, form: dict[str, str]):
        if not form["name"]:
            return self._refused(Invalid("Give it a name.", field="name"))
        if form["name"] == "?":
            return self._refused(Invalid("Nothing in it makes sense."))
        return self._accepted("Saved.")


def deltas(sent, state=DoorState):
    merged = {}
    for kind, delta in sent:
        if kind == "delta":
            merged.update(delta.get(state.get_full_name(), {}))
    return {name.removesuffix("_rx_state_"): value for name, value in merged.items()}


async def test_a_service_is_asked_as_the_person_signed_in(site, a_session, laboratories):
    async with site() as open_tab:
        sent = await open_tab(a_session()).send(DoorState.listen)
    assert deltas(sent)["heard"].startswith(f"{laboratories[1]} Ada Lovelace ")


async def test_each_request_has_a_name_of_its_own_in_the_log(site, a_session):
    async with site() as open_tab:
        tab = open_tab(a_session())
        first = deltas(await tab.send(DoorState.listen))["heard"]
        second = deltas(await tab.send(DoorState.listen))["heard"]
    assert first.rsplit(" ", 1)[1] != second.rsplit(" ", 1)[1]


async def test_the_services_own_refusal_becomes_a_notice(site, a_session):
    async with site() as open_tab:
        sent = await open_tab(a_session(roles={Role.TE})).send(DoorState.paint, colour="green")
    assert "may not edit rooms" in str(sent)


async def test_a_public_event_of_a_stranger_asks_no_service(site):
    async with site() as open_tab:
        sent = await open_tab().send(DoorState.barge_in)
    assert deltas(sent).get("heard", "") == ""
    assert "/sign-in" in str(sent)


async def test_the_shell_shows_the_person_and_what_they_may_do(site, a_session):
    async with site() as open_tab:
        sent = await open_tab(a_session(roles={Role.TE})).send(AppState.load_shell)
    shown = deltas(sent, AppState)
    assert (shown["person_name"], shown["person_initials"]) == ("Ada Lovelace", "AL")
    assert shown["laboratory_name"] == "Laboratory 1"
    assert str(Permission.INDICATION_ENTER) in shown["permissions"]
    assert str(Permission.PERSON_MANAGE) not in shown["permissions"]


async def test_a_refusal_stands_beside_its_field_and_goes_with_the_next_attempt(site, a_session):
    async with site() as open_tab:
        tab = open_tab(a_session())
        refused = deltas(await tab.send(DoorState.submit, form={"name": ""}))
        assert refused["errors"] == {"name": "Give it a name."}
        above = deltas(await tab.send(DoorState.submit, form={"name": "?"}))
        assert (above["errors"], above["form_error"]) == ({}, "Nothing in it makes sense.")
        accepted = await tab.send(DoorState.submit, form={"name": "Room 7"})
        assert deltas(accepted)["form_error"] == ""
        assert "Saved." in str(accepted)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unauthenticated("ended"), "/sign-in"),
        (Conflict("Somebody else was quicker."), "quicker"),
        (Forbidden("You may not."), "may not"),
    ],
)
def test_every_kind_of_error_is_told(error, said):
    assert said in str(notice(error))

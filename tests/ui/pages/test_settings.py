"""The page of settings: what was typed stays, what it would look like is shown."""

import io
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from PIL import Image

from calibra_app.core.access import Actor, Role
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.services.settings.face import FaceDraft, FaceRevision
from calibra_app.services.settings.options import (
    OPTIONAL,
    Limits,
    Particulars,
    Settings,
    Workflow,
)
from calibra_app.ui.pages.settings import state as module
from calibra_app.ui.pages.settings.face import preview_stylesheet, what_became
from calibra_app.ui.pages.settings.page import settings_page
from calibra_app.ui.pages.settings.state import SettingsState
from calibra_app.ui.theme import contrast, tokens

FACE = FaceRevision(3, FaceDraft(colour="#0b6e8f", sender_name="Meridian"), None, "Victor Hale")
SETTINGS = Settings(
    UUID(int=7),
    4,
    "Meridian",
    "EUR",
    Particulars("Meridian GmbH", "Messstraße 7"),
    Limits(Decimal("20.0"), Decimal(10), Decimal(5000), 30, 14),
    Workflow(dict.fromkeys(OPTIONAL, True), 14, 30),
    {"srf": "SRF-{year}-{number:04}", "quotation": "Q-{number}", "invoice": "I-{number}",
     "certificate": "MM-{yy}-{srf}-{line:02}"},
)  # fmt: skip


@pytest.fixture
def opened(answering, monkeypatch):
    """Open the page as somebody, with what the services answer."""

    async def open_page(*roles, **more):
        actor = Actor(1, UUID(int=9), "Victor Hale", frozenset(roles or {Role.TA}))

        async def current(_state):
            return actor

        monkeypatch.setattr(module, "current_actor", current)
        given = {
            "get_settings": SETTINGS,
            "latest_face": FACE,
            "list_faces": (FACE,),
            "preview_numbers": ("N-1", "N-2"),
        }
        calls = answering(SettingsState, **(given | more))
        state = SettingsState()
        await SettingsState.load.fn(state)
        return state, calls

    return open_page


async def test_unsaved_changes_are_counted_and_taken_back(opened):
    state, _ = await opened()
    await SettingsState.touch.fn(state, "sender_name", "Other")
    await SettingsState.touch.fn(state, "colour", "#f5c400")
    assert (state.changes, state.changes_told) == (2, "2 unsaved changes")
    await SettingsState.touch.fn(state, "sender_name", "Meridian")
    assert state.changes_told == "1 unsaved change"
    turn = state.turn
    await SettingsState.discard.fn(state)
    assert (state.changes, state.turn) == (0, turn + 1)


async def test_a_section_is_left_only_with_everything_saved(opened):
    state, _ = await opened()
    await SettingsState.touch.fn(state, "sender_name", "Other")
    assert "Save or discard" in str(await SettingsState.choose.fn(state, "money"))
    assert state.section == "branding"


async def test_a_colour_is_shown_at_once_and_half_typed_ones_change_nothing(opened):
    state, _ = await opened()
    await SettingsState.touch.fn(state, "colour", "#F5C400")
    painted = state.stylesheet
    assert "dark letters" in state.sentence
    await SettingsState.touch.fn(state, "colour", "#F5C4")
    assert state.stylesheet == painted
    assert "six digits" in state.sentence


async def test_saving_the_face_names_the_new_stylesheet(opened):
    saved = FaceRevision(4, FACE.draft)
    state, calls = await opened(change_face=saved)
    await SettingsState.save.fn(
        state, {"colour": "#123456", "sender_name": "M", "sender_email": ""}
    )
    name, (seen, draft), _ = next(call for call in calls if call[0] == "change_face")
    assert (name, seen, draft.colour, draft.sender_name) == ("change_face", 3, "#123456", "M")
    assert state.painted == "/api/v1/branding.css?4"


async def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(opened):
    state, _ = await opened(change_face=Invalid("No colour.", field="colour"))
    await SettingsState.touch.fn(state, "colour", "blue")
    await SettingsState.save.fn(state, {"colour": "blue"})
    assert (state.errors, state.changes) == ({"colour": "No colour."}, 1)


async def test_somebody_elses_change_is_told(opened):
    state, _ = await opened(change_limits=Conflict("tax rate is now “19”, you have “20”"))
    state.section = "money"
    form = dict.fromkeys(Limits.__slots__, "1")
    assert "tax rate is now" in str(await SettingsState.save.fn(state, form))


async def test_the_workflow_is_read_from_its_switches(opened):
    state, calls = await opened(change_workflow=5)
    state.section = "workflow"
    form = {"quoted": "on", "close_after_days": "10", "info_lapse_days": "20", "reason": "Why not"}
    await SettingsState.save.fn(state, form)
    _, (_, chosen, reason), _ = next(call for call in calls if call[0] == "change_workflow")
    assert [each.value for each, used in chosen.states.items() if used] == ["quoted"]
    assert (chosen.close_after_days, reason) == (10, "Why not")


async def test_a_pattern_that_is_refused_says_why_beside_its_field(opened):
    state, _ = await opened(preview_numbers=Invalid("Without {number}.", field="srf"))
    await SettingsState.touch.fn(state, "srf", "SRF")
    assert state.errors == {"srf": "Without {number}."}
    assert state.coming[0].numbers == []


async def test_who_may_set_the_workflow_alone_changes_nothing_else(opened):
    state, _ = await opened(Role.LM)
    assert (state.changeable, state.workflow_changeable) == (False, True)
    state, _ = await opened(Role.VA)
    assert (state.changeable, state.workflow_changeable) == (False, False)


async def test_a_logo_is_made_harmless_once_more_before_it_is_shown(opened, monkeypatch):
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    file = SimpleNamespace(sha256="a")
    kept = {"a": out.getvalue(), "b": b"%PDF-1.7"}
    monkeypatch.setattr(module.storage, "get", lambda _tenant, digest: kept[digest])
    state, _ = await opened(open_upload=file)
    await SettingsState.take_logo.fn(state, str(UUID(int=5)), "logo.png")
    assert state.logo.startswith("data:image/png;base64,")
    assert state.changes == 1
    file.sha256 = "b"
    assert "no SVG" in str(await SettingsState.take_logo.fn(state, str(UUID(int=5)), "a.pdf"))


@pytest.mark.parametrize(
    ("colour", "words"),
    [
        ("#f5c400", "dark letters"),
        ("#0b6e8f", "used as it is; white"),
        ("#88ddff", "buttons use #"),
    ],
)
def test_what_became_of_a_colour_is_told_with_its_contrast(colour, words):
    assert words in what_became(colour)
    assert ":1" in what_became(colour)


def test_the_preview_shows_both_modes_whatever_the_page_wears():
    css = preview_stylesheet("#8f0b2f")
    light, dark = tokens("light", "#8f0b2f"), tokens("dark", "#8f0b2f")
    assert f"--brand-solid:{light['brand-solid']};" in css.split(".preview-dark")[0]
    assert f"--canvas:{dark['canvas']};" in css.split(".preview-dark")[1]
    assert contrast(light["brand-on"], light["brand-solid"]) >= 4.5


@pytest.mark.parametrize("colour", ["", "blue", "#12345", "#12;}x{"])
def test_what_is_no_colour_makes_no_stylesheet(colour):
    with pytest.raises(ValueError, match=r"."):
        preview_stylesheet(colour)


def test_the_page_builds():
    assert settings_page().render()

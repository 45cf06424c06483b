"""The parts of a page: they build from fixed values and from vars, and keep their promises."""

import re
from pathlib import Path

import pytest
import reflex as rx

import calibra_app.ui.components
from calibra_app.ui.base import AppState, Refusals
from calibra_app.ui.components import (
    board,
    cell_grid,
    choice,
    file_drop,
    form,
    page_head,
    shell,
    status,
)
from calibra_app.ui.components.budget import zone_bar, zone_of
from calibra_app.ui.components.button import button, segments
from calibra_app.ui.components.dialog import signature_dialog
from calibra_app.ui.components.layout import card, empty, facts, page, quantity
from calibra_app.ui.components.people import person
from calibra_app.ui.components.stat import spark_path
from calibra_app.ui.components.table import Column, cell, link_cell, record, table
from calibra_app.ui.gate import public

FOLDER = Path(calibra_app.ui.components.__file__).parent
ROOT = FOLDER.parents[2]
SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "assets/icons.svg").read_text()))


class Sample(Refusals, AppState):
    """A page's state, as the parts meet it."""

    rows: list[dict[str, str]] = []  # noqa: RUF012 - a var of a state
    open: bool = False
    words: str = ""

    @public
    async def send(self, form: dict[str, str]):
        """Take a form."""

    @public
    async def choose(self, value: str):
        """Take a choice."""

    @public
    async def close(self):
        """Take nothing."""

    @public
    async def move(self, card_id: str, column: str, version: int):
        """Take a move."""

    @public
    async def stored(self, file_id: str, name: str):
        """Take a file."""

    @public
    async def commit(self, row: str, column: str, text: str, base: int, reason: str):
        """Take a cell."""


def drawn(part):
    return str(part)


@pytest.mark.parametrize(
    "look",
    [
        *status.SRF_STATES.values(),
        *status.LINE_STATES.values(),
        *status.VERDICTS.values(),
        *(look for look, _ in status.BOARD_COLUMNS.values()),
    ],
    ids=lambda look: look.words,
)
def test_each_state_has_a_symbol_that_exists_and_words_that_fit_a_badge(look):
    assert look.icon in SYMBOLS
    assert 0 < len(look.words) <= 17


def test_there_are_24_header_states_and_15_line_states():
    assert (len(status.SRF_STATES), len(status.LINE_STATES)) == (24, 15)


def test_every_open_header_state_but_the_draft_stands_in_one_column_of_the_board():
    shown = [state for _, states in status.BOARD_COLUMNS.values() for state in states]
    ended = {"draft", "closed", "rejected", "cancelled"}
    assert sorted(shown) == sorted(set(status.SRF_STATES) - ended)


def test_the_five_verdicts_differ_in_shape():
    assert len({look.icon for look in status.VERDICTS.values()}) == 5


def test_a_state_that_nobody_knows_appears_under_its_own_name():
    assert status.look_of("teleported").words == "teleported"


def test_every_symbol_that_a_part_names_exists():
    named = set()
    for file in FOLDER.glob("*.jsx"):
        named |= set(re.findall(r'(?:name|symbol)="([a-z][\w-]+)"', file.read_text()))
    for file in FOLDER.glob("*.py"):
        named |= set(re.findall(r'\bicon\("([\w-]+)"', file.read_text()))
    assert named
    assert named - SYMBOLS == set()


@pytest.mark.parametrize(
    ("file", "given"),
    [
        ("board.jsx", board.WORDS),
        ("sheet.jsx", cell_grid.WORDS),
        ("cell.jsx", cell_grid.WORDS),
        ("shell.jsx", shell.WORDS),
        ("choice.jsx", choice.WORDS | {"list": ""}),
        ("file_drop.jsx", file_drop.WORDS | {"hint": "", "large": ""}),
    ],
)
def test_all_words_of_the_browser_part_come_from_python(file, given):
    asked = set(re.findall(r"\bwords\.(\w+)", (FOLDER / file).read_text()))
    assert asked
    assert asked - set(given) == set()


def test_no_part_uses_the_heavy_theme():
    sources = [*ROOT.glob("calibra_app/ui/**/*.py"), *ROOT.glob("calibra_app/ui/**/*.jsx")]
    assert not [
        file.name
        for file in sources
        if "radix" in file.read_text().replace("no Radix Themes", "").lower()
    ]


def test_a_shell_marks_where_one_is_and_starts_with_the_skip_link():
    text = drawn(shell.shell("Requests", page(), here="/requests/"))
    assert text.index("Skip to content") < text.index("nav-home")
    assert text.count('"aria-current":"page"') == 2  # the navigation and the bar of the phone


def test_the_navigation_asks_for_each_entry_whether_the_person_may_go_there():
    text = drawn(shell.shell("Requests", page()))
    for permission in ("srf:see", "sheet:review", "branding:set"):
        assert text.count(permission) >= 2


def test_a_page_whose_record_is_not_there_says_so_and_leads_back():
    drawing = drawn(shell.shell("Request", rx.el.p("The request"), here="/requests/"))
    assert "There is nothing to show here" in drawing
    assert "absent_rx_state_" in drawing


def test_what_the_head_loads_changes_its_address_with_its_content():
    text = "".join(map(drawn, page_head.head()))
    assert re.search(r"/calibra\.css\?[0-9a-f]{8}", text)
    assert text.index("/calibra.css") < text.index("/api/v1/branding.css")


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays():
    text = drawn(form.text_field("email", "Email", errors=Sample.errors, value="a@b.example"))
    assert 'htmlFor:"email"' in text
    assert '"aria-describedby":"email-fault"' in text
    assert "defaultValue" in text
    assert 'role:"alert"' in text or '"alert"' in text


def test_a_number_field_takes_text_so_that_comma_and_point_both_pass():
    text = drawn(form.number_field("load", "Load", unit="kg"))
    assert 'inputMode:"decimal"' in text
    assert 'type:"number"' not in text


def test_a_form_lets_the_server_judge_its_fields():
    text = drawn(form.form(form.text_area("note", "Note"), on_submit=Sample.send, submit="Send"))
    assert "noValidate:true" in text


def test_a_button_that_works_cannot_be_pressed_again():
    text = drawn(button("Send", busy=Sample.open))
    assert "aria-busy" in text
    assert "disabled" in text


def test_one_segment_is_pressed():
    text = drawn(segments([("a", "A"), ("b", "B")], Sample.words, Sample.choose, label="Which"))
    assert text.count("aria-pressed") == 2


def test_a_row_is_one_link():
    made = table(
        [Column("Number", sort="number"), Column("Items", right=True), ""],
        Sample.rows,
        lambda row: record(link_cell(row["number"], row["path"]), cell(row["items"], right=True)),
        label="Requests",
        loading=Sample.open,
        on_sort=Sample.choose,
    )
    text = drawn(made)
    assert text.count('"row-link"') == 1
    assert 'scope:"col"' in text


def test_a_table_of_a_var_needs_to_know_its_row():
    with pytest.raises(TypeError, match="row"):
        table(["Number"], rx.Var.create([]), label="Requests")


def test_a_signature_says_what_it_means_and_asks_for_the_password():
    made = signature_dialog(
        Sample.open,
        Sample.close,
        "Authorize MM-26-0413-05",
        text="You confirm that the results are valid.",
        meaning="Meaning: authorized for issue",
        signer="Kenji Mori",
        on_sign=Sample.send,
        errors=Sample.errors,
    )
    text = drawn(made)
    assert "Meaning: authorized for issue" in text
    assert 'type:"password"' in text
    assert "current-password" in text


def test_a_value_and_its_unit_never_part():
    text = drawn(quantity("+0.0040", "V", "0.0080"))
    assert "one-line" in text
    assert "\u202f" in text or "\\u202f" in text


def test_the_zones_stand_where_the_numbers_say():
    zone = zone_of(
        error=1.0, expanded_uncertainty=0.5, limit=2.0, acceptance=1.5, limit_text="2.0", spoken="…"
    )
    half = 2.0 * 1.35
    assert zone.value == f"{50 + 50 / half:.2f}%"
    assert zone.accept_width == f"{100 * 1.5 / half:.2f}%"
    assert not zone.crowded
    assert drawn(zone_bar(zone))


def test_a_value_far_out_still_stands_on_the_bar():
    zone = zone_of(
        error=-40.0,
        expanded_uncertainty=2.0,
        limit=1.0,
        acceptance=-1.0,
        limit_text="1",
        spoken="…",
    )
    assert float(zone.value[:-1]) > 0
    assert zone.accept_width == "0.00%"
    # The limits lie together in the middle, where no further word has room.
    assert zone.crowded


def test_a_trend_of_equal_values_is_a_flat_line():
    heights = {point.split()[1] for point in re.split("[ML]", spark_path([4, 4, 4])) if point}
    assert len(heights) == 1
    assert spark_path([4]) == ""


def test_a_person_has_a_name_for_those_who_do_not_see_the_mark():
    assert '"aria-label":"Mei Lin"' in drawn(person("Mei Lin", "ML", hue=2))


def test_the_board_and_the_grid_take_vars_and_fixed_values():
    made = board.board(
        board.srf_columns(),
        Sample.rows,
        label="Requests",
        on_move=Sample.move,
        on_open=Sample.choose,
    )
    assert "@dnd-kit/core@6.3.1" in made.lib_dependencies
    grid = cell_grid.cell_grid(
        label="Sheet", columns=[], rows=[], cells={}, on_commit=Sample.commit, reasons=["Misread"]
    )
    assert "Misread" in drawn(grid)


def test_the_line_columns_carry_the_looks_of_their_states():
    (column,) = board.line_columns("on_hold")
    assert (column["title"], column["tone"]) == ("On hold", "amber")


def test_cards_facts_and_empty_places_build():
    assert drawn(card("Facts", facts(("Customer", "Kestrel")), action=button("Edit")))
    assert "No quotation yet" in drawn(empty("No quotation yet"))


def test_a_file_too_large_is_refused_before_it_is_sent():
    text = drawn(
        file_drop.file_drop("/api/v1/files", "Photos", on_done=Sample.stored, most_megabytes=3)
    )
    assert "larger than 3 MB" in text
    assert str(3 * 1024 * 1024) in text

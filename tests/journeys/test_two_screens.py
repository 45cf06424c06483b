"""Two people at two screens that hang on two web processes: nothing is lost, both see the same."""

import pickle
import re
import time
from decimal import Decimal
from itertools import product, zip_longest
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from redis import Redis

from calibra_app.config import REFLEX_REDIS
from calibra_app.demo.readings import observation
from tests.journeys.conftest import LONGEST_ANSWER, running_site
from tests.journeys.deeds import LONG, dialog, number_of
from tests.journeys.deeds_grid import (
    CALIPER,
    INSIDE,
    OUTSIDE,
    REPEATS,
    Place,
    cell,
    correct,
    indications_of,
    open_sheet,
    paste,
    saved,
    screen_of,
    type_reading,
)

EDITS = 400
WRENCH = "KA-TRQ-012"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site on the Wednesday of the sample week: the caliper lies on the bench."""
    data = tmp_path_factory.mktemp("site")
    with running_site(data, week=True, history=False, at=(2, 10, 30)) as running:
        yield running


@pytest.fixture
def elsewhere(persona, site):
    """Open a page for somebody on another web process than a page that is open already."""

    def enter(page: Page, name: str, path: str) -> Page:
        for _ in range(20):
            other = persona(name).goes(path)
            if process_of(site, other) != process_of(site, page):
                return other
            other.context.close()
        raise AssertionError("every screen hangs on the same web process")

    return enter


def process_of(site, page: Page) -> str:
    """Return which web process holds the socket of a page, as it notes it in Redis itself."""
    token = page.evaluate("sessionStorage.getItem('token')")
    address = site.services()["redis_url"]
    limit = time.monotonic() + LONGEST_ANSWER
    with Redis.from_url(f"{address}?db={REFLEX_REDIS}") as redis:
        while not (note := redis.get(f"token_manager_socket_record_{token}")):
            assert time.monotonic() < limit, "the page never opened its socket"
            page.wait_for_timeout(50)
    return pickle.loads(note).instance_id  # noqa: S301 (our own Redis)


class Told:
    """What stands in the cells and was typed into them so far: each in its order."""

    def __init__(self) -> None:
        self.cells: dict[Place, list[str]] = {}
        self._before = 0

    def begin(self, cells: dict[Place, list[str]]) -> None:
        """Note what stands there before anybody types."""
        self.cells = cells
        self._before = sum(map(len, cells.values()))

    def edits(self) -> int:
        """Return how many edits there were since the beginning."""
        return sum(map(len, self.cells.values())) - self._before

    def first(self, place: Place, text: str) -> str:
        """Note what is typed first into a cell."""
        self.cells[place] = [text]
        return text

    def next(self, place: Place) -> str:
        """Return an indication that differs from the one before, and note it."""
        nominal = place[0].split("-")[1].replace("p", ".")
        text = f"{Decimal(nominal) + Decimal(1 + len(self.cells[place]) % 4) / 100:.2f}"
        self.cells[place].append(text)
        return text

    def block(self, points: tuple[str, ...]) -> str:
        """Return a block for a spreadsheet's clipboard, one row for each point."""
        rows = [[self.next((point, repeat)) for repeat in REPEATS] for point in points]
        return "\n".join("\t".join(row) for row in rows)


@pytest.fixture(scope="module")
def told():
    """What the tests of this file have typed; each goes on where the one before ended."""
    return Told()


@pytest.fixture
def bench(persona, elsewhere):
    """Mei and Ruth at the same sheet, on two web processes."""
    mei = open_sheet(persona, "Mei Lin", CALIPER)
    ruth = elsewhere(mei, "Ruth Okoye", urlsplit(mei.url).path)
    expect(ruth.get_by_role("grid")).to_be_visible(timeout=LONG)
    expect(mei.get_by_role("img", name="Ruth Okoye")).to_be_visible(timeout=LONG)
    return mei, ruth


def test_a_card_moved_on_one_screen_shows_on_the_other(persona, elsewhere):
    tomasz = persona("Tomasz Nowak").goes("/board/")
    priya = elsewhere(tomasz, "Priya Menon", "/board/")
    for page in (tomasz, priya):
        expect(_card(page, "assigned", WRENCH)).to_be_visible(timeout=LONG)
    tomasz.get_by_role("button", name=f"Move {WRENCH} to…").click()
    dialog(tomasz).get_by_role("button", name=re.compile("^In progress")).click()
    # Who begins an item is led to its sheet; the board of the other follows without a reload.
    expect(tomasz.get_by_role("heading", name=WRENCH)).to_be_visible(timeout=LONG)
    expect(_card(priya, "in_progress", WRENCH)).to_be_visible(timeout=LONG)
    expect(_card(priya, "assigned", WRENCH)).to_have_count(0)


def test_two_people_type_into_one_sheet(bench, told, site):
    mei, ruth = bench
    told.begin(indications_of(site, _sheet_of(mei)))
    _each_fills_own_jaws(mei, ruth, told)
    _each_corrects_own_jaws(mei, ruth, told)
    _all_is_kept_and_shown(site, mei, ruth, told)


def test_two_people_paste_blocks_into_one_sheet(bench, told, site):
    # It goes on where the story above ends.
    mei, ruth = bench
    _each_pastes_blocks(mei, ruth, told)
    _all_is_kept_and_shown(site, mei, ruth, told)


def test_after_four_hundred_edits_all_are_kept_and_both_screens_are_equal(bench, told, site):
    mei, ruth = bench
    _both_correct_the_same_cells(mei, ruth, told)
    _both_type_into_a_cell_at_once(mei, ruth, told)
    assert told.edits() == EDITS
    _all_is_kept_and_shown(site, mei, ruth, told)


def _each_fills_own_jaws(mei: Page, ruth: Page, told: Told) -> None:
    """Mei goes on with the outside jaws, Ruth reads the inside jaws, turn by turn: 6 edits each."""
    seen = observation(number_of(CALIPER)).as_found
    places = [list(product(points, REPEATS)) for points in (OUTSIDE, INSIDE)]
    empty = [[place for place in each if place not in told.cells] for each in places]
    assert [len(each) for each in empty] == [6, 6]
    for pair in zip(*empty, strict=True):
        for page, place in zip((mei, ruth), pair, strict=True):
            text = seen[place[0]].split()[place[1] - 1]
            type_reading(page, place, told.first(place, text))


def _each_corrects_own_jaws(mei: Page, ruth: Page, told: Told) -> None:
    """45 and 48 edits, each with its reason."""
    for outside, inside in zip_longest(_rounds(OUTSIDE, 3), _rounds(INSIDE, 8)):
        for page, place in ((mei, outside), (ruth, inside)):
            if place is not None:
                if place in {(OUTSIDE[0], 1), (INSIDE[0], 1)}:
                    # A value that is typed over is stored by then; so it would be for a person.
                    saved(page)
                correct(page, place, told.next(place))


def _each_pastes_blocks(mei: Page, ruth: Page, told: Told) -> None:
    """120 edits each: 8 blocks of 15 cells and 20 blocks of 6 cells."""
    for turn in range(20):
        for page, points, blocks in ((mei, OUTSIDE, 8), (ruth, INSIDE, 20)):
            if turn < blocks:
                saved(page)
                paste(page, points, told.block(points), "Read again from the display")


def _both_correct_the_same_cells(mei: Page, ruth: Page, told: Told) -> None:
    """21 and 18 edits: each sees the other's value before typing over it."""
    places = [*product(INSIDE, REPEATS), *product(OUTSIDE, REPEATS)]
    for number, place in enumerate(places):
        for page in (mei, ruth) if number < 18 else (mei,):
            expect(cell(page, place)).to_have_value(told.cells[place][-1], timeout=LONG)
            correct(page, place, told.next(place))


def _both_type_into_a_cell_at_once(mei: Page, ruth: Page, told: Told) -> None:
    """8 edits each: the first stands, the second is asked and replaces it with a reason."""
    for place in [*product(OUTSIDE, (2,)), *product(OUTSIDE[:3], (3,))]:
        for page in (mei, ruth):
            expect(cell(page, place)).to_have_value(told.cells[place][-1], timeout=LONG)
        first, second = told.next(place), told.next(place)
        cell(ruth, place).focus()
        ruth.keyboard.type(second)
        correct(mei, place, first)
        saved(mei)
        history = ruth.get_by_role("complementary").get_by_text(first)
        expect(history.first).to_be_visible(timeout=LONG)
        ruth.keyboard.press("Enter")
        clash = ruth.get_by_role("alertdialog", name=re.compile(f"Mei Lin saved {first}"))
        clash.get_by_role("button", name="Replace with reason…").click()
        # Giving no reason gives up neither value: the question stands again.
        clash.get_by_role("button", name="Cancel").click()
        clash.get_by_role("button", name="Replace with reason…").click()
        clash.get_by_role("button", name="Replace", exact=True).click()
        saved(ruth)


def _all_is_kept_and_shown(site, mei: Page, ruth: Page, told: Told) -> None:
    """In the database each edit; on both screens, and on one opened afresh, cells and results."""
    for page in (mei, ruth):
        saved(page)
    assert indications_of(site, _sheet_of(mei)) == told.cells
    for place, texts in told.cells.items():
        for page in (mei, ruth):
            expect(cell(page, place)).to_have_value(texts[-1], timeout=LONG)
    shown = screen_of(mei)
    assert len(shown) == len(OUTSIDE + INSIDE)
    assert all("Open" not in row and "–" not in row for row in shown), shown
    assert screen_of(ruth) == shown
    ruth.reload()
    place = (INSIDE[0], 1)
    expect(cell(ruth, place)).to_have_value(told.cells[place][-1], timeout=LONG)
    assert screen_of(ruth) == shown


def _sheet_of(page: Page) -> str:
    return urlsplit(page.url).path.strip("/").split("/")[-1]


def _rounds(points: tuple[str, ...], rounds: int) -> list[Place]:
    return [place for _ in range(rounds) for place in product(points, REPEATS)]


def _card(page: Page, column: str, tag: str):
    return page.locator(f"[data-slot$='|{column}']").get_by_role("group", name=tag)

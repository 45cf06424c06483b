"""Web, PostgreSQL, Redis, keeper and worker are killed, one after the other, during a journey.

What was confirmed stays, what was typed meanwhile is sent again, and the journey ends as it would
have: with a certificate that its public page calls valid.
"""

import os
import re
import signal
import time
from contextlib import suppress
from itertools import islice, product
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Page, expect

from calibra_app.demo.readings import observation
from tests.journeys.conftest import PASSWORD, running_site
from tests.journeys.deeds import (
    LONG,
    accept_review,
    certificate_of,
    dialog,
    number_of,
    sign_sheet,
    verification_of,
)
from tests.journeys.deeds_grid import (
    CALIPER,
    INSIDE,
    OUTSIDE,
    REPEATS,
    cell,
    indications_of,
    open_sheet,
    saved,
    type_reading,
)

SEEN = observation(number_of(CALIPER)).as_found
PLACES = list(product(OUTSIDE + INSIDE, REPEATS))
NUMBER = "MM-26-0413-02"
ISSUED = f"SELECT number, state FROM certificate WHERE number LIKE '{NUMBER}%'"
PRINTING = "SELECT id FROM document WHERE kind = 'certificate' AND state = 'printing'"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site on the Wednesday of the sample week: the caliper lies on the bench."""
    data = tmp_path_factory.mktemp("site")
    with running_site(data, week=True, history=False, at=(2, 10, 30)) as running:
        yield running


@pytest.fixture
def bench(persona):
    """Mei at the caliper's sheet, and Ruth who looks on."""
    mei = open_sheet(persona, "Mei Lin", CALIPER)
    ruth = open_sheet(persona, "Ruth Okoye", CALIPER, urlsplit(mei.url).path)
    return mei, ruth


def kill(site, *kinds: str) -> None:
    """End all processes of these kinds at once, with what they started, by kill -9."""
    found = site.processes()
    for kind in kinds:
        for pid in found[kind]:
            with suppress(ProcessLookupError):
                if kind in {"web", "worker"}:
                    os.killpg(os.getpgid(pid), signal.SIGKILL)
                else:
                    os.kill(pid, signal.SIGKILL)


def test_readings_outlive_the_death_of_each_server(bench, site):
    mei, ruth = bench
    # Three points stand there already.
    to_type = iter([place for place in PLACES if not cell(mei, place).input_value()])
    _type(mei, to_type, 2)
    saved(mei)

    kill(site, "web")
    _type(mei, to_type, 2)
    kept = mei.get_by_text("2 not saved yet; kept on this device")
    expect(kept).to_be_visible(timeout=LONG)
    _come_back(mei, ruth, to_type)

    # Without its keeper nobody starts PostgreSQL again until `up` has noticed.
    kill(site, "keeper", "postgres")
    _type(mei, to_type, 2)
    expect(kept).to_be_visible(timeout=LONG)
    _come_back(mei, ruth, to_type)

    kill(site, "redis")
    _type(mei, to_type, 1)
    _come_back(mei, ruth, to_type)

    _type(mei, to_type, len(PLACES))
    saved(mei)
    sheet_id = urlsplit(mei.url).path.strip("/").split("/")[-1]
    assert indications_of(site, sheet_id) == {place: [_text(place)] for place in PLACES}


def test_the_sheet_is_signed_and_accepted(persona):
    # It goes on where the story above ends.
    mei = open_sheet(persona, "Mei Lin", CALIPER)
    sign_sheet(mei)
    jonas = persona("Jonas Weber").goes("/review/")
    jonas.get_by_role("button", name=re.compile(CALIPER)).first.click()
    expect(jonas.get_by_role("region", name=re.compile(CALIPER))).to_be_visible(timeout=LONG)
    accept_review(jonas)


def test_a_certificate_outlives_the_worker_that_prints_it(persona, site):
    kenji = certificate_of(persona, "Kenji Mori", CALIPER)
    kenji.get_by_role("button", name="Authorize…").click()
    box = dialog(kenji)
    box.get_by_label("Password", exact=True).fill(PASSWORD)
    box.get_by_role("button", name="Sign and issue").click()
    _until_it_prints(site)
    kill(site, "worker")
    # It died in the middle of it: the paper is begun and not done.
    assert _ask(site, PRINTING)
    expect(kenji.get_by_role("link", name="Download PDF")).to_be_visible(timeout=3 * LONG)
    assert not _ask(site, PRINTING)
    assert _ask(site, ISSUED) == [(NUMBER, "issued")]
    public = persona("Somebody", sign_in=False).page
    public.goto(verification_of(kenji))
    expect(public.get_by_text("This certificate is valid")).to_be_visible()


def _text(place) -> str:
    point, repeat = place
    return SEEN[point].split()[repeat - 1]


def _type(page: Page, places, count: int) -> None:
    for place in islice(places, count):
        type_reading(page, place, _text(place))


def _come_back(mei: Page, ruth: Page, places) -> None:
    """Wait until all is stored; go on typing; the other screen follows."""
    # A busy machine takes its time to start two web processes at once.
    saved(mei, 4 * LONG)
    place = next(places)
    type_reading(mei, place, _text(place))
    saved(mei)
    for typed in PLACES[: PLACES.index(place) + 1]:
        expect(cell(mei, typed)).to_have_value(_text(typed), timeout=LONG)
        expect(cell(ruth, typed)).to_have_value(_text(typed), timeout=LONG)


def _until_it_prints(site) -> None:
    """Wait until a child of the worker has begun to print the certificate."""
    # What the faults before have held up comes first.
    limit = time.monotonic() + 4 * LONG / 1000
    while not _ask(site, PRINTING):
        assert time.monotonic() < limit, "nobody prints"


def _ask(site, query: str) -> list[tuple]:
    with psycopg.connect(site.services()["superuser_url"]) as connection:
        return connection.execute(query).fetchall()

"""Words on the screen: English stands in the code, a catalogue may say it in another language."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from calibra_app.ui import words
from calibra_app.ui.words import say, say_number


def test_an_untranslated_text_is_said_in_english():
    assert say("Nothing of {name}", language="xx", name="Kestrel") == "Nothing of Kestrel"


def test_a_text_without_values_may_hold_braces():
    assert say("limit {limit}") == "limit {limit}"


@pytest.mark.parametrize(("count", "text"), [(1, "1 item"), (0, "0 items"), (3, "3 items")])
def test_the_form_fits_the_count(count, text):
    assert say_number("{count} item", "{count} items", count) == text


def test_a_catalogue_is_used_where_there_is_one(tmp_path, monkeypatch):
    catalogue = Catalog(locale="de")
    catalogue.add("Requests", "Aufträge")
    place = tmp_path / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "calibra.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(words, "CATALOGUES", tmp_path)
    words._catalogue.cache_clear()  # noqa: SLF001
    assert (say("Requests", language="de"), say("Board", language="de")) == ("Aufträge", "Board")
    words._catalogue.cache_clear()  # noqa: SLF001

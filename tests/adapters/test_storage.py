"""Files are kept by their content, apart for each laboratory."""

import pytest

from calibra_app.adapters import storage
from calibra_app.config import settings
from calibra_app.core.errors import NotFound, Unavailable


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CALIBRA_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    storage.object_store.cache_clear()
    yield tmp_path / "files"
    monkeypatch.undo()
    settings.cache_clear()
    storage.object_store.cache_clear()


def test_equal_bytes_have_one_key_and_come_back():
    first = storage.put(1, b"certificate")
    assert storage.put(1, b"certificate") == first
    assert storage.get(1, first) == b"certificate"


def test_another_laboratory_does_not_find_the_file():
    digest = storage.put(1, b"certificate")
    with pytest.raises(NotFound):
        storage.get(2, digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64])
def test_what_is_no_digest_of_a_kept_file_is_not_found(name):
    with pytest.raises(NotFound):
        storage.get(1, name)


def test_an_altered_file_is_not_handed_out(folder):
    digest = storage.put(1, b"certificate")
    (folder / "1" / digest[:2] / digest).write_bytes(b"forged")
    with pytest.raises(Unavailable, match="altered"):
        storage.get(1, digest)


def test_the_storage_says_that_it_answers():
    assert storage.answers()

"""What no reader should have to check: how files look, how they are called, how long they are."""

import ast
import re

import pytest

from calibra_app.config import PROJECT

OURS = ("calibra_app", "tests", "alembic", "benches")
LONGEST_FILE = 400
# All tables of the first release in one transaction: written by a machine, never edited.
WRITTEN_BY_A_MACHINE = {"alembic/versions/0001_baseline.py"}
NO_HOME = {"utils", "helpers", "common", "misc", "manager", "util", "helper"}
MACHINE = re.compile(r"/(?:work|root|home|Users)/[\w.-]+/")


def in_repository():
    """Return every file that we keep, without asking git, which a bare machine may not have."""
    top = [path for path in PROJECT.iterdir() if path.is_file()]
    deep = [
        path
        for folder in (*OURS, "assets", ".ci", "reflex.lock")
        for path in (PROJECT / folder).rglob("*")
        if path.is_file() and not {"__pycache__", "external"} & set(path.parts)
    ]
    return sorted(top + deep)


def our_python():
    return [
        path
        for path in in_repository()
        if path.suffix == ".py" and path.relative_to(PROJECT).parts[0] in OURS
    ]


def called(path):
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", our_python(), ids=called)
def test_every_file_opens_with_a_line_that_says_what_it_is(path):
    text = path.read_text()
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert docstring.strip(), "no docstring"
    assert text.startswith(('"""', 'r"""')), "the docstring is not the first line"


@pytest.mark.parametrize("path", our_python(), ids=called)
def test_every_file_stays_under_400_lines(path):
    if called(path) not in WRITTEN_BY_A_MACHINE:
        assert len(path.read_text().splitlines()) < LONGEST_FILE


@pytest.mark.parametrize("path", our_python(), ids=called)
def test_every_file_has_a_home_and_not_a_drawer(path):
    assert path.stem not in NO_HOME


@pytest.mark.parametrize(
    "path", [path for path in our_python() if path.name == "__init__.py"], ids=called
)
def test_an_init_file_holds_its_docstring_and_names_for_the_doors_alone(path):
    allowed = (ast.Import, ast.ImportFrom, ast.Assign)
    first, *rest = ast.parse(path.read_text()).body
    assert isinstance(first, ast.Expr)
    assert all(isinstance(statement, allowed) for statement in rest)


@pytest.mark.parametrize(
    "path",
    [path for path in in_repository() if path.suffix in {".py", ".md", ".toml", ".sh", ".json"}],
    ids=called,
)
def test_no_path_of_one_machine_is_written_down(path):
    assert not MACHINE.search(path.read_text(errors="replace").replace("/home/calibra/", ""))


@pytest.mark.parametrize("name", ["calibra", ".ci/run"])
def test_what_is_called_from_outside_is_executable(name):
    assert (PROJECT / name).stat().st_mode & 0o111


def test_no_file_is_a_link_into_one_machine():
    links = [called(path) for path in in_repository() if path.is_symlink()]
    assert links == []


def test_no_secret_or_data_is_in_the_repository():
    unwanted = [
        called(path)
        for path in in_repository()
        if path.suffix in {".pem", ".key", ".sqlite", ".rdb", ".aof"} or path.name == ".env"
    ]
    assert unwanted == []

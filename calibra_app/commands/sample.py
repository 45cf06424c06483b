"""The sample laboratories, as the commands load them and tell of them."""

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from calibra_app.commands.console import step
from calibra_app.config import settings
from calibra_app.core.errors import Conflict
from calibra_app.demo.history import tell_history
from calibra_app.demo.laboratories import sample_people
from calibra_app.demo.loader import load_laboratories
from calibra_app.demo.story import continue_sequences, play_week
from calibra_app.services import tenants

UNFINISHED = "sample.unfinished"


def load_sample_if_empty() -> None:
    """Load the sample unless somebody has entered a laboratory already."""
    if not tenants.list_laboratories():
        load_sample()


def load_sample(scale: int = 1, *, week: bool = True, history: bool = True) -> None:
    """Load the sample laboratories.

    Args:
        scale: How many times.
        week: With the requests of the sample week, and not only what is there before it.
        history: With the week, also what was finished before it.

    Raises:
        Conflict: The database has laboratories already.
    """
    if tenants.list_laboratories():
        raise Conflict("The database has laboratories already; the sample goes into an empty one.")
    mark = settings().data / UNFINISHED
    mark.touch()
    with step("Loading the sample laboratories"):
        loaded = load_laboratories(scale)
    if week and history:
        with step("Entering what was finished before the sample week"):
            for laboratory in loaded:
                tell_history(laboratory)
    for laboratory in loaded:
        continue_sequences(laboratory)
    if week:
        with step("Working through the sample week"):
            for laboratory in loaded:
                play_week(laboratory)
    mark.unlink()


def drop_half_a_sample() -> None:
    """Empty the embedded database if loading the sample was cut off in the middle.

    Nobody can have entered anything else: the site starts only after the sample is complete.
    """
    mark = settings().data / UNFINISHED
    if not mark.exists():
        return
    url = settings().database_url
    name = str(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as connection:
        dropping = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(dropping.format(sql.Identifier(name)))
    mark.unlink()


def sign_ins() -> list[str]:
    """Return the lines that tell how the sample people sign in."""
    people = sample_people()
    width = max(len(person.email) for person in people)
    return [
        f"Everybody's password in the sample:  {settings().sample_password}",
        *(f"  {person.email:{width}}  {person.what}" for person in people),
    ]

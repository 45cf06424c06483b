"""The sample laboratories, as the commands load them and tell of them."""

from calibra_app.commands.console import say, step
from calibra_app.config import settings
from calibra_app.core.errors import Conflict
from calibra_app.demo.laboratories import sample_people
from calibra_app.demo.loader import load_laboratories
from calibra_app.services import tenants


def load_sample_if_empty() -> None:
    """Load the sample unless somebody has entered a laboratory already."""
    if not tenants.list_laboratories():
        load_sample()


def load_sample(scale: int = 1) -> None:
    """Load the sample laboratories.

    Raises:
        Conflict: The database has laboratories already.
    """
    if tenants.list_laboratories():
        raise Conflict("The database has laboratories already; the sample goes into an empty one.")
    with step("Loading the sample laboratories"):
        load_laboratories(scale)


def sign_ins() -> list[str]:
    """Return the lines that tell how the sample people sign in."""
    people = [f"  {person.email:42} {person.what}" for person in sample_people()]
    return [
        f"Sample people sign in with the password  {settings().sample_password}",
        *people,
    ]


__all__ = ["load_sample", "load_sample_if_empty", "say", "sign_ins"]

"""Enter a laboratory without the sample, and list the ones there are."""

from calibra_app.commands.console import say
from calibra_app.commands.installation import prepare
from calibra_app.config import settings
from calibra_app.services import tenants


def add_laboratory(name: str, email: str) -> None:
    """Found a laboratory and print the one-time link for its first admin."""
    prepare()
    founded = tenants.open_laboratory(name, email)
    say(f"{name} is entered as {founded.slug}.")
    say(f"{email} chooses a password at {settings().origin}/welcome/{founded.welcome.token}")
    say("The link works once; anybody who has it can use it.")


def list_laboratories() -> None:
    """Print number, short name, name and state of each."""
    prepare()
    for laboratory in tenants.list_laboratories():
        say(f"{laboratory.id:>4}  {laboratory.slug:20} {laboratory.status:10} {laboratory.name}")

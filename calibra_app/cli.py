"""The command line: the commands by name; what each does stands in `commands/`."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from calibra_app.config import Settings, change_settings
from calibra_app.core.errors import CalibraError

# A command imports what it needs when it runs: `evaluate` must not wait for the database's driver.
# ruff: noqa: PLC0415

CONFIGURATION_ERROR = 78

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Calibra, from request to certificate. Start with: ./calibra up",
)
tenant = typer.Typer(no_args_is_help=True, help="Laboratories: enter a new one, list them.")
app.add_typer(tenant, name="tenant")

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Data folder.", show_default=".calibra")
]


@app.command(epilog="Settings by environment, with their defaults: ./calibra settings")
def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the site.")] = 3000,
    data: DataOption = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Load the sample laboratories.")
    ] = True,
    web_processes: Annotated[
        int, typer.Option(min=1, max=16, help="Web processes behind the port.")
    ] = 1,
) -> None:
    """Set up, start everything and stay until Ctrl-C."""
    with _sentences():
        change_settings(CALIBRA_PORT=str(port))
        _use(data)
        from calibra_app.commands.up import Plan
        from calibra_app.commands.up import up as run

        run(Plan(demo=demo, web_processes=web_processes))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run every check and test; with arguments, pytest alone on these."""
    with _sentences():
        from calibra_app.commands.checks import run_checks

        raise typer.Exit(run_checks(context.args))


@app.command()
def migrate(
    data: DataOption = None,
    check: Annotated[bool, typer.Option(help="Only say whether it is up to date.")] = False,
) -> None:
    """Bring the database to the newest revision."""
    with _database(data):
        from calibra_app.commands.database import migrate_database

        raise typer.Exit(migrate_database(check_only=check))


@app.command()
def demo(
    data: DataOption = None,
    scale: Annotated[int, typer.Option(min=1, help="Multiply them, for load tests.")] = 1,
    week: Annotated[
        bool, typer.Option(help="With the requests of the sample week, as they stand by now.")
    ] = True,
    history: Annotated[
        bool, typer.Option(help="With what was finished in the weeks before that one.")
    ] = True,
) -> None:
    """Load the sample laboratories into an empty database."""
    with _database(data):
        from calibra_app.commands.installation import prepare
        from calibra_app.commands.sample import load_sample, sign_ins

        prepare()
        load_sample(scale, week=week, history=history)
        for line in sign_ins():
            typer.echo(line)


@tenant.command("add")
def tenant_add(name: str, email: str, data: DataOption = None) -> None:
    """Enter a new laboratory; prints a one-time link for its first admin."""
    with _database(data):
        from calibra_app.commands.laboratories import add_laboratory

        add_laboratory(name, email)


@tenant.command("list")
def tenant_list(data: DataOption = None) -> None:
    """List the laboratories."""
    with _database(data):
        from calibra_app.commands.laboratories import list_laboratories

        list_laboratories()


@app.command()
def web(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the site.")] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "0.0.0.0",  # noqa: S104
) -> None:
    """Run one web process against DATABASE_URL and REDIS_URL."""
    with _sentences():
        change_settings(CALIBRA_PORT=str(port), CALIBRA_HOST=host)
        from calibra_app.commands.serving import become_web

        become_web()


@app.command()
def worker() -> None:
    """Run one worker process against DATABASE_URL and REDIS_URL."""
    with _sentences():
        from calibra_app.commands.serving import become_worker

        become_worker()


@app.command()
def build() -> None:
    """Build the site, as an image does beforehand."""
    with _sentences():
        from calibra_app.commands.site_build import build_site

        build_site()


@app.command()
def evaluate(
    file: Annotated[
        str, typer.Argument(help="A file of cases or an exported result, or - for input.")
    ],
) -> None:
    """Run the measurement engine on a file of cases, or check an exported result; prints JSON."""
    with _sentences():
        from calibra_app.commands.evaluate import evaluate_file

        evaluate_file(file)


@app.command("verify-certificate")
def verify_certificate(
    file: Annotated[Path, typer.Argument(help="The PDF in question.")], data: DataOption = None
) -> None:
    """Say whether a file is an issued certificate, unaltered, and its status."""
    with _database(data):
        from calibra_app.commands.verification import verify_certificate as verify

        verify(file)


@app.command("verify-audit")
def verify_audit(
    laboratory: Annotated[str, typer.Argument(metavar="TENANT", help="Its short name.")],
    export: Annotated[
        Path | None, typer.Option(help="Also write the chain to a file, a line for each entry.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Verify a laboratory's audit trail and records; names the first broken entry."""
    with _database(data):
        from calibra_app.commands.verification import verify_audit_trail

        verify_audit_trail(laboratory, export)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="Which one; see --list.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Name the benchmarks.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run one of the project's own benchmarks beside a stated peer or limit."""
    with _sentences():
        from calibra_app.commands.bench import list_benches, run_bench

        if listed or not name:
            list_benches()
        else:
            run_bench(name, as_json=as_json)


@app.command("settings")
def show_settings() -> None:
    """List what the environment can set, with the defaults."""
    prefix = str(Settings.model_config.get("env_prefix", ""))
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or f"{prefix}{name}".upper()
        default = field.get_default()
        typer.echo(f"{variable!s:28} {field.description}  [{default}]")


def _use(data: Path | None) -> None:
    from calibra_app.commands.installation import use_data_folder

    use_data_folder(data)


@contextlib.contextmanager
def _database(data: Path | None) -> Iterator[None]:
    """Hold the servers of a data folder for one command."""
    with _sentences():
        _use(data)
        from calibra_app.commands.installation import servers

        with servers():
            yield


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """Turn what can go wrong into one sentence and a number, never a traceback."""
    try:
        yield
    except CalibraError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        for problem in error.errors():
            where = ".".join(str(part) for part in problem["loc"])
            text = problem["msg"].removeprefix("Value error, ")
            typer.echo(f"{where.upper()}: {text}" if where else text, err=True)
        raise typer.Exit(CONFIGURATION_ERROR) from None
    except KeyboardInterrupt:
        typer.echo("\nStopped.", err=True)
        raise typer.Exit(130) from None


def main() -> None:
    """Run the command named on the command line."""
    app(prog_name="./calibra")


if __name__ == "__main__":
    main()

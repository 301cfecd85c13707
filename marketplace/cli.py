"""The `marketplace` command: everything that is done at a terminal."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup

from marketplace import create_app
from marketplace.db import transaction
from marketplace.errors import DomainError, NotFound
from marketplace.migrating import alembic
from marketplace.settings import BadSettings, Settings, read_settings

ROOT = Path(__file__).resolve().parent.parent


def _app() -> Flask:
    """The site of this environment; a bad setting ends the command with a line that names it."""
    try:
        app = create_app(read_settings())
    except BadSettings as error:
        click.echo(f"The settings can't be used: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"The site can't start: {error.strerror}: {error.filename}", err=True)
        sys.exit(2)
    with app.app_context():
        alembic()
    return app


class Marketplace(FlaskGroup):
    """Flask's group, with refusals in one line instead of a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except DomainError as error:
            facts = ", ".join(f"{name} {value}" for name, value in error.facts.items())
            click.echo(f"Refused: {error.kind}{f' ({facts})' if facts else ''}", err=True)
            sys.exit(1)


@click.group(cls=Marketplace, create_app=_app, add_default_commands=False, add_version_option=False, load_dotenv=False)
def cli() -> None:
    """Runsight: run it, look after it."""


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=lambda: int(os.environ.get("PORT", "5000")), type=int, help="PORT, else 5000")
@click.option("--workers", default=2, show_default=True)
def run(host: str, port: int, workers: int) -> None:
    """Serve the site."""
    server = [
        str(Path(sys.executable).with_name("granian")),
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
    ]
    server += ["--workers", str(workers), "--blocking-threads", "16", "--backpressure", "64", "--log-level", "warning"]
    server += ["--working-dir", str(ROOT), "wsgi:app"]
    os.execv(server[0], server)  # noqa: S606  # nosec B606


@cli.command()
def worker() -> None:
    """Do jobs: mails, Stripe, sweeping, what recurs."""
    from marketplace import worker

    worker.run(current_app._get_current_object())  # type: ignore[attr-defined]


@cli.group()
def places() -> None:
    """The gazetteer."""


@places.command("import")
def import_places() -> None:
    """Fill the gazetteer from its libraries; may be repeated."""
    from marketplace.places import service
    from marketplace.places.gazetteer import read

    gazetteer = read()
    with transaction() as session:
        count = service.import_gazetteer(session, gazetteer)
    click.echo(f"{count} places")


@cli.group()
def tokens() -> None:
    """API tokens."""


@tokens.command("create")
@click.argument("email")
@click.option("--label", default="command line", show_default=True)
def create_token(email: str, label: str) -> None:
    """Make an API token for EMAIL; it is shown once, as the last word."""
    from marketplace.accounts import service

    with transaction() as session:
        token = service.create_token(session, service.by_email(session, email), label=label)
    click.echo(f"Token for {email}: {token}")


@cli.group()
def coaches() -> None:
    """Coaches."""


@coaches.command("approve")
@click.argument("slug")
def approve_coach(slug: str) -> None:
    """List the coach SLUG once her credentials were checked."""
    from marketplace.coaches import service

    with transaction() as session:
        service.tell_approved(session, service.approve(session, slug))
    click.echo(f"{slug} is approved")


@cli.group()
def staff() -> None:
    """Staff."""


@staff.command("add")
@click.argument("email")
def add_staff(email: str) -> None:
    """Make the person of EMAIL a member of staff."""
    from marketplace.accounts import service

    with transaction() as session:
        service.by_email(session, email).is_staff = True
    click.echo(f"{email} is staff")


@cli.group()
def codes() -> None:
    """Promotion codes of the site: they lower our share, not the coach's."""


@codes.command("create")
@click.argument("code")
@click.option("--percent", type=click.IntRange(1, 100), help="Per cent off")
@click.option("--amount", type=click.IntRange(1), help="Off, in minor units of --currency")
@click.option("--currency", default="CAD", show_default=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The first day on which it holds no more (UTC)")
@click.option("--uses", type=click.IntRange(1), help="Uses in all; without it any number")
@click.option("--each", default=1, type=click.IntRange(1), show_default=True, help="Uses by one runner")
def create_code(code: str, until: datetime | None, uses: int | None, each: int, **worth: Any) -> None:
    """Make CODE, either --percent or --amount off, for every offer of every coach."""
    from marketplace.promotions import service
    from marketplace.promotions.forms import CodeForm

    if (worth["percent"] is None) == (worth["amount"] is None):
        raise click.UsageError("Give --percent or --amount.")
    takes = "amount" if worth["percent"] is None else "percent"
    try:
        name = CodeForm(code=code, takes=takes, percent=worth["percent"], amount=worth["amount"]).code
    except ValueError:
        raise click.UsageError("A code has 3 to 30 letters, digits and dashes; an amount, 100 cents or more.") from None
    end = until.replace(tzinfo=UTC) if until else None
    with transaction() as session:
        made = service.create(
            session, None, service.Draft(name, **worth, valid_until=end, most_uses=uses, most_each=each)
        )
    click.echo(f"{made.code} holds")


@codes.command("list")
def list_codes() -> None:
    """The site's codes, the newest first."""
    from marketplace.promotions import queries

    with transaction(write=False) as session:
        for code, uses in queries.of_coach(session, None):
            worth = f"{code.percent} %" if code.percent else f"{code.amount} {code.currency}"
            ended = f", ended {code.ended_at:%Y-%m-%d}" if code.ended_at else ""
            click.echo(f"{code.code}: {worth} off, used {uses} of {code.most_uses or 'any number of'} times{ended}")


@codes.command("end")
@click.argument("code")
def end_code(code: str) -> None:
    """Let nobody use CODE any more."""
    from marketplace.promotions import queries, service

    with transaction() as session:
        known = {each.code: each.id for each, _uses in queries.of_coach(session, None)}
        if (found := known.get(queries.plain(code))) is None:
            raise NotFound("code", code=code)
        service.end(session, found, coach_id=None)
    click.echo(f"{queries.plain(code)} has ended")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write database and clips into FILE (tar)."""
    from marketplace import backup

    backup.save(_settings(), file)
    click.echo(f"Saved to {file}")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Put back what `backup` wrote. Stop web and worker first; what is there now is replaced."""
    from marketplace import backup

    yes or click.confirm(f"Replace everything in {_settings().database} and the clips?", abort=True)
    backup.restore(_settings(), file)
    click.echo("Restored")


@cli.command()
def doctor() -> None:
    """Check configuration, services and books; say what is wrong."""
    from marketplace import doctor

    findings = doctor.findings(_settings())
    for finding in findings:
        click.echo(f"✗ {finding}", err=True)
    click.echo("All is well." if not findings else f"{len(findings)} things are wrong.")
    sys.exit(1 if findings else 0)


@click.command(name="demo")
@click.option("--coaches", default=0, type=click.IntRange(0, 2_000_000), help="Sample coaches besides the sixty")
def demo(coaches: int) -> None:
    """Start the site with a sample town, on PORT (5000) with its data in DATA_DIR (var/demo)."""
    from marketplace.demo import start

    sys.exit(start.main(os.environ.get("PORT", "5000"), os.environ.get("DATA_DIR", "var/demo"), coaches))


cli.add_command(demo)

if __name__ == "__main__":
    cli()

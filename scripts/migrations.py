"""Migrations: `new MESSAGE` writes one from the models, `check` fails when models and migrations differ.

Both look at a SQLite file of their own; `check URL` at the database of that address, which it brings up to date.
"""

import sys
import tempfile
from pathlib import Path

from marketplace import create_app
from marketplace.migrating import alembic
from marketplace.settings import Settings


def main(arguments: list[str]) -> int:
    """The exit code of `new MESSAGE` or `check [URL]`."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"RUNSIGHT_MODE": "test", "secret_key": "x" * 40, "data_dir": Path(folder)}
        if arguments[:1] == ["check"] and arguments[1:]:
            given["database_url"] = arguments[1]
        app = create_app(Settings.model_validate(given))
        with app.app_context():
            if any(alembic().script_directory.get_revisions("heads")):
                alembic().upgrade()
            if arguments[:1] == ["new"]:
                for script in alembic().revision(" ".join(arguments[1:])):
                    print(script)
                return 0
            differences = alembic().compare_metadata()
    for difference in differences:
        print("models and migrations differ:", difference, file=sys.stderr)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`autograde` within the process of the tests, its errors as the program prints them."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from autograder.commands.app import app
from autograder.errors import KataError


def autograde(*arguments: str | Path, columns: int = 160) -> Result:
    """Run a command; an error that is not one of ours is raised."""
    runner = CliRunner(env={"COLUMNS": str(columns), "NO_COLOR": "1"})
    done = runner.invoke(app(), [*map(str, arguments)])
    error = done.exception
    if isinstance(error, KataError):
        said = f"autograde: {error}\n".encode()
        done.stderr_bytes = (done.stderr_bytes or b"") + said
        done.output_bytes += said
        done.exit_code = error.exit_code
    elif error is not None and not isinstance(error, SystemExit):
        raise error
    return done

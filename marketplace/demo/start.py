"""`make demo`: prepares DATA_DIR, starts mail server, Stripe sandbox, worker and web, and ends them all together."""

import ctypes
import os
import secrets
import signal
import socket
import subprocess  # nosec B404
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from marketplace.demo import mailbox
from marketplace.web import assets

SIGN_INS = ("runner@example.com", "coach@example.com", "admin@example.com")
PASSWORD = "runsight-demo"  # noqa: S105  # nosec B105
START_SECONDS = 60
STOP_SECONDS = 10
CROWD = " and a crowd"


class CannotStart(Exception):
    """Why the demo can't start, in one line."""


def main(port: str, data_dir: str, coaches: int = 0) -> int:
    """Run the demo until Ctrl-C, with so many coaches besides the sixty; the exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have handed it on as ignored
    children: list[subprocess.Popen[bytes]] = []
    mail = None
    try:
        number = _checked_port(port)
        folder = _checked_folder(data_dir)
        if missing := assets.missing():
            raise CannotStart(f"Browser code is missing ({missing[0]}): run `make demo`, it installs it (needs Node).")
        environment = os.environ | _environment(folder, number) | {"COACHES": str(coaches)}
        mail = mailbox.serve(folder / "mail", number + 2)
        children.append(_start(environment, "-m", "marketplace.stripe_sandbox", str(number + 1), str(folder)))
        if not _is_prepared(folder, coaches):
            _wait_for(f"http://127.0.0.1:{number + 1}/", children)
            _prepare(folder, environment)
        children.append(_start(environment, "-m", "marketplace.cli", "run", "--port", str(number)))
        _wait_for(f"http://127.0.0.1:{number + 1}/", children)
        _wait_for(f"http://127.0.0.1:{number}/readyz", children)
        children.append(_start(environment, "-m", "marketplace.cli", "worker"))
        _greet(number)
        while True:
            _all_alive(children)
            time.sleep(0.5)
    except CannotStart as error:
        print(f"The demo can't start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the data stays for the next start.")
        return 0
    finally:
        _stop(children)
        if mail:
            mail.stop()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _checked_port(port: str) -> int:
    if not port.isdigit() or not 1 <= int(port) <= 65533:
        raise CannotStart(f"PORT must be a number from 1 to 65533, not {port!r}.")
    for number in range(int(port), int(port) + 3):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError as error:
                raise CannotStart(f"port {number} can't be used ({error.strerror}); set PORT to another.") from None
    return int(port)


def _checked_folder(data_dir: str) -> Path:
    folder = Path(data_dir).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(f"{folder} can't be written to ({error.strerror}); set DATA_DIR to another.") from None
    return folder


def _environment(folder: Path, port: int) -> dict[str, str]:
    """The demo's settings, kept in its folder so that `DATA_DIR=… marketplace …` finds them; secrets stay the same."""
    file = folder / "settings.env"
    kept = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line) if file.exists() else {}
    values = {
        "RUNSIGHT_MODE": "demo",
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(48),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "MAIL_URL": f"smtp://127.0.0.1:{port + 2}",
        "MAIL_FROM": "hello@runsight.example",
        "STRIPE_SECRET_KEY": kept.get("STRIPE_SECRET_KEY") or f"sk_test_{secrets.token_hex(16)}",
        "STRIPE_WEBHOOK_SECRET": kept.get("STRIPE_WEBHOOK_SECRET") or f"whsec_{secrets.token_hex(16)}",
        "STRIPE_API_BASE": f"http://127.0.0.1:{port + 1}",
        "LOCAL_CALENDARS": "127.0.0.0/8 ::1",
    }
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    webhook = {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/webhooks/stripe",
        "WEBHOOK_SECRET": values["STRIPE_WEBHOOK_SECRET"],
    }
    return values | webhook | {"DATA_DIR": str(folder), "PORT": str(port)}


def _is_prepared(folder: Path, coaches: int) -> bool:
    """Whether the data was brought up by the migrations there are now, so that a second start need not look again."""
    mark = folder / "prepared"
    kept = mark.read_text() if mark.exists() else ""
    return kept.startswith(_migrations()) and (not coaches or kept.endswith(CROWD))


def _prepare(folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "marketplace.demo.prepare"]
    if subprocess.run(command, env=environment).returncode:  # noqa: S603  # nosec B603
        raise CannotStart("The sample town could not be prepared; the lines above say why.")
    (folder / "prepared").write_text(_migrations() + (CROWD if environment["COACHES"] != "0" else ""))


def _migrations() -> str:
    return " ".join(sorted(file.name for file in (assets.PROJECT / "migrations").glob("*.py")))


def _start(environment: dict[str, str], *command: str) -> subprocess.Popen[bytes]:
    """A child in a session of its own (Ctrl-C reaches only us), ended by the kernel should we be killed."""
    return subprocess.Popen(  # noqa: S603  # nosec B603
        [sys.executable, *command],
        env=environment,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509
    )


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _wait_for(url: str, children: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        _all_alive(children)
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # nosec B310
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise CannotStart(f"{url} does not answer.")


def _all_alive(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is not None:
            raise CannotStart(f"a part of it ended with code {child.returncode}: {' '.join(map(str, child.args))}")  # type: ignore[arg-type]


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in reversed(children):
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def _greet(port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    print(f"\nReady: {base}")
    print(f"Sign in with {', '.join(SIGN_INS)}; the password is {PASSWORD}")
    print(f"Mails: {base}/demo/mail   Stripe sandbox: http://127.0.0.1:{port + 1}   Ctrl-C stops it.", flush=True)

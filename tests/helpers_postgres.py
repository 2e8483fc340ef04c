"""A PostgreSQL server of the tests' own: on loopback, in a folder that goes with it, as a user who is not root."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest

USER = "postgres"  # whom Debian's package makes; the server refuses to run as root
PATIENCE = 30.0  # seconds for the server to come up or to go down
NUMBERS = count(1)


class Server:
    """A server with its data in a temporary folder; `url` names a new, empty database of it."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="jixiao-postgres-"))
        if os.geteuid() == 0:
            account = pwd.getpwnam(USER)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        # Sorted as a dictionary of Chinese would be: what the program orders must not depend on it.
        order = ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=zh"]
        made = self._as_user("initdb", "-D", str(self._data), "--auth=trust", "--no-sync", "-U", USER, *order)
        done = subprocess.run(made, capture_output=True, text=True, check=False, cwd="/")
        if done.returncode:
            shutil.rmtree(self._folder)
            raise RuntimeError(f"initdb: {done.stdout}{done.stderr}")
        self.start()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._folder,
            "fsync": "off",
            "max_connections": 20,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self._folder / "log").open("ab")
        command = self._as_user("postgres", "-D", str(self._data), *options)
        self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        end = time.monotonic() + PATIENCE
        while True:
            try:
                psycopg.connect(self._address("postgres")).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError((self._folder / "log").read_text(errors="replace")) from None
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        if self._process is not None:
            subprocess.run(
                self._as_user("pg_ctl", "stop", "-D", str(self._data), "-m", "immediate"),
                capture_output=True,
                check=False,
                cwd="/",
            )
            self._process.wait(PATIENCE)
            self._process = None

    def remove(self) -> None:
        """Stop the server and remove everything of it."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """The rows of a statement, past our own code."""
        with psycopg.connect(self._address(database), autocommit=True) as connection:
            result = connection.execute(sql.encode())
            return result.fetchall() if result.description else []

    def database(self, options: str = "") -> str:
        """The name of a new, empty database."""
        name = f"t{next(NUMBERS)}"
        self.execute(f"CREATE DATABASE {name} {options}")
        return name

    def url(self, database: str | None = None) -> str:
        """What `--db` takes: of this database, else of a new one."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database or self.database()}"

    def _address(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} dbname={database}"

    def _as_user(self, program: str, *arguments: str) -> list[str]:
        """The command; the server goes down with the tests, also where they are killed."""
        keeper = ["setpriv", "--pdeathsig", "QUIT"]
        if os.geteuid() == 0:
            keeper += ["--reuid", USER, "--regid", USER, "--init-groups"]
        return [*keeper, str(self._programs / program), *arguments]


def server() -> Server:
    """The one server of the tests, started by who asks first; skips the test where none can be had."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server on this machine (Debian: apt-get install postgresql)")
    if shutil.which("setpriv") is None:
        pytest.skip("no setpriv on this machine, which starts the server as its own user")
    return _started(programs)


@cache
def _started(programs: Path) -> Server:
    made = Server(programs)
    atexit.register(made.remove)
    return made


def _programs() -> Path | None:
    """The folder of the server's programs: Debian keeps them out of the path."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return versions[-1].parent if versions else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

# SPDX-License-Identifier: Apache-2.0
"""Runs a peer in a process of its own, which reads settings as JSON and prints its measurements as
JSON: a fresh process for each measurement, or one that stays for many of them."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from peers.rows import PeerResult

_TOOLS = Path(__file__).parents[1]


class PeerError(Exception):
    """A comparison cannot start or continue; the message is one line."""


def run(module: str, given: dict[str, Any], environment: dict[str, str] | None = None) -> Any:
    """What `module` prints for `given`. Raises PeerError with the last line of the process's errors
    when it fails."""
    process = subprocess.run(
        _command(module),
        input=json.dumps(given),
        cwd=_TOOLS,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        raise _failure(module, process.returncode, process.stderr)
    return json.loads(process.stdout.splitlines()[-1])


def result(module: str, given: dict[str, Any], environment: dict[str, str]) -> PeerResult:
    """One measurement. A peer that fails gives a result with an error, so that the rows of the
    other sides are kept."""
    try:
        return PeerResult(**run(module, given, environment))
    except PeerError as error:
        return PeerResult(error=str(error))


class Staying:
    """A process that answers one request after the other: for what is slow to prepare. Leaving the
    context ends it."""

    def __init__(self, module: str, environment: dict[str, str] | None = None) -> None:
        self._module = module
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  __exit__ closes it.
        self._process = subprocess.Popen(
            _command(module),
            cwd=_TOOLS,
            env=os.environ | (environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def ask(self, given: dict[str, Any]) -> Any:
        """What the process answers. Raises PeerError with the last line of its errors when it ends
        instead."""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(given) + "\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if answer:
            return json.loads(answer)
        code = self._process.wait()
        self._errors.seek(0)
        raise _failure(self._module, code, self._errors.read())

    def end(self) -> None:
        """From now on, and where another thread waits in ask() already, ask() raises PeerError."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> "Staying":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()


def serve(measure: Callable[[dict[str, Any]], Any]) -> None:
    """What the module of a peer does as a program: the counterpart of run()."""
    with _missing_packages_named():
        print(json.dumps(measure(json.load(sys.stdin))))


def serve_all(answer: Callable[[dict[str, Any]], Any]) -> None:
    """The counterpart of Staying. What libraries print goes to the errors."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with _missing_packages_named():
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


@contextlib.contextmanager
def _missing_packages_named() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        sys.exit(f"{sys.executable} has no {error.name}: install it or leave this peer out")


def _command(module: str) -> list[str]:
    return [sys.executable, "-m", f"peers.{module}"]


def _failure(module: str, code: int, errors: str) -> PeerError:
    last = (errors.strip().splitlines() or ["it printed no message"])[-1]
    return PeerError(f"{module} failed (exit code {code}): {last}")

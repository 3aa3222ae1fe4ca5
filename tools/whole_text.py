# SPDX-License-Identifier: Apache-2.0
"""Reads whole files, and writes them so that they appear complete or not at all."""

import errno
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OLD = ".replaced"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write a file or folder that becomes `path` when the block ends without an error.

    It lies in a folder of its own with a random name, so that two writers never meet. The lock of
    that folder lasts as long as its writer; folders of writers that are gone are removed.
    """
    for left_over in path.parent.glob(f"{glob.escape(path.name)}.????????.part"):
        _remove_unless_locked(left_over, path.name)
    part, lock = _locked_part(path)
    try:
        new = part / path.name
        yield new
        if new.is_dir() and path.is_dir():
            os.replace(path, part / _OLD)
        os.replace(new, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        os.close(lock)


def _locked(folder: int) -> bool:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # Somebody has it, or the file system has no locks.
        return False
    return True


def _locked_part(path: Path) -> tuple[Path, int]:
    """A new folder and its lock. Another writer may have removed it before it was locked."""
    while True:
        part = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent))
        try:
            lock = os.open(part, os.O_RDONLY)
        except FileNotFoundError:
            continue
        _locked(lock)
        if part.exists():
            return part, lock
        os.close(lock)


def _remove_unless_locked(part: Path, name: str) -> None:
    """Only a folder that holds nothing but what a writer of `name` puts there."""
    try:
        lock = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # It is not a folder, or its writer was faster.
        return
    if set(os.listdir(lock)) <= {name, _OLD} and _locked(lock):
        shutil.rmtree(part, ignore_errors=True)
    os.close(lock)


def _is_own_stream(path: Path) -> bool:
    """One of this process, such as /dev/stdin and the /dev/fd/63 of a shell's `<(...)`."""
    folders = ("/dev/fd", "/proc/self/fd")
    names = ("/dev/stdin", "/dev/stdout", "/dev/stderr")
    return any(path.is_relative_to(folder) for folder in folders) or str(path) in names


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """Raises OSError, at once for a pipe or a device, which may never end; reads own streams."""
    if path.exists() and not (path.is_file() or path.is_dir() or _is_own_stream(path)):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return path.read_text(encoding)


def write_text(text: str, path: Path) -> None:
    """Follows links and keeps the mode of a file that it replaces; writes in place to a device, a
    pipe or /dev/stdout."""
    if _is_own_stream(path) or (path.exists() and not path.is_file()):
        path.write_text(text, encoding="utf-8")
        return
    target = path.resolve() if path.is_symlink() else path
    with replacing(target) as part:
        part.write_text(text, encoding="utf-8")
        if target.exists():
            shutil.copymode(target, part)

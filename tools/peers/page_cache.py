# SPDX-License-Identifier: Apache-2.0
"""Drops files from the system's page cache, as our program does, and checks that they left it."""

import ctypes
import mmap
import os
import time
from pathlib import Path

from peers.peer_process import PeerError

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.mmap.restype = ctypes.c_void_p
_LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
_LIBC.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_LIBC.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
_FAILED = ctypes.c_void_p(-1).value
_PAUSES = (0.0, 0.002, 0.02, 0.2)  # Pages that are being read ahead stay until they are read.


def resident_pages(path: Path) -> int:
    """The pages of a file that are in memory. Raises PeerError when the system does not say."""
    size = path.stat().st_size
    if size == 0:
        return 0
    with path.open("rb") as file:
        address = _LIBC.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
    if address == _FAILED:
        raise PeerError(f"{path}: cannot be mapped: {os.strerror(ctypes.get_errno())}")
    pages = ctypes.create_string_buffer((size + mmap.PAGESIZE - 1) // mmap.PAGESIZE)
    result = _LIBC.mincore(address, size, pages)
    error = ctypes.get_errno()
    _LIBC.munmap(address, size)
    if result != 0:
        raise PeerError(
            f"{path}: the system does not say which pages are in memory: {os.strerror(error)}"
        )
    return sum(byte & 1 for byte in pages.raw)


def drop(path: Path) -> None:
    """Raises PeerError when pages stay in the page cache."""
    left = 0
    for pause in _PAUSES:
        time.sleep(pause)
        with path.open("rb") as file:
            if pause > 0:
                os.fsync(file.fileno())  # Dirty pages stay until they are written.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        left = resident_pages(path)
        if left == 0:
            return
    raise PeerError(f"{path}: {left} pages are still in the page cache after asking to drop them")

# SPDX-License-Identifier: Apache-2.0
"""Objects that training scripts save next to tensors, and that load without running their code.

torch.load(weights_only=True) makes objects of these classes only. Each is a value; none imports a
module, opens a file or calls what the checkpoint names. Where a class cannot be made so (a path of
another system, a dict with a default), a plain value takes its place.
"""

import argparse
import collections
import datetime
import decimal
import fractions
import pathlib
import pickle
import re
import types
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import torch

_BUILTINS = (bool, int, float, complex, str, dict, slice, range)
_VALUES = (
    argparse.Namespace, types.SimpleNamespace, decimal.Decimal, fractions.Fraction, uuid.UUID,
    datetime.date, datetime.datetime, datetime.time, datetime.timedelta, datetime.timezone,
)  # fmt: skip
_SHOWN = 5


def _ordered_dict(*_: Any) -> collections.OrderedDict:
    return collections.OrderedDict()


def _list(items: Any = (), _length: int | None = None) -> list:
    return list(_given(items))


def _given(items: Any) -> Any:
    """A number or a range in place of items would let a small file take all memory."""
    if isinstance(items, int | range):
        raise pickle.UnpicklingError(f"a container of {items!r}")
    return items


def _container(kind: type) -> tuple[Any, str]:
    return (lambda items=(): kind(_given(items))), f"builtins.{kind.__name__}"


def _classes() -> list[Any]:
    """As torch.serialization.safe_globals takes them; pairs give the name in the file."""
    scalar, reconstruct = np.float32(0).__reduce__()[0], np.empty(0).__reduce__()[0]
    numpy = [np.dtype, np.ndarray, *(type(np.dtype(code)) for code in np.typecodes["All"])]
    for module in ("numpy.core.multiarray", "numpy._core.multiarray"):
        numpy += [(scalar, f"{module}.scalar"), (reconstruct, f"{module}._reconstruct")]
    paths = []
    for name in ("Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath",
                 "PureWindowsPath"):  # fmt: skip
        pure = pathlib.PureWindowsPath if "Windows" in name else pathlib.PurePosixPath
        paths += [(pure, f"pathlib.{name}"), (pure, f"pathlib._local.{name}")]
    plain = [(_ordered_dict, "collections.defaultdict"), (_list, "collections.deque")]
    plain += [_container(kind) for kind in (bytes, list, tuple, set, frozenset)]
    return [*_BUILTINS, *_VALUES, *numpy, *paths, *plain]


def load(path: Path) -> Any:
    """What torch.save wrote. Raises pickle.UnpicklingError for what is not harmless."""
    with torch.serialization.safe_globals(_classes()):
        return torch.load(path, map_location="cpu", weights_only=True)


def refused(path: Path, error: Exception) -> str:
    """The names of the objects for which load() refuses a file; empty where it is damaged."""
    try:
        with torch.serialization.safe_globals(_classes()):
            names = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    except Exception:  # Files of PyTorch before 1.6 cannot be listed.
        names = []
    if not names:
        names = re.findall(r"GLOBAL ([\w.]+)|class '([\w.]+)'", str(error))
        names = [first or second for first, second in names]
    more = ", …" if len(names) > _SHOWN else ""
    return ", ".join(sorted(set(names))[:_SHOWN]) + more

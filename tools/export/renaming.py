# SPDX-License-Identifier: Apache-2.0
"""Rename tensors by the beginning of their names."""

from collections.abc import Mapping

from torch import Tensor


def rename(
    tensors: Mapping[str, Tensor], rules: Mapping[str, str], dropped: tuple[str, ...] = ()
) -> dict[str, Tensor]:
    """Each name's longest matching beginning is replaced; names without a rule stay, so that the
    check of the result reports them. Names that begin with `dropped` are left out."""
    longest_first = sorted(rules, key=len, reverse=True)
    result = {}
    for name, tensor in tensors.items():
        if name.startswith(dropped):
            continue
        beginning = next((rule for rule in longest_first if name.startswith(rule)), "")
        result[rules.get(beginning, "") + name.removeprefix(beginning)] = tensor
    return result

# SPDX-License-Identifier: Apache-2.0
"""The terminal of all tools: text from outside has no effect on it."""

import sys

from rich.console import Console


def console() -> Console:
    """A log has no width of its own; 160 columns keep every column whole."""
    width = None if sys.stdout.isatty() else 160
    return Console(width=width, markup=False, emoji=False)

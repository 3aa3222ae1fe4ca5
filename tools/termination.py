# SPDX-License-Identifier: Apache-2.0
"""SIGTERM as an interruption, for tools that run other programs."""

import signal


def interrupts() -> None:
    """From now on SIGTERM raises KeyboardInterrupt, as SIGINT does: subprocess.run() then ends the
    program that it waits for, and the tool keeps what is complete."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)

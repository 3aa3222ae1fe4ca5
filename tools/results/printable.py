# SPDX-License-Identifier: Apache-2.0
"""Text from outside as every output takes it."""

import unicodedata

_STEERING = {"Cc", "Cf", "Zl", "Zp", "Cs"}


def printable(text: str) -> str:
    """One line without characters that steer a terminal, change the direction of text or are half
    of a pair: line breaks and tabs become blanks, the others \\u{...} (as the program writes
    them)."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_character, text))


def _character(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return f"\\u{{{ord(letter):x}}}" if unicodedata.category(letter) in _STEERING else letter

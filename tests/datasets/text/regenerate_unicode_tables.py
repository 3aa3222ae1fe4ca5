# SPDX-License-Identifier: Apache-2.0
"""Writes datasets/text/unicode_*_tables.cpp: classes of characters by Hugging Face's tokenizers.

The package mixes Unicode versions: BERT's rules use Unicode 8, the byte-level splitting uses the
newest. No library has both, so this script asks the package itself for the class of every code
point. With --check it compares the files instead of writing them (exit code 1 if one differs).
"""

import argparse
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

FOLDER = Path(__file__).resolve().parents[3] / "datasets" / "text"
# What BERT's rules know, and what splits texts of the byte-level tokenizers and at added tokens.
FILES = {
    "unicode_bert_tables.cpp": (
        "removed", "marks", "ideographs", "punctuation", "reordered", "undecomposed", "lower_cases",
    ),
    "unicode_splitting_tables.cpp": ("letters", "numbers", "other_words"),
}  # fmt: skip
CODE_POINTS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def ranges(belongs: Callable[[str], bool]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for letter in CODE_POINTS:
        code = ord(letter)
        if not belongs(letter):
            continue
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def bert(**flags: bool) -> normalizers.Normalizer:
    off = dict.fromkeys(("clean_text", "handle_chinese_chars", "strip_accents", "lowercase"), False)
    return normalizers.BertNormalizer(**(off | flags))


def matching(pattern: str) -> Callable[[str], bool]:
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    return lambda letter: not split.pre_tokenize_str(letter)


def word_characters() -> Callable[[str], bool]:
    """Characters next to which an added token that is a single word is not found."""
    tokenizer = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    tokenizer.add_tokens([AddedToken("#", single_word=True)])
    (mark,) = tokenizer.encode("#").ids
    encodings = tokenizer.encode_batch_fast([f"{letter}#" for letter in CODE_POINTS])
    return {
        letter
        for letter, encoding in zip(CODE_POINTS, encodings, strict=True)
        if mark not in encoding.ids
    }.__contains__


def is_reordered(letter: str) -> bool:
    """Whether canonical ordering moves it: its combining class is not 0.

    U+0345 has the highest class, U+0334 the lowest.
    """
    nfd = normalizers.NFD()
    after, before = f"x\u0345{letter}", f"x{letter}\u0334"
    return letter in "\u0345\u0334" or (
        nfd.normalize_str(letter) == letter
        and (nfd.normalize_str(after) != after or nfd.normalize_str(before) != before)
    )


def keeps_together(letter: str) -> bool:
    """Whether it has a decomposition that the package does not know."""
    return (
        unicodedata.normalize("NFD", letter) != letter
        and normalizers.NFD().normalize_str(letter) == letter
    )


def newer_lower_cases() -> list[tuple[int, int]]:
    """Lower cases of the package's Unicode that utf8proc 2.8 (Unicode 15) does not have."""
    lower = bert(lowercase=True)
    pairs = []
    for letter in CODE_POINTS:
        small = lower.normalize_str(letter)
        if small != letter.lower():
            assert len(small) == 1, f"U+{ord(letter):04X} has a lower case of several characters"
            pairs.append((ord(letter), ord(small)))
    return pairs


def tables() -> dict[str, list[tuple[int, int]]]:
    clean = bert(clean_text=True)
    strip = bert(strip_accents=True)
    cjk = bert(handle_chinese_chars=True)
    words = pre_tokenizers.BertPreTokenizer()
    letter, mark = matching(r"\p{L}"), lambda letter: strip.normalize_str(letter) == ""
    in_words = word_characters()
    # is_word() in unicode.cpp takes letters and marks from their own tables.
    assert all(in_words(c) for c in CODE_POINTS if letter(c) or mark(c))
    return {
        "removed": ranges(lambda letter: clean.normalize_str(letter) == ""),
        "marks": ranges(mark),
        "ideographs": ranges(lambda letter: cjk.normalize_str(letter) != letter),
        "punctuation": ranges(lambda letter: len(words.pre_tokenize_str(f"a{letter}b")) == 3),
        "letters": ranges(letter),
        "numbers": ranges(matching(r"\p{N}")),
        "other_words": ranges(lambda c: in_words(c) and not letter(c) and not mark(c)),
        "reordered": ranges(is_reordered),
        "undecomposed": ranges(keeps_together),
        "lower_cases": newer_lower_cases(),
    }


def text(tables: dict[str, list[tuple[int, int]]]) -> str:
    lines = [
        "// SPDX-License-Identifier: Apache-2.0",
        "// Written by tests/datasets/text/regenerate_unicode_tables.py from what tokenizers",
        f"// {tokenizers.__version__} does, code point by code point.",
        '#include "datasets/text/unicode_tables.h"',
        "",
        "namespace model_search::unicode_tables {",
        "",
        "// clang-format off",
    ]
    for name, rows in tables.items():
        lines.append(f"constexpr std::array<Range, {len(rows)}> {name}_rows{{{{")
        line = ""
        for first, last in rows:
            entry = f"{{0x{first:x}, 0x{last:x}}}, "
            if len(line) + len(entry) > 98:
                lines.append("  " + line.rstrip())
                line = ""
            line += entry
        lines.append("  " + line.rstrip(", "))
        lines.append("}};")
        lines.append(f"constinit const std::span<const Range> {name}{{{name}_rows}};")
        lines.append("")
    lines += ["// clang-format on", "", "}  // namespace model_search::unicode_tables", ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    found = tables()
    for file, names in FILES.items():
        target, written = FOLDER / file, text({name: found[name] for name in names})
        if not arguments.check:
            target.write_text(written)
        elif target.read_text() != written:
            sys.exit(f"{target} differs from what tokenizers {tokenizers.__version__} does")


if __name__ == "__main__":
    main()

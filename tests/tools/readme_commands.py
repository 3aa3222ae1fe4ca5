# SPDX-License-Identifier: Apache-2.0
"""Commands in Markdown: the fenced bash and console blocks, and the paths that it names.

An HTML comment `<!-- test: run -->` on the line before a block has the block run instead of
parse-checked.
"""

import re
import shlex
from dataclasses import dataclass

_FENCE = re.compile(
    r"(?P<comment><!--\s*test:\s*(?P<how>\w+)\s*-->\s*\n)?"
    r"^(?P<indent>[ ]*)```(?P<language>bash|console|sh|shell)[^\n]*\n(?P<body>.*?)^[ ]*```",
    re.MULTILINE | re.DOTALL,
)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*")
_OPERATORS = {"|", "||", "&&", ";", "&"}
_REDIRECTIONS = {">", ">>", "<", "2>", "&>", ">&"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its shell text without prompts and output, and whether it is run."""

    text: str
    run: bool


def blocks(markdown: str) -> list[Block]:
    found = []
    for match in _FENCE.finditer(markdown):
        indent = len(match["indent"])
        lines = [line[indent:] for line in match["body"].splitlines()]
        if match["language"] == "console":
            lines = _typed(lines)
        found.append(Block("\n".join(lines), match["how"] == "run"))
    return found


def _typed(lines: list[str]) -> list[str]:
    """Lines after a prompt and their continuations; the rest is output."""
    kept: list[str] = []
    continues = False
    for line in lines:
        if continues or line.startswith("$ "):
            kept.append(line if continues else line.removeprefix("$ "))
            continues = line.endswith("\\")
    return kept


def commands(text: str) -> list[list[str]]:
    """The simple commands of shell text: words without assignments, sudo and redirections."""
    lexer = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars="|&;<>\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    skip_next = False
    for word in lexer:
        if word.strip("\n") == "" or word in _OPERATORS or set(word) <= set("|&;\n"):
            found.append([])
        elif word in _REDIRECTIONS:
            skip_next = True
        elif skip_next:
            skip_next = False
        else:
            found[-1].append(word)
    return [command for command in map(_program_first, found) if command]


def _program_first(words: list[str]) -> list[str]:
    while words and (words[0] == "sudo" or _ASSIGNMENT.fullmatch(words[0])):
        words = words[1:]
    return words


def links(markdown: str) -> list[str]:
    """Relative targets of links and images, without their anchors."""
    targets = re.findall(r"\]\(([^)\s]+)\)", _without_fences(markdown))
    targets = [target.split("#")[0] for target in targets]
    return [target for target in targets if target and "://" not in target]


def named_paths(markdown: str, folders: tuple[str, ...]) -> list[str]:
    """Paths in `code` below one of the folders; patterns and names to fill in are left out."""
    spans = re.findall(r"`([^`\n]+)`", _without_fences(markdown))
    paths = [word for span in spans for word in span.split()]
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, folders))})/[\w./-]*")
    return [path for path in paths if pattern.fullmatch(path)]


def _without_fences(markdown: str) -> str:
    return re.sub(r"^[ ]*```.*?^[ ]*```", "", markdown, flags=re.MULTILINE | re.DOTALL)

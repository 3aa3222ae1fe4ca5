# SPDX-License-Identifier: Apache-2.0
"""A small, safe part of Markdown as HTML: headings, paragraphs, lists, quotes, tables, code, bold,
emphasis, links. HTML in the text is shown as text and never passed on."""

import html
import re

_INLINE = re.compile(
    r"(?P<code>`[^`]+`)|(?P<escape>\\[\\`*_{}\[\]()#+.!|<>~-])|(?P<br><br>)"
    r"|(?P<bold>\*\*(?=\S).+?(?<=\S)\*\*)|(?P<em>(?<![\w*])\*(?=[^\s*]).+?(?<=[^\s*])\*(?![\w*]))"
    r"|!?\[(?P<text>[^\]\n]*)\]\((?P<target>[^)\s]*)\)"
)
_ITEM = re.compile(r"\s{0,3}(?P<mark>[-*+]|\d{1,3}[.)])\s+(?P<text>.*)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")


def inline(text: str) -> str:
    """One line or paragraph."""
    parts, end = [], 0
    for match in _INLINE.finditer(text):
        parts.append(_plain(text[end : match.start()]))
        parts.append(_token(match))
        end = match.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    return html.escape(html.unescape(text))


def _token(match: re.Match[str]) -> str:
    if match["code"]:
        return f"<code>{html.escape(match['code'][1:-1])}</code>"
    if match["escape"]:
        return html.escape(match["escape"][1])
    if match["br"]:
        return "<br>"
    if match["bold"]:
        return f"<strong>{inline(match['bold'][2:-2])}</strong>"
    if match["em"]:
        return f"<em>{inline(match['em'][1:-1])}</em>"
    label, target = inline(match["text"]), html.unescape(match["target"])
    if re.match(r"https?://|#[\w-]*$", target):
        return f'<a href="{html.escape(target)}" rel="noreferrer">{label}</a>'
    return f"{label} ({html.escape(target)})"


def blocks(text: str, top: int = 3) -> str:
    """A whole text; its headings begin at level `top` of the page and skip none."""
    lines = text.splitlines()
    parts: list[str] = []
    levels: list[int] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif line.lstrip().startswith("```"):
            end = _find(lines, at + 1, lambda later: later.lstrip().startswith("```"))
            parts.append(
                f"<pre><code>{html.escape(chr(10).join(lines[at + 1 : end]))}</code></pre>"
            )
            at = end + 1
        elif match := _HEADING.fullmatch(line):
            levels = [level for level in levels if level < len(match[1])] + [len(match[1])]
            tag = f"h{min(top + len(levels) - 1, 6)}"
            parts.append(f"<{tag}>{inline(match[2])}</{tag}>")
            at += 1
        elif line.startswith("|"):
            end = _find(lines, at, lambda later: not later.startswith("|"))
            parts.append(table(lines[at:end]))
            at = end
        elif match := _ITEM.fullmatch(line):
            tag = "ol" if match["mark"][0].isdigit() else "ul"
            end = _find(lines, at, lambda later: not later.strip())
            parts.append(f"<{tag}>{_items(lines[at:end])}</{tag}>")
            at = end
        else:
            end = _find(lines, at, _ends_paragraph)
            end = max(end, at + 1)
            quoted = line.startswith(">")
            words = " ".join(later.lstrip("> ") if quoted else later for later in lines[at:end])
            body = f"<p>{inline(words)}</p>"
            parts.append(f"<blockquote>{body}</blockquote>" if quoted else body)
            at = end
    return "\n".join(parts)


def _find(lines: list[str], start: int, stops) -> int:
    return next((i for i in range(start, len(lines)) if stops(lines[i])), len(lines))


def _ends_paragraph(line: str) -> bool:
    return not line.strip() or line.startswith(("|", "```")) or bool(_HEADING.fullmatch(line))


def _items(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        if match := _ITEM.fullmatch(line):
            items.append(match["text"])
        else:
            items[-1] += f" {line.strip()}"
    return "".join(f"<li>{inline(item)}</li>" for item in items)


def table(lines: list[str], label: str = "Table") -> str:
    """A table of Markdown in a box that scrolls by itself, also with the keyboard."""
    rows = [_cells(line) for line in lines]
    aligned = len(rows) > 1 and all(re.fullmatch(r":?-+:?", cell) for cell in rows[1])
    right = [cell.endswith("-:") for cell in rows[1]] if aligned else []
    head = _row(rows[0], right, "th")
    body = "".join(_row(row, right, "td") for row in rows[2 if aligned else 1 :])
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{html.escape(label)}">'
        f"<table><thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: list[str], right: list[bool], tag: str) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    texts = []
    for place, cell in enumerate(cells):
        number = ' class="number"' if place < len(right) and right[place] else ""
        texts.append(f"<{tag}{number}{scope}>{inline(cell)}</{tag}>")
    return f"<tr>{''.join(texts)}</tr>"


def _cells(line: str) -> list[str]:
    """A bar that is text is escaped in a table, also within code."""
    return [
        cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))
    ]

# SPDX-License-Identifier: Apache-2.0
import re

import pytest
from report.page import markdown_html
from results.markdown import cell, code, table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("**bold** and *so*, 2 * 3 * 4", "<strong>bold</strong> and <em>so</em>, 2 * 3 * 4"),
        ("`a<b` `**`", "<code>a&lt;b</code> <code>**</code>"),
        ("one<br>two", "one<br>two"),
        (
            "[here](https://a.org/?x=1&y=2)",
            '<a href="https://a.org/?x=1&amp;y=2" rel="noreferrer">here</a>',
        ),
        ("[x](javascript:alert)", "x (javascript:alert)"),
        ('[x](https://a"onload=b)', '<a href="https://a%22onload=b" rel="noreferrer">x</a>'),
        ("![plot](mine.png)", "plot (mine.png)"),
        ('![a "<b>"](mine.png)', "a &quot;&lt;b&gt;&quot; (mine.png)"),
        ("[so **it** is](page.html)", "so <strong>it</strong> is (page.html)"),
        ("snake_case_name and \\*", "snake_case_name and *"),
    ],
)
def test_a_line(text: str, expected: str) -> None:
    assert markdown_html.inline(text) == expected


@pytest.mark.parametrize("text", ["a | b_c <i> & d", "x < 3 \\ y", "&lt;b&gt;", "**no**"])
def test_cells_of_the_report_come_through(text: str) -> None:
    made = markdown_html.table(table(["A", "B"], [[cell(text), code("c|d")]], ()))
    assert made.count("<td>") == 2
    assert "<code>c|d</code>" in made
    assert "<i>" not in made


def test_blocks() -> None:
    text = (
        "# One\n\n### Deeper\nwords\nmore\n\n- a\n  b\n- c\n\n1. x\n\n> quoted\n\n"
        "```sh\n<rm>\n```\n|a|b|\n|:--|--:|\n|1|2|\n"
    )
    assert re.sub(r"(?<=>)\n|\n(?=<)", "", markdown_html.blocks(text)) == (
        "<h3>One</h3>"
        "<h4>Deeper</h4>"
        "<p>words\nmore</p>"
        "<ul><li>a\nb</li><li>c</li></ul>"
        "<ol><li>x</li></ol>"
        "<blockquote><p>quoted</p></blockquote>"
        '<pre><code class="language-sh">&lt;rm&gt;</code></pre>'
        '<div class="scroll" role="region" tabindex="0" aria-label="Table"><table><thead><tr>'
        '<th scope="col">a</th><th class="number" scope="col">b</th></tr></thead><tbody>'
        '<tr><td>1</td><td class="number">2</td></tr></tbody></table></div>'
    )


def test_html_of_a_text_is_escaped_in_every_block() -> None:
    html = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    text = f"{html}\n\n- {html}\n\n> {html}\n\n## {html}\n\n|{html}|\n|--|\n|{html}|\n"
    made = markdown_html.blocks(text)
    assert made.count("&lt;script&gt;") == 6
    assert "<script" not in made
    assert "<img" not in made


def test_the_label_of_a_table_is_escaped() -> None:
    assert 'aria-label="a &quot;b&quot;"' in markdown_html.table("|a|\n|--|\n|1|\n", 'a "b"')


@pytest.mark.parametrize("text", ["```\nopen", "|", "#", "-", "> ", "|a|\n|b", "\n\n", "[](", "**"])
def test_odd_texts_end(text: str) -> None:
    assert isinstance(markdown_html.blocks(text), str)

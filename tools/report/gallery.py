# SPDX-License-Identifier: Apache-2.0
"""Every figure of the catalogue, drawn for each kind of input, by the sections of the report."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
from results.table import Results

from report.answer.first import First
from report.figures import canvas, catalogue, gains
from report.figures.canvas import Image

MOST = 2  # Images of a figure; the tables have all rows.


@dataclass(frozen=True)
class Gallery:
    """Images by section, in the order of the page; `failures` say which figures could not draw
    these results."""

    by_section: dict[str, tuple[Image, ...]]
    failures: tuple[str, ...] = ()

    @property
    def images(self) -> list[Image]:
        return [image for images in self.by_section.values() for image in images]

    def of(self, *sections: str) -> tuple[Image, ...]:
        return tuple(image for name in sections for image in self.by_section.get(name, ()))


def draw(results: Results, first: First, out: Path) -> Gallery:
    """Draw everything into `out`."""
    several = len(results.domains) > 1
    found: dict[str, list[Image]] = {}
    failures = []

    def add(section: str, title: str, make) -> None:
        try:
            images = make()
        except Exception as error:  # Report a figure that fails, and draw the others.
            plt.close("all")
            failures.append(f"{title}: {type(error).__name__}: {error}")
            return
        found.setdefault(section, []).extend(images[:MOST])
        for image in images[MOST:]:
            canvas.remove(out, image.file)

    add(gains.SECTION, gains.TITLE, lambda: gains.draw(first, out))
    for module in catalogue.FIGURES:
        for domain in results.domains:
            own, prefix = results.of_domain(domain), domain if several else ""
            add(module.SECTION, module.TITLE, lambda m=module, o=own, p=prefix: m.draw(o, out, p))
    return Gallery({name: tuple(images) for name, images in found.items() if images},
                   tuple(dict.fromkeys(failures)))  # fmt: skip

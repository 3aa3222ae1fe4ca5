# SPDX-License-Identifier: Apache-2.0
"""Every figure of the catalogue, drawn for each domain and put into the sections of the report."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
from results import domains
from results.table import Results

from report.figures import catalogue
from report.figures.canvas import Image

# Sections in their order, with their headings; a section that is not here comes last.
SECTIONS = {
    "shares": "Share of each step",
    "whole search": "The whole search",
    "batch sizes": "Batch sizes",
    "partial and joint": "Partial and joint networks",
    "blocks": "Blocks",
    "scoring": "Scoring",
    "largest batch": "Largest batch",
    "machine": "The machine",
    "data path": "The data path",
    "accuracy": "Accuracy",
}


@dataclass(frozen=True)
class Figure:
    """The images of one module for one domain; `domain` is a title, or "" where there is only
    one."""

    section: str
    title: str
    domain: str
    images: tuple[Image, ...]

    @property
    def heading(self) -> str:
        return f"{self.title}: {self.domain.lower()}" if self.domain else self.title


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Gallery:
    """Sections that have figures; `failures` say which figures could not draw these results."""

    sections: tuple[Section, ...]
    failures: tuple[str, ...]

    @property
    def images(self) -> list[Image]:
        figures = [figure for section in self.sections for figure in section.figures]
        return [image for figure in figures for image in figure.images]

    def of(self, name: str, domain: str) -> list[Image]:
        """The images of a section for a domain, by its title."""
        figures = [f for s in self.sections if s.name == name for f in s.figures]
        return [image for f in figures if f.domain == domain for image in f.images]


def draw(results: Results, out: Path) -> Gallery:
    """Draw everything into `out`."""
    several = len(results.domains) > 1
    figures, failures = [], []
    for module in catalogue.FIGURES:
        for domain in results.domains:
            title = domains.TITLES[domain] if several else ""
            try:
                images = module.draw(results.of_domain(domain), out, domain if several else "")
            except Exception as error:  # Report a figure that fails, and draw the others.
                plt.close("all")
                failures.append(f"{module.TITLE}: {type(error).__name__}: {error}")
                continue
            if images:
                figures.append(Figure(module.SECTION, module.TITLE, title, tuple(images)))
    names = dict.fromkeys([*SECTIONS, *(figure.section for figure in figures)])
    sections = [
        Section(
            name,
            SECTIONS.get(name, name.capitalize()),
            tuple(figure for figure in figures if figure.section == name),
        )
        for name in names
    ]
    return Gallery(tuple(s for s in sections if s.figures), tuple(dict.fromkeys(failures)))

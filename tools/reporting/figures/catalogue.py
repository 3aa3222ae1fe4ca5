# SPDX-License-Identifier: Apache-2.0
"""The table of figures. Each is a module with `TITLE`, `SECTION` (one of `gallery.SECTIONS`) and
`draw(results, out, prefix)`, which returns no image where the data is not there."""

from reporting.figures import batch_sizes, step_bars

FIGURES = (step_bars, batch_sizes)

# SPDX-License-Identifier: Apache-2.0
"""From Google Benchmark JSON to figures and a Markdown report.

Data flows one way: reader -> diagnosis -> answer (the first screen) -> figures, tables -> questions
(the sections behind it) -> content -> rendering. `diagnosis` uses the reader alone.
"""

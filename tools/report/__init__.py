# SPDX-License-Identifier: Apache-2.0
"""From Google Benchmark JSON to figures and a Markdown report.

Data flows one way: reader -> shares, ranking, trunks -> sentences, joint, tables, figures ->
rendering. `diagnosis` uses the reader alone.
"""

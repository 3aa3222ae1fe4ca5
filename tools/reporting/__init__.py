# SPDX-License-Identifier: Apache-2.0
"""From Google Benchmark JSON to plots and a Markdown report.

Data flows one way: reader -> shares, ranking, trunks -> sentences, joint, tables, plots ->
rendering.
"""

# SPDX-License-Identifier: Apache-2.0
"""Comparison of two results: evidence, verdicts, environments and their rendering."""

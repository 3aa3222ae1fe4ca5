# SPDX-License-Identifier: Apache-2.0
"""Comparisons of two results, with verdicts from evidence, and of this program with its peers."""

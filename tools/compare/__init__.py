# SPDX-License-Identifier: Apache-2.0
"""Comparisons of two results, with verdicts from evidence, and ratios of this program to its
peers."""

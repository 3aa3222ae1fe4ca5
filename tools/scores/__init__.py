# SPDX-License-Identifier: Apache-2.0
"""Scores of features that are files."""

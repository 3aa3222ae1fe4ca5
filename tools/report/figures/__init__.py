# SPDX-License-Identifier: Apache-2.0
"""Figures of the report, one kind per file. Each draws from the results and returns its images."""

# SPDX-License-Identifier: Apache-2.0
"""Results of one machine beside a baseline of another (report.py --against)."""

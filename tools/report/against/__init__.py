# SPDX-License-Identifier: Apache-2.0
"""Results of one machine compared with a baseline of another (report.py --against)."""

# SPDX-License-Identifier: Apache-2.0
"""Results over time: what other trackers read, and a history with its change points."""

# SPDX-License-Identifier: Apache-2.0
"""Searches of whole zoos in a report: what took the time, what each way to search gained, what
would help, and how good the planner's predictions were. Every number is one of measured rows or a
quotient of two."""

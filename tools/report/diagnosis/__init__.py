# SPDX-License-Identifier: Apache-2.0
"""What limits each search, by how much, and what would help: from measured rows alone.

`pipeline` is the model of a search's time, `prediction` applies a change to it, and `donors`
chooses the rows that give the seconds. Assumptions: a step takes as long per item in a search as in
its own benchmark, or is off by the same factor before and after a change; steps that overlap do not
slow each other down (but share a CPU's cores, and a GPU that also decodes); loading the model and
scoring stay as they are. Rows of another machine never count, nor do rows of a step that contradict
the search or each other (`contradictions`). Every what-if has an interval, and those whose interval
leaves 1 out are named (`gain`, `sensitivity`). `validate` measures how far these
assumptions hold."""

from report.diagnosis.diagnosing import Undiagnosed, diagnose, undiagnosed
from report.diagnosis.statement import LIMITS, Diagnosis, WhatIf, words
from report.diagnosis.validation import Check, validate

__all__ = [
    "LIMITS",
    "Check",
    "Diagnosis",
    "Undiagnosed",
    "WhatIf",
    "diagnose",
    "undiagnosed",
    "validate",
    "words",
]

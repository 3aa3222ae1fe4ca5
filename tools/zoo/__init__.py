# SPDX-License-Identifier: Apache-2.0
"""Zoos of fine-tuned children: their plan, their parents, their tensors, their folder."""

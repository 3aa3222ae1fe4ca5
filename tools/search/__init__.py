# SPDX-License-Identifier: Apache-2.0
"""One command from photographs and checkpoints to a ranked list.

Data flows one way: photographs, candidates, settings -> command.
"""

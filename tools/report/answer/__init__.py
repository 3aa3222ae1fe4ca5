# SPDX-License-Identifier: Apache-2.0
"""The first screen: how long the search takes, what limits it, what to change, and the ranking.

Data flows one way: cost, commands -> candidates or zoo -> the `Answer` of `statement` -> sentences.
"""

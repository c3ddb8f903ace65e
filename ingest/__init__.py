"""Knowing: from published documents to dated, quotable clauses.

This package fetches, reads, splits, records and indexes documents. It knows nothing of Slack or of
chat models; :mod:`bot` tells people what this package knows.
"""

"""The exported embedding model: made once for a checkout, because that takes torch ten seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.embedding import Embedder, open_embedder, prepare_embedder


@pytest.fixture(scope="session")
def model_home(pytestconfig: pytest.Config) -> Path:
    """A home that holds the exported model, and nothing else that a test may rely on."""
    assert pytestconfig.cache is not None
    home = pytestconfig.cache.mkdir("smallprint-home")
    prepare_embedder(home)
    return home


@pytest.fixture(scope="session")
def embedder(model_home: Path) -> Embedder:
    """The real embedder."""
    return open_embedder(model_home)

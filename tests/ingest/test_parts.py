"""Several pages as one content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.parts import Part, pack, unpack

parts = st.builds(Part, st.text(), st.text(), st.binary())


@given(st.lists(parts))
def test_parts_come_back_byte_for_byte(wanted: list[Part]) -> None:
    assert unpack(pack(wanted)) == wanted


@pytest.mark.parametrize("content", [b"", b"\xff", b"{}x", b'[{"address": "a"}]', b"[1]", b"3"])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(ReadError):
        unpack(content)

"""Offsets and positions lead back and forth in every encoding the protocol knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("lsprotocol", reason="needs the lsp extra")
from lsprotocol import types

from feedbackcheck.lsp.positions import Lines

TEXT = st.text(st.sampled_from("aæ😀\n\r\u2028\x0b é"), max_size=40)


@given(TEXT, st.sampled_from(list(types.PositionEncodingKind)), st.integers(0, 40))
def test_position_and_offset_are_inverse(
    text: str, encoding: types.PositionEncodingKind, offset: int
) -> None:
    offset = min(offset, len(text))
    # The place between \r and \n is no place: a line ends before both.
    if text[offset - 1 : offset + 1] == "\r\n":
        offset -= 1
    lines = Lines(text, encoding)
    assert lines.offset(lines.position(offset)) == offset


def test_utf16_counts_an_emoji_as_two() -> None:
    assert Lines("😀a").position(1) == types.Position(0, 2)
    assert Lines("a\u2028b\r\nc").position(5) == types.Position(1, 0)

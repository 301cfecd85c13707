"""Parts of a file, as players ask for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.clips.ranges import Part, Unsatisfiable, asked


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-99", Part(0, 99)),
        ("bytes=0-", Part(0, 999)),
        ("bytes=990-2000", Part(990, 999)),
        ("bytes=-10", Part(990, 999)),
        ("bytes=-5000", Part(0, 999)),
        ("Bytes = 5 - 5", Part(5, 5)),
        (None, None),
        ("", None),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_a_part_of_a_thousand_bytes(header: str | None, part: Part | None) -> None:
    assert asked(header, 1000) == part


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_part_beyond_the_end_cannot_be_given(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked(header, 1000)


@given(st.text(max_size=40) | st.from_regex(r"bytes=\d{0,25}-\d{0,25}", fullmatch=True), st.integers(1, 10**12))
def test_whatever_is_asked_for_lies_inside_the_file(header: str, size: int) -> None:
    try:
        part = asked(header, size)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part.start <= part.end < size

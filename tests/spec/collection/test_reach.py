"""How far a sheet reaches is read from its cells, however the XML is written and wherever it is cut."""

from __future__ import annotations

import pytest

from mel.formats.reach import LONGEST, reach


@pytest.mark.parametrize(
    ("xml", "furthest"),
    [
        (b'<row r="3"><c r="B3"/><c r="AA3"/></row>', (3, 27)),
        (b'<row spans="1:2" r="1048576"><c s="1" r="XFD1048576"/></row>', (1_048_576, 16_384)),
        (b"<row r='7'><c r='C7'/></row>", (7, 3)),
        (b'<row r = "7"><c\n r= "C9"/></row>', (9, 3)),
        (b'<c r="xfd2"/>', (2, 16_384)),
        (b'<pageMargins header="0.3" footer="999999"/>', (0, 0)),
        (b"<v>5</v>", (0, 0)),
        (b"", (0, 0)),
    ],
)
def test_the_last_row_and_column(xml, furthest):
    assert reach(xml) == furthest


def test_a_reference_cut_between_two_pieces_is_seen_in_the_overlap():
    xml = b"<v>1</v>" * 20 + b'<c r="XFD1048576"><v>1</v></c>' + b"<v>1</v>" * 20
    for cut in range(len(xml)):
        first, second = reach(xml[:cut]), reach(xml[max(cut - 2 * LONGEST, 0) :])
        assert (max(first[0], second[0]), max(first[1], second[1])) == (1_048_576, 16_384)

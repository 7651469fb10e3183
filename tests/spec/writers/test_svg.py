"""A drawing holds shapes and text, or it is refused."""

from __future__ import annotations

import pytest

from mel.reporting.svg import SvgRefusedError, check_svg, safe_svg, size_of

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10" height="20"'


@pytest.mark.parametrize(
    "inside",
    [
        "><script>1</script></svg>",
        "><foreignObject/></svg>",
        ' onload="x"></svg>',
        '><rect onclick="x"/></svg>',
        '><a href="#x"><text>x</text></a></svg>',
        '><use href="https://example.org/x.svg#a"/></svg>',
        '><use xlink:href="data:image/svg+xml,x"/></svg>',
        '><image href="file:///etc/hosts"/></svg>',
        "><style>text{}</style></svg>",
        '><rect fill="url(https://example.org/x)"/></svg>',
        "><rect style=\"fill:url( '//example.org' )\"/></svg>",
        '><rect style="fill:u\\72l(x)"/></svg>',
        '><animate attributeName="href" values="javascript:x"/></svg>',
        '><set attributeName="onload" to="x"/></svg>',
        ' xml:base="https://example.org/"></svg>',
        '><h:script xmlns:h="http://www.w3.org/1999/xhtml">1</h:script></svg>',
    ],
)
def test_what_could_run_load_or_link_is_refused(inside: str) -> None:
    with pytest.raises(SvgRefusedError):
        check_svg(HEAD + inside)


@pytest.mark.parametrize("svg", ["", "<svg", "<p>x</p>", "<svg/>", f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{HEAD}>&a;</svg>"])
def test_what_is_no_drawing_is_refused(svg: str) -> None:
    with pytest.raises(SvgRefusedError):
        check_svg(svg)


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(SvgRefusedError, match="no size"):
        size_of('<svg xmlns="http://www.w3.org/2000/svg"/>')


def test_a_chart_keeps_its_shapes_and_loses_its_inner_words() -> None:
    made = safe_svg(
        f'{HEAD}><g role="graphics-object" aria-label="0.21345"><text>21 %</text></g></svg>', label='It\'s "21" < 22', prefix="f"
    )
    assert "21 %" in made
    assert "0.21345" not in made
    assert 'aria-label="It\'s &quot;21&quot; &lt; 22"' in made
    assert 'viewBox="0 0 10 20"' in made


def test_the_sample_chart_passes(sample) -> None:  # type: ignore[no-untyped-def]
    check_svg(sample.chart())

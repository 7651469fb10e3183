"""A document with every kind of block, as a report of an invented alliance would have it. Every name and number is made up."""

from __future__ import annotations

from functools import cache

from mel.reporting.blocks import Block, Callout, Cell, Column, Document, Figure, Finding, Heading, Prose, Quote, Reading, Table

GROUPS = (
    ("Women with a disability", 0.2134, 0.168, 0.262, 214),
    ("Women without a disability", 0.3471, 0.319, 0.376, 1042),
    ("Men with a disability", 0.3105, 0.249, 0.379, 187),
    ("Men without a disability", 0.4289, 0.398, 0.461, 968),
)


@cache
def chart(scale: float = 1.0) -> str:
    """Four estimates with their intervals, drawn by altair and vl-convert."""
    import altair as alt
    import pandas as pd
    import vl_convert

    frame = pd.DataFrame(GROUPS, columns=["group", "share", "low", "high", "n"])
    base = alt.Chart(frame).encode(y=alt.Y("group:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)))
    axis = alt.Axis(format="%", grid=True, gridColor="#eee4d8", domain=False, tickCount=5)
    share = alt.X("share:Q", title="Heard in village meetings", scale=alt.Scale(domain=[0, 0.6]), axis=axis)
    drawn = (
        base.mark_rule(strokeWidth=3, color="#c9b3c4").encode(x="low:Q", x2="high:Q")
        + base.mark_point(filled=True, size=110, color="#58214f", opacity=1).encode(x=share)
        + base.mark_text(dy=-13, fontSize=13, color="#2b2230").encode(x="share:Q", text=alt.Text("share:Q", format=".0%"))
    ).properties(width=400 * scale, height=alt.Step(46))
    return str(vl_convert.vegalite_to_svg(drawn.configure_view(stroke=None).configure_axis(labelFontSize=13, titleFontSize=13).to_json()))


def percent(value: float) -> Cell:
    return Cell(f"{value * 100:.0f} %", value, "percent")


def count(value: int) -> Cell:
    return Cell(f"{value:,}", float(value), "count")


HIDDEN = Cell("not shown", None, "hidden")


def sample_document(extra: tuple[Block, ...] = ()) -> Document:
    """The sample; `extra` blocks stand at the end."""
    return Document(
        title="Voices of the Delta: mid-term review",
        subtitle="Youth and disability programme in four districts, January 2024 to December 2027. Edition for the public.",
        language="en",
        made_on="23 November 2026",
        invented=True,
        blocks=(*_summary(), *_people(), *_progress(), *_changed(), *_method(), *extra),
        alliance_id="voices-of-the-delta",
    )


def _summary() -> tuple[Block, ...]:
    return (
        Callout(
            "title-invented", "Invented: this alliance, its people and its numbers are made up, to show what a report can be.", "invented"
        ),
        Prose("title", ("Youth and disability programme in four districts, 2024 to 2027", "For the public. Written on 23 November 2026.")),
        Heading("s-summary", "In plain words"),
        Prose(
            "summary-1",
            (
                "Half-way through the programme more people say that they are heard when their village decides. Women with a disability "
                "gained least. They told us why: meetings are held where a wheelchair cannot go, and at the hour when food is cooked.",
                "This review stands on 2,411 conversations in two rounds, 138 changes that partners wrote down, and three afternoons in "
                "which people read the figures together.",
            ),
        ),
        Finding(
            "finding-heard-disability",
            "Women with a disability were half as likely to be heard in village meetings (21 %, 95 % interval 17 to 26) as men without "
            "one (43 %).",
            ({"indicator": "heard_in_meetings", "round": "midline"},),
            (
                Reading(
                    "Women of the Tuesday group, Kafwe",
                    "14 September 2026",
                    "en",
                    "We go, and we sit at the back. To be asked and to be heard are two things. The figure is about the second.",
                    "It counts a meeting as a village meeting even if only the chief's family came.",
                    "Two of us say the new chair does listen.",
                ),
                Reading("مجموعة نساء النهر", "2026-09-20", "ar", "نحضر الاجتماع لكن لا أحد يسألنا عن رأينا."),
            ),
        ),
        Finding(
            "finding-heard-change", "Since the baseline, the share of people heard in village meetings rose by 6 points (29 % to 35 %)."
        ),
        Callout(
            "limit-lists",
            "People who live in the fishing camps are on no list, so nobody could choose them. What is said here about the four districts "
            "is not said about them.",
            "limit",
        ),
    )


def _people() -> tuple[Block, ...]:
    rows = (
        ("Kafwe", 402, 188, 21, 3),
        ("Lundo", 388, 175, 24, 6),
        ("Mwera", 410, 201, None, 4),
        ("Old Harbour <north>", 395, 180, None, 0),
    )
    cells = tuple((Cell(r[0]), *(HIDDEN if v is None else count(v) for v in r[1:])) for r in rows)
    return (
        Heading("s-reached", "Who is reached and who is not"),
        Heading("h-districts", "By district", 3),
        Table(
            "table-districts",
            "People who answered at midline, by district and what they said about themselves",
            (Column("District"), *(Column(c, "end") for c in ("Women", "Men", "Another gender", "Prefer not to say"))),
            cells,
            ("Not shown: fewer than 10 people, or a figure from which that number could be worked out.", "Source: midline, May 2026."),
        ),
        Callout("care-names", "Partners who asked not to be named are counted and not listed.", "care"),
    )


def _progress() -> tuple[Block, ...]:
    data = Table(
        "figure-heard-data",
        "People heard in village meetings at midline, by gender and disability",
        (
            Column("Group"),
            Column("Share", "end"),
            Column("From", "end"),
            Column("To", "end"),
            Column("People who answered", "end"),
        ),
        tuple((Cell(g), percent(v), percent(lo), percent(hi), count(n)) for g, v, lo, hi, n in GROUPS),
    )
    return (
        Heading("s-progress", "Progress, indicator by indicator"),
        Heading("h-heard", "Heard in village meetings", 3),
        Prose("why-heard", ("It matters because decisions on water, land and schooling are made there.",)),
        Figure(
            "figure-heard",
            "People heard in village meetings, by gender and disability, midline 2026, with 95 % intervals",
            "Four groups on one scale. Highest: men without a disability, 43 % of 968 people. Lowest: women with a disability, 21 % of "
            "214 people. Women without a disability 35 %, men with a disability 31 %.",
            chart(),
            data,
        ),
        Table(
            "table-progress",
            "Indicators against their milestones, with a caption that is long enough to be cut in a narrow place such as a sheet's name",
            (
                Column("Indicator"),
                Column("Baseline", "end"),
                Column("Midline", "end"),
                Column("Change", "end"),
                Column("95 % interval", "end"),
                Column("Milestone", "end"),
                Column("So far"),
            ),
            (
                (
                    Cell("Heard in village meetings"), percent(0.291), percent(0.352), Cell("+6 points", 6.1, "points"),
                    Cell("+3 to +9"), Cell("40 % (by 2027)", 0.4, "percent"), Cell("not yet reached"),
                ),
                (
                    Cell("Days of school missed (mean)"), Cell("4.2", 4.2134, "number"), Cell("3.9", 3.87, "number"),
                    Cell("−0.3", -0.3434, "number"), Cell("−0.8 to +0.1"), Cell("", None, "empty"), Cell("too close to say"),
                ),
                (
                    Cell("Disabled people's organisations with a seat at the district table"), count(1), count(1204), count(1203),
                    Cell("", None, "empty"), HIDDEN, Cell("not shown"),
                ),
            ),
        ),
    )  # fmt: skip


def _changed() -> tuple[Block, ...]:
    return (
        Heading("s-changed", "What changed"),
        Prose(
            "changes",
            ("Partners wrote down 138 changes; 41 were checked with somebody outside the programme. Three of the most significant:",),
            (
                "Kafwe district moved its council meetings to the ground floor (agreed by the council's clerk).",
                "A women's savings group bought the ferry landing where its members had been charged twice.",
                "A teacher was moved after the youth club spoke up; the club's chair was threatened. Backlash, and not the end of it.",
            ),
        ),
        Quote(
            "quote-fr",
            "On ne demande plus la permission d'entrer. On entre.",
            "A young woman, Mwera, March 2026",
            "fr",
            "We no longer ask leave to come in. We come in.",
        ),
        Quote("quote-ar", "صوتي ليس ضيفاً في هذا المجلس.", "رئيسة نادي الشباب، لوندو", "ar", "My voice is no guest in this council."),
        Quote("quote-en", "They fixed the ramp the week before you came to count us.", "A man who uses a wheelchair, Lundo"),
    )


def _method() -> tuple[Block, ...]:
    return (
        Heading("s-method", "Method, limits and who did the work"),
        Prose(
            "method-1",
            (
                "Two rounds of a cluster sample in four districts: 2,398 and 2,411 people, by 26 interviewers, 11 of them with a disability.",
            ),
        ),
        Callout("note-burden", "An interview took 38 minutes. People were paid for the way, not for the answer.", "note"),
        Callout("invented-note", "This alliance does not exist. Its numbers were drawn from a stated model.", "invented"),
    )

"""What stands on a report's cover, and how its blocks become one document."""

from __future__ import annotations

from collections.abc import Iterable

from mel.model.release import Release
from mel.reporting.blocks import Block, Blocks, Callout, Document, Prose
from mel.reporting.edition import Edition, edition_of
from mel.reporting.words import numbers as write


def title_block(release: Release | Edition) -> Blocks:
    """Who this report is of, for whom and from when. Without a release: how to name one."""
    edition = edition_of(release)
    words = edition.words
    if edition.release is None:
        return Blocks((Callout("no-release", words.say("title.no_release"), "note"),))
    said = words.say("title.for", audience=words.say(f"audience.{edition.told.audience}"))
    made = words.say("title.made", date=write.day(words, edition.told.made_on)) if edition.told.made_on else ""
    first = Prose("title", tuple(part for part in (_subtitle(edition), f"{said} {made}".strip()) if part))
    invented = (Callout("title-invented", words.say("finding.invented_long"), "invented"),) if edition.invented else ()
    return Blocks((*invented, first))


def document(release: Release | Edition, blocks: Iterable[Block]) -> Document:
    """The whole report, ready for any writer."""
    edition = edition_of(release)
    return Document(
        title=str(
            edition.about.get("report", {}).get("title") or edition.words.say("title.default", name=edition.alliance.get("name", ""))
        ),
        subtitle=_subtitle(edition),
        language=edition.words.language,
        made_on=edition.told.made_on,
        invented=edition.invented,
        blocks=tuple(blocks),
        alliance_id=str(edition.alliance.get("id", "")),
    )


def _subtitle(edition: Edition) -> str:
    words, alliance = edition.words, edition.alliance
    period = alliance.get("period") or {}
    dates = [write.day(words, str(period.get(end, ""))) for end in ("start", "end")]
    when = words.say("title.period", start=dates[0], end=dates[1]) if all(dates) else ""
    return ", ".join(part for part in (str(alliance.get("name", "")), str(alliance.get("programme") or ""), when) if part)

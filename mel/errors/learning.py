"""What stops learning from a release."""

from __future__ import annotations

from mel.errors.base import Template

LEARN_NOT_A_RELEASE = Template(
    "LEARN_NOT_PROTECTED",
    "stop",
    "learn() received {given}, which has not passed disclosure control.",
    "Questions for the next round travel to everyone; they may rest only on figures that may be seen.",
    "Call mel.protect(estimates, comparisons, narratives, policy=…, audience=…, context=…) first and pass what it returns.",
)

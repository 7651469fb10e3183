"""How is an XLSForm written? Three sheets, labels in two languages; the questions themselves are each alliance's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generation.files import texts, write_xlsx


@dataclass(frozen=True)
class Ask:
    """One row of a survey sheet. `labels`: in the form's languages, in order."""

    type: str
    name: str = ""
    labels: tuple[str, ...] = ()
    relevant: str = ""
    constraint: str = ""
    message: tuple[str, ...] = ()
    required: bool = False
    calculation: str = ""


@dataclass(frozen=True)
class Form:
    """A whole form. `choices`: list name → code → labels in the form's languages."""

    title: str
    id: str
    version: str
    languages: tuple[str, ...]
    asks: tuple[Ask, ...]
    choices: Mapping[str, Mapping[str, tuple[str, ...]]]

    def list_of(self, question: str) -> Mapping[str, tuple[str, ...]]:
        """The choices of a question, code → labels."""
        ask = next(a for a in self.asks if a.name == question)
        return self.choices[ask.type.split()[-1]]

    def group_of(self, question: str) -> tuple[str, ...]:
        """The groups a question sits in, outermost first."""
        inside: list[str] = []
        for ask in self.asks:
            if ask.type.startswith("begin_"):
                inside.append(ask.name)
            elif ask.type.startswith("end_"):
                inside.pop()
            elif ask.name == question:
                return tuple(inside)
        return ()


def read_form(alliance: str) -> Form:
    """The form of an alliance, as it is written in `texts/<alliance>/form.toml`."""
    written = texts(f"{alliance}/form")
    asks = tuple(Ask(**{key: tuple(value) if isinstance(value, list) else value for key, value in ask.items()}) for ask in written["ask"])
    choices = {name: {code: tuple(words) for code, words in options.items()} for name, options in written["choices"].items()}
    return Form(written["title"], written["id"], written["version"], tuple(written["languages"]), asks, choices)


def write_form(path: Path, form: Form) -> None:
    """The form as an .xlsx that Kobo and ODK read."""
    labels = [f"label::{language}" for language in form.languages]
    messages = [f"constraint_message::{language}" for language in form.languages]
    survey = [
        {
            "type": a.type, "name": a.name or None, "required": "yes" if a.required else None, "relevant": a.relevant or None,
            "constraint": a.constraint or None, "calculation": a.calculation or None,
            **dict(zip(labels, a.labels, strict=False)), **dict(zip(messages, a.message, strict=False)),
        }
        for a in form.asks
    ]  # fmt: skip
    choices = [
        {"list_name": name, "name": code, **dict(zip(labels, words, strict=True))}
        for name, options in form.choices.items()
        for code, words in options.items()
    ]
    settings = [{"form_title": form.title, "form_id": form.id, "version": form.version, "default_language": form.languages[0]}]
    head: Sequence[str] = ["type", "name", *labels, "required", "relevant", "constraint", *messages, "calculation"]
    write_xlsx(
        path,
        {
            "survey": (head, survey),
            "choices": (["list_name", "name", *labels], choices),
            "settings": (["form_title", "form_id", "version", "default_language"], settings),
        },
        title=form.title,
    )

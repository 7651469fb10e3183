"""How a report notebook is run, and how its blocks are read back.

A notebook gets the path of a Release, a language and sections; it never opens people's rows. Its parameters are checked
before a kernel starts, and what it leaves behind tells of the report alone: no clock, no path of this machine. What the cells
say is `mel.reporting.sections`'; how blocks become a page is the writers'.
"""

from __future__ import annotations

import ast
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mel.errors import InputError, Problem, UsageError, closest
from mel.errors.reporting import (
    NOTEBOOK_BLOCK_TWICE,
    NOTEBOOK_FAILED,
    NOTEBOOK_NOT_FOUND,
    NOTEBOOK_PARAMETER_UNKNOWN,
    NOTEBOOK_PARAMETER_WRONG,
    NOTEBOOK_PARAMETERS_DIFFER,
    NOTEBOOK_RELEASE_NOT_RELATIVE,
)
from mel.reporting.blocks import MIME, Block, from_json

SLOW_GRAMMAR = "rfc3987_syntax"
"""A package of JupyterLab that builds a grammar for most of a second when imported, three times over; nothing here needs it."""


class NotebookParameters(BaseModel):
    """What a report notebook takes: the names and defaults of the cell tagged `parameters` (the release's path is always given)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)

    release: str = Field(min_length=1)
    """The release's folder, relative to the folder the notebook runs in."""
    language: str = "en"
    sections: tuple[str, ...] = ()
    """Names of sections in the order of the report; empty for those the alliance asked for."""

    @field_validator("sections", mode="before")
    @classmethod
    def _a_list_is_welcome(cls, given: object) -> object:
        return tuple(given) if isinstance(given, list) else given


def execute(notebook_path: Path, parameters: NotebookParameters | Mapping[str, Any], *, cwd: Path, out: Path) -> Any:
    """Run a report notebook in `cwd` with checked parameters, write it to `out` and return it (a NotebookNode).

    Raises: UsageError on an unknown or ill-fitting parameter, before a kernel starts; InputError when there is no such notebook,
    when its parameters cell differs from `NotebookParameters`, or when a cell fails (`out` is then not written).
    """
    given = checked(parameters)
    if not notebook_path.is_file():
        raise InputError(NOTEBOOK_NOT_FOUND.at(file=notebook_path.name))
    _block_slow_grammar()
    import nbformat

    notebook: Any = nbformat.read(notebook_path, as_version=4)  # type: ignore[no-untyped-call]
    _mirrors_the_model(notebook, notebook_path.name)
    done = _cleaned(_run(notebook, given, cwd, notebook_path.name))
    out.parent.mkdir(parents=True, exist_ok=True)
    text: str = nbformat.writes(done)  # type: ignore[no-untyped-call]
    out.write_text(text + "\n", encoding="utf-8")
    return done


def checked(parameters: NotebookParameters | Mapping[str, Any]) -> NotebookParameters:
    """The parameters as the typed model, or one UsageError with everything that does not fit."""
    if isinstance(parameters, NotebookParameters):
        given = parameters
    else:
        try:
            given = NotebookParameters.model_validate(dict(parameters))
        except ValidationError as wrong:
            raise UsageError([_parameter_problem(error) for error in wrong.errors()]) from None
    if PurePosixPath(given.release).is_absolute() or PureWindowsPath(given.release).is_absolute():
        raise UsageError(NOTEBOOK_RELEASE_NOT_RELATIVE.at())
    return given


def blocks_of(notebook: Any) -> list[Block]:
    """Every block that an executed notebook shows, in order.

    Raises: InputError when two blocks have the same id; KeyError on a kind of block that no writer knows.
    """
    shown = [
        from_json(output["data"][MIME])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    ids = [block.id for block in shown]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise InputError(NOTEBOOK_BLOCK_TWICE.at(ids=twice))
    return shown


def parameters_cell(notebook: Any) -> dict[str, Any]:
    """Names and values that the cell tagged `parameters` sets; empty when there is no such cell or it is not plain assignments."""
    cell = next((c for c in notebook["cells"] if "parameters" in c.get("metadata", {}).get("tags", [])), None)
    if cell is None:
        return {}
    try:
        lines = ast.parse(cell["source"]).body
        return {line.targets[0].id: ast.literal_eval(line.value) for line in lines if _plain(line)}
    except (SyntaxError, ValueError):
        return {}


def _plain(line: ast.stmt) -> bool:
    return isinstance(line, ast.Assign) and len(line.targets) == 1 and isinstance(line.targets[0], ast.Name)


def _parameter_problem(error: Any) -> Problem:
    name = str(error["loc"][0]) if error["loc"] else "parameters"
    available = list(NotebookParameters.model_fields)
    if error["type"] == "extra_forbidden":
        return NOTEBOOK_PARAMETER_UNKNOWN.at(name=name, closest=closest(name, available) or "none", available=available)
    return NOTEBOOK_PARAMETER_WRONG.at(name=name, reason=str(error["msg"]).rstrip(".").lower())


def _mirrors_the_model(notebook: Any, file: str) -> None:
    found, expected = list(parameters_cell(notebook)), list(NotebookParameters.model_fields)
    if sorted(found) != sorted(expected):
        raise InputError(NOTEBOOK_PARAMETERS_DIFFER.at(file=file, found=found or "nothing", expected=expected))


def _block_slow_grammar() -> None:
    if SLOW_GRAMMAR not in sys.modules:
        sys.modules[SLOW_GRAMMAR] = cast(Any, None)


def _run(notebook: Any, given: NotebookParameters, cwd: Path, file: str) -> Any:
    """Run the cells in a kernel of this Python. The kernel is spoken to over a private socket file where the system has them:
    its plain TCP ports can be read by everyone on the machine.
    """
    import papermill
    from traitlets.config import Config

    with tempfile.TemporaryDirectory(prefix="mel-", ignore_cleanup_errors=True) as private:
        channel = {"transport": "ipc", "connection_file": str(Path(private) / "k.json")} if os.name == "posix" else {}
        try:
            return papermill.execute_notebook(
                notebook,
                None,
                parameters=given.model_dump(mode="json"),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                cwd=str(cwd),
                config=Config({"KernelManager": channel}),
                extra_arguments=[
                    f"--IPKernelApp.exec_lines=import sys; sys.modules['{SLOW_GRAMMAR}'] = None",
                    # a kernel is interrupted before it is asked to end, and would call that an error; a cell's failure comes as a message
                    "--IPKernelApp.log_level=50",
                ],
            )
        except papermill.PapermillExecutionError as stopped:
            said = f"It said: {stopped.evalue}" if stopped.evalue else "Open the notebook and run it to see more."
            cell = stopped.exec_count or stopped.cell_index
            raise InputError(NOTEBOOK_FAILED.at(file=file, cell=cell, error=stopped.ename, said=said)) from None


def _cleaned(notebook: Any) -> Any:
    """Without what changes from run to run: clocks, papermill's own notes, the name it draws for the cell it adds."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
        for output in cell.get("outputs", []):
            output.get("metadata", {}).pop("papermill", None)
    return notebook

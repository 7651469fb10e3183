"""What can stop a finished text from becoming a report: a release that was edited, a hole the gate finds, a language not offered yet."""

from mel.errors.base import Template

RELEASE_UNCHECKED = Template(
    "RELEASE_UNCHECKED", "stop",
    "{count} rows of the release's {table} have disclosure = '{disclosure}', which only a table before protect() may have.",
    "Nobody has looked whether these figures could give a person away.",
    "Call mel.protect(estimates, comparisons, policy=…, audience=…) and pass what it returns, unchanged.",
)  # fmt: skip
RELEASE_HIDDEN_NUMBER = Template(
    "RELEASE_HIDDEN_NUMBER", "stop",
    "{count} rows of the release's {table} are hidden, and still carry a number in {columns}.",
    "A number that is in the file can be read, whatever the page shows.",
    "Do not edit a release: call mel.protect(…) again and pass what it returns.",
)  # fmt: skip
RELEASE_NO_NAME = Template(
    "RELEASE_NO_NAME", "stop",
    "the release does not say whose it is: about.alliance has no usable 'id'.",
    "The report's files are named after the alliance.",
    "Give the alliance an id under [alliance]: lower-case letters, digits, - and _.",
)  # fmt: skip
LANGUAGE_NOT_OFFERED = Template(
    "LANGUAGE_NOT_OFFERED", "stop",
    "reports are not written in '{language}' yet.",
    "Half a translation reads as carelessness towards those it is for.",
    "Languages offered: {offered}. Answers, quotes and readings keep their own language in every report.",
)  # fmt: skip
NOTEBOOK_EMPTY = Template(
    "NOTEBOOK_EMPTY", "stop",
    "the notebook {notebook} ran and returned no block.",
    "The report's formats are written from the blocks of the executed notebook.",
    "End a cell with what mel.reporting gives: a section, a Table, a Figure, a Finding.",
)  # fmt: skip
NOTEBOOK_BLOCK_UNKNOWN = Template(
    "NOTEBOOK_BLOCK_UNKNOWN", "stop",
    "a cell of {notebook} returned a block this version of mel cannot read.",
    "A format that passes over a block says less than the notebook did.",
    "Use the blocks of mel.reporting. Kinds: {kinds}.",
)  # fmt: skip

GATE_SAME_ID = Template(
    "GATE_SAME_ID", "stop",
    "two blocks have the id '{block}'.",
    "People talk back to a figure by its id, and it must mean one.",
    "Give each block an id of its own.",
)  # fmt: skip
GATE_BAD_ID = Template(
    "GATE_BAD_ID", "stop",
    "a block has the id '{block}', which cannot be linked to.",
    "Every format links to a block by its id.",
    "Use letters, digits and . _ : = -, and start with a letter.",
)  # fmt: skip
GATE_ALT = Template(
    "GATE_ALT", "stop",
    "the text that stands for figure '{block}' {fault}.",
    "For someone who cannot see the chart, this text is the chart.",
    "Say what is shown, the highest and the lowest value and how many people it is about.",
)  # fmt: skip
GATE_DRAWING = Template(
    "GATE_DRAWING", "stop",
    "the drawing of figure '{block}' holds {fault}.",
    "A drawing may hold shapes and text; anything else could run, load or track in the reader's browser.",
    "Draw it with altair and vl-convert, without images, links or scripts.",
)  # fmt: skip
GATE_UNPRINTABLE = Template(
    "GATE_UNPRINTABLE", "stop",
    "block '{block}' would print '{word}' where {place}.",
    "That is a computer's word for a hole in the data; a reader must be told what is missing and why.",
    "Print the silence or the reason instead: not asked, not known, not shown.",
)  # fmt: skip
GATE_TABLE = Template(
    "GATE_TABLE", "stop",
    "table '{block}' {fault}.",
    "A screen reader speaks each number with the heads of its row and its column.",
    "Give every row as many cells as there are columns, and a name to every row and column.",
)  # fmt: skip
GATE_TWO_NUMBERS = Template(
    "GATE_TWO_NUMBERS", "stop",
    "table '{block}' prints '{printed}' where the number behind it is {value}.",
    "The page and the workbook would say different things.",
    "Make the text from the number. A percent cell holds the share (0.21 for 21 %), a points cell the points (6 for 6 points).",
)  # fmt: skip
GATE_HIDDEN_VALUE = Template(
    "GATE_HIDDEN_VALUE", "stop",
    "table '{block}' hides a cell, and the number is still behind it.",
    "The workbook would give it away.",
    "A cell of kind 'hidden' has value = None.",
)  # fmt: skip
GATE_NO_TEXT = Template(
    "GATE_NO_TEXT", "stop",
    "block '{block}' has an empty {part}.",
    "An empty frame tells the reader that something was lost.",
    "Leave the block out, or say what it is about.",
)  # fmt: skip
GATE_HEADINGS = Template(
    "GATE_HEADINGS", "stop",
    "heading '{block}' is of level {level} under a heading of level {above}.",
    "People who listen to a page find their way by its headings; a skipped level sounds like a lost section.",
    "Go down one level at a time, starting with 2.",
)  # fmt: skip

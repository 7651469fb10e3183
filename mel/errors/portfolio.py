"""What can stop the main job itself, beside the problems of each stage."""

from mel.errors.base import Template

NOT_A_FOLDER = Template(
    "ALLIANCE_NOT_A_FOLDER", "stop",
    "{folder} is not a folder.",
    "An alliance is a folder with alliance.toml (or alliance.xlsx) and its data.",
    "Name the folder. Folders with an alliance near here: {near}.",
)  # fmt: skip
SAME_ID = Template(
    "ALLIANCE_SAME_ID", "stop",
    "two folders say they are the alliance '{id}': {folders}.",
    "Their reports would have the same place, and one would replace the other.",
    "Give one of them another id under [alliance].",
)  # fmt: skip
NOTHING_TO_REPORT = Template(
    "NOTHING_TO_REPORT", "stop",
    "alliance '{id}' has no figures and no stories to report for the audience '{audience}'.",
    "A report of empty sections would say that nothing happened.",
    "`mel check` lists the indicators that no column of the data is mapped to yet: map them. If it lists none, look at how far each dataset "
    "and register may be shared (share, publish), or choose the readers with --audience.",
)  # fmt: skip
WORKER_DIED = Template(
    "WORKER_DIED", "stop",
    "the process that worked on '{name}' ended without saying why.",
    "Most often the machine ran out of memory. The earlier report, if there was one, is untouched.",
    "Run this alliance alone: mel report {name} --workers 1.",
)  # fmt: skip
UNEXPECTED = Template(
    "UNEXPECTED", "stop",
    "something went wrong that mel does not know: {kind} at {place}.",
    "This is a fault in mel, not in your data. The data are not shown here, to protect people.",
    "Please report the two words above and this code; see SECURITY.md if it may be a hole.",
)  # fmt: skip
NO_DRAFT = Template(
    "PUBLISH_NO_DRAFT", "stop",
    "there is no draft report of '{id}' in {folder}.",
    "Only a draft that people have looked at can be published.",
    "Run mel report first, read the report, then publish it.",
)  # fmt: skip

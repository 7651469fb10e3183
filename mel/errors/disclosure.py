"""What stops a release. Each text says where and what kind, never the value, the partner or the place that is protected."""

from __future__ import annotations

from mel.errors.base import Template

AUDIENCE_UNKNOWN = Template(
    "AUDIENCE_UNKNOWN",
    "stop",
    "'{given}' is not an audience.",
    "A release is for one audience, and what may be shown depends on it.",
    "Write one of {available}.",
)
NOT_A_POLICY = Template(
    "POLICY_NOT_A_POLICY",
    "stop",
    "protect() received a {given} as policy.",
    "Only a mel Policy has been checked for unknown keys, and protection never fails open.",
    "Pass policy = alliance.disclosure, or mel.model.policy.Policy(…).",
)
TABLE_COLUMNS = Template(
    "PROTECT_COLUMNS",
    "stop",
    "The table of {table} has not the columns that protection knows: missing {missing}; unknown {unknown}.",
    "A column that protection does not know could carry what it hides.",
    "Pass what measure() and compare() returned, unchanged.",
)
TABLE_TYPE = Template(
    "PROTECT_COLUMN_TYPE",
    "stop",
    "In the table of {table}, column '{column}' does not hold {expected}.",
    "Protection cannot compare what it cannot read, and does not guess.",
    "Pass what measure() and compare() returned, unchanged.",
)
COUNT_IMPOSSIBLE = Template(
    "PROTECT_COUNT_IMPOSSIBLE",
    "stop",
    "{rows} rows of the estimates have counts that cannot be (missing, negative, broken, or more yes than answers).",
    "How few people stand behind a figure decides whether it may be shown; here nobody can tell.",
    "Pass what measure() returned, unchanged.",
)
ALREADY_CHECKED = Template(
    "PROTECT_NOT_UNCHECKED",
    "stop",
    "{rows} rows of {table} carry a disclosure state other than 'unchecked'.",
    "Only protect() decides what is open; a state that came in from elsewhere cannot be trusted.",
    "Pass what measure() and compare() returned, unchanged.",
)
ROW_TWICE = Template(
    "PROTECT_ROW_TWICE",
    "stop",
    "{rows} figures of the estimates stand there twice.",
    "One could be hidden and its twin shown.",
    "Measure each indicator once per dataset.",
)
INDICATOR_UNKNOWN = Template(
    "PROTECT_INDICATOR_UNKNOWN",
    "stop",
    "The estimates hold figures of {indicators}, whose definitions are not with them.",
    "Without its definition nobody knows whether an indicator is sensitive.",
    "Pass what measure() returned, unchanged.",
)
DATASET_UNKNOWN = Template(
    "PROTECT_DATASET_UNKNOWN",
    "stop",
    "The estimates hold figures of the datasets {datasets}, which the alliance does not list.",
    "Without the dataset's owner and share nobody knows how far it may go.",
    "List them under [[datasets]] in alliance.toml with owner and share.",
)
SENSITIVE_UNKNOWN = Template(
    "POLICY_DIMENSION_UNKNOWN",
    "stop",
    "The policy protects the dimension '{given}', which neither the alliance nor the estimates have.",
    "A typing error here would publish what should stay in.",
    "The dimensions are {available}; those that look close: {close}.",
)
PARTNER_UNKNOWN = Template(
    "POLICY_PARTNER_UNKNOWN",
    "stop",
    "Entry {position} of partners_at_risk is no partner or member that the alliance's data know.",
    "A typing error here would name a partner who asked not to be named.",
    "Write the partner_id as the partners' register has it, or the member's id.",
)
COUNTRY_UNKNOWN = Template(
    "POLICY_COUNTRY_UNKNOWN",
    "stop",
    "Entry {position} of countries_at_risk is not a two-letter country code.",
    "A name that is spelt otherwise in the data would not be found, and would be shown.",
    "Write the ISO 3166-1 code in two capital letters.",
)
TABLES_DO_NOT_ADD_UP = Template(
    "PROTECT_TABLES_DO_NOT_ADD_UP",
    "stop",
    "In dataset '{dataset}', round '{round}', the groups of indicator '{indicator}' do not add up to their totals.",
    "What one table hides another gives back through the totals; where they do not add up this cannot be worked out.",
    "Measure the breakdowns of one indicator in one call, on one sample.",
)
TOO_LARGE_TO_SHOW = Template(
    "PROTECT_TOO_LARGE",
    "stop",
    "In dataset '{dataset}', round '{round}', indicator '{indicator}' is broken down into more linked groups ({size}) than can be shown safe.",
    "A release whose protection cannot be shown is not made.",
    "Ask for fewer crossings: single dimensions and the pairs that a decision needs.",
)
CANNOT_PROTECT = Template(
    "PROTECT_CANNOT",
    "stop",
    "In dataset '{dataset}', round '{round}', a hidden figure of indicator '{indicator}' can still be worked out and nothing is left to hide.",
    "Someone could be recognised.",
    "Leave the indicator or its smallest breakdown out of this release.",
)
NARRATIVE_COLUMNS = Template(
    "PROTECT_NARRATIVE_COLUMNS",
    "stop",
    "The {kind} have no column {missing}.",
    "Without it nobody knows what the people it is about agreed to.",
    "Add the column to the register; data/schemas holds its description.",
)
NARRATIVE_OWNER = Template(
    "PROTECT_NARRATIVE_OWNER",
    "stop",
    "There are {kind}, but the alliance lists no dataset of that kind.",
    "Without an owner and a share nobody knows how far they may go.",
    'List the register under [[datasets]] with kind = "{kind}", owner and share.',
)
NAME_AT_RISK_LEFT = Template(
    "PROTECT_NAME_AT_RISK",
    "stop",
    "A partner or country at risk is still named in {place}.",
    "It must not be named anywhere.",
    "Write that text without the name.",
)
RELEASE_MISSING = Template(
    "RELEASE_FILE_MISSING",
    "stop",
    "The release folder '{folder}' has no {missing}.",
    "A release with a part missing cannot be told from one that was tampered with.",
    "Make the release again with mel report.",
)
RELEASE_EDITED = Template(
    "RELEASE_FILE_EDITED",
    "stop",
    "{edited} in the release folder '{folder}' changed after the release was made.",
    "What is read here must be what protection let through.",
    "Make the release again with mel report; notes belong in a copy.",
)
RELEASE_UNREADABLE = Template(
    "RELEASE_UNREADABLE",
    "stop",
    "release.json in '{folder}' is not a release this version of mel can read ({reason}).",
    "A release that cannot be read whole is not read at all.",
    "Make the release again with mel report.",
)
LEDGER_BROKEN = Template(
    "LEDGER_BROKEN",
    "stop",
    "The ledger of releases does not fit what is there: {broken}.",
    "Later releases are held against earlier ones; with a missing or edited one, a difference between the two could give a person away.",
    "Put the folder 'releases' back as it was published; if that cannot be, decide with the alliance how to start anew.",
)
LEDGER_DATE = Template(
    "LEDGER_DATE",
    "stop",
    "'{given}' is not a date.",
    "Releases are kept by the day they were published.",
    "Write it as 2026-11-23.",
)
ANALYSIS_UNKNOWN = Template(
    "PROTECT_ANALYSIS_UNKNOWN",
    "stop",
    "Protection does not know analyses of the kind '{kind}'.",
    "What it does not know could carry what it hides.",
    "Kinds it knows: {available}.",
)
STANDING_UNKNOWN = Template(
    "STANDING_UNKNOWN",
    "stop",
    "{rows} readings say where something stands with a word that is not known.",
    "Laws, norms and movements have no traffic light: people say it, in the same three words everywhere.",
    "Write one of {available} in where_it_stands, with the reason in what_it_means, or leave it empty.",
)

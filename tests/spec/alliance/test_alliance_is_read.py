"""alliance.toml becomes one frozen model, or every problem at once, each with its file and key."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mel.collection.alliance import load_alliance
from mel.errors import InputError

Folder = Callable[[str], Path]


def problems_of(folder: Path) -> list[tuple[str, str | None]]:
    with pytest.raises(InputError) as caught:
        load_alliance(folder)
    assert all(p.file in ("alliance.toml", "own.toml") or p.key is None for p in caught.value.problems)
    return [(p.code, p.key) for p in caught.value.problems]


def text_of(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_alliance(folder)
    assert pickle.loads(pickle.dumps(caught.value)).problems == caught.value.problems
    return str(caught.value)


def test_a_right_one(folder: Folder, small: str) -> None:
    alliance = load_alliance(folder(small))
    assert alliance.alliance.id == "small"
    assert alliance.dataset("survey").rounds[1].date == date(2023, 6, 1)
    assert alliance.dataset("survey").map["gender"].columns[0].column == "sex"
    with pytest.raises(Exception, match="frozen"):
        alliance.packs = ()  # type: ignore[misc]


def test_every_key_at_once(rich: Path) -> None:
    alliance = load_alliance(rich)
    assert [d.name for d in alliance.datasets] == ["survey", "outcomes"]
    assert alliance.disclosure.threshold == 4


def test_a_bom_and_crlf_are_no_problem(tmp_path: Path, small: str) -> None:
    (tmp_path / "alliance.toml").write_bytes(b"\xef\xbb\xbf" + small.replace("\n", "\r\n").encode())
    assert load_alliance(tmp_path).alliance.id == "small"


def test_a_design_left_out(folder: Folder, small: str) -> None:
    spoilt = small.replace('design = { basis = "census", rounds = "panel", respondent = "id" }\n', "")
    assert text_of(folder(spoilt)) == (
        "alliance.toml, key datasets[0].design: The dataset 'survey' does not say how people came to be in it: there is no design.\n"
        "Only a probability sample speaks for people who were not asked; without a design nobody can know which words a report may use. "
        "Add a [datasets.design] with basis = probability, census, purposive, self_selected or unknown. If nobody knows, write unknown: "
        "the report then counts the people who answered, and claims no more. [DESIGN_MISSING]"
    )


def test_a_typing_error_in_a_key_is_one_problem(folder: Folder, small: str) -> None:
    spoilt = small.replace('basis = "census"', 'bassis = "census"')
    assert text_of(folder(spoilt)) == (
        "alliance.toml, key datasets[0].design.bassis: There is no key 'bassis' here.\n"
        "A key that is not known would be ignored, and what you meant by it with it. Keys that look close: 'basis'. "
        "All keys here: basis, weights, rounds, stratum, psu, weight, fpc, psu_unique, lonely_psu, respondent, listed, replicates. "
        "[KEY_UNKNOWN]"
    )


def test_a_basis_left_out(folder: Folder, small: str) -> None:
    assert problems_of(folder(small.replace('basis = "census", ', ""))) == [("DESIGN_BASIS_MISSING", "datasets[0].design.basis")]


def test_a_probability_sample_states_all(folder: Folder, small: str) -> None:
    spoilt = small.replace('basis = "census", rounds = "panel", respondent = "id"', 'basis = "probability"')
    assert problems_of(folder(spoilt)) == [
        ("DESIGN_ROUNDS_MISSING", "datasets[0].design.rounds"),
        ("DESIGN_PART_MISSING", "datasets[0].design.stratum"),
        ("DESIGN_PART_MISSING", "datasets[0].design.psu"),
        ("DESIGN_PART_MISSING", "datasets[0].design.weights"),
    ]


def test_everything_wrong_is_told_at_once(folder: Folder, small: str) -> None:
    spoilt = (
        small.replace('side = "south"', 'side = "southern"')
        .replace('owner = "fund"', 'owner = "fnud"')
        .replace('by = [["gender"]]', 'by = [["gendr"]]')
        .replace('round = "midline"', 'round = "endline"')
        .replace("threshold = 10", "treshold = 10")
        .replace("start = 2021-01-01", 'start = "soon"')
    )
    assert problems_of(folder(spoilt)) == [
        ("KEY_UNKNOWN", "disclosure.treshold"),
        ("TYPE_NOT_DATE", "alliance.period.start"),
        ("CHOICE_UNKNOWN", "members[0].side"),
        ("OWNER_UNKNOWN", "datasets[0].owner"),
        ("ALLIANCE_DIMENSION_UNKNOWN", "indicators[0].by[0][0]"),
        ("ALLIANCE_ROUND_UNKNOWN", "indicators[0].targets[0].round"),
    ]


SPOILT = [
    # one key
    ('id = "small"', 'id = "../../etc"', "ID_NOT_ALLOWED", "alliance.id"),
    ('id = "small"', "id = 7", "TYPE_NOT_TEXT", "alliance.id"),
    ('"survey"', '"a/b"', "ID_NOT_ALLOWED", "datasets[0].name"),
    ('name = "baseline"', 'name = "../x"', "ID_NOT_ALLOWED", "datasets[0].rounds[0].name"),
    ('country = "UG"', 'country = "Uganda"', "ID_NOT_ALLOWED", "members[0].country"),
    ('kind = "answers"', 'kind = "answer"', "CHOICE_UNKNOWN", "datasets[0].kind"),
    ('share = "public"\n', "", "KEY_MISSING", "datasets[0].share"),
    ('files = ["a.csv"]', 'files = "a.csv"', "TYPE_NOT_LIST", "datasets[0].rounds[0].files"),
    ('files = ["a.csv"]', "files = []", "LIST_EMPTY", "datasets[0].rounds[0].files"),
    ('by = [["gender"]]', 'by = ["gender"]', "TYPE_BARE_LIST", "indicators[0].by[0]"),
    ("value = 0.5", 'value = "n/a"', "TYPE_NOT_NUMBER", "indicators[0].targets[0].value"),
    ("threshold = 10", "threshold = 2", "NUMBER_OUTSIDE", "disclosure.threshold"),
    ("threshold = 10", "threshold = 4", "RECORD_CONTRADICTS", "disclosure"),
    ("threshold = 10", "threshold = 9.5", "TYPE_NOT_NUMBER", "disclosure.threshold"),
    ("end = 2025-12-31", "end = 2020-12-31", "RECORD_CONTRADICTS", "alliance.period"),
    ('map = { gender = "sex"', "map = { gender = 5", "TYPE_NOT_TABLE", "datasets[0].map.gender"),
    ('gender = "sex"', 'gender = { codes = { a = "woman" } }', "KEY_MISSING", "datasets[0].map.gender.column"),
    ('basis = "census"', 'basis = "census", psu_unique = "maybe"', "TYPE_NOT_YES_NO", "datasets[0].design.psu_unique"),
    ('basis = "census"', 'basis = "census", stratum = { a = 1 }', "VALUE_NOT_ACCEPTED", "datasets[0].design.stratum"),
    ('sections = ["summary"]', 'sections = ["sumary"]', "SECTION_UNKNOWN", "report.sections[0]"),
    ('sections = ["summary"]', "sections = []", "LIST_EMPTY", "report.sections"),
    ('sections = ["summary"]', 'languages = ["fr"]', "ALLIANCE_LANGUAGE_NOT_OFFERED", "report.languages[0]"),
    ('sections = ["summary"]', "level = 1.5", "NUMBER_OUTSIDE", "report.level"),
    # paths
    ('files = ["a.csv"]', 'files = ["../a.csv"]', "PATH_LEAVES_FOLDER", "datasets[0].rounds[0].files[0]"),
    ('files = ["a.csv"]', 'files = ["/etc/passwd"]', "PATH_LEAVES_FOLDER", "datasets[0].rounds[0].files[0]"),
    ('files = ["a.csv"]', "files = ['C:\\data\\a.csv']", "PATH_LEAVES_FOLDER", "datasets[0].rounds[0].files[0]"),
    ('files = ["a.csv"]', 'files = ["x/**/../../a.csv"]', "PATH_LEAVES_FOLDER", "datasets[0].rounds[0].files[0]"),
    ('kind = "answers"', 'kind = "answers"\nform = "~/form.xlsx"', "PATH_LEAVES_FOLDER", "datasets[0].form"),
    # the design
    ('rounds = "panel", respondent = "id"', 'rounds = "panel"', "DESIGN_RESPONDENT_MISSING", "datasets[0].design.respondent"),
    ('rounds = "panel", respondent = "id"', "weights = 'none'", "DESIGN_ROUNDS_MISSING", "datasets[0].design.rounds"),
    ('basis = "census"', 'basis = "census", weights = "expansion"', "DESIGN_WEIGHTS_WITHOUT_CHANCE", "datasets[0].design.weights"),
    ('basis = "census"', 'basis = "census", weight = "w"', "DESIGN_WEIGHT_UNUSED", "datasets[0].design.weight"),
    ('name = "baseline"', 'name = "midline"', "ROUND_TWICE", "datasets[0].rounds[1].name"),
    ('kind = "answers"', 'kind = "answers"\npartner_from = "sheet"', "PARTNER_FROM_UNCLEAR", "datasets[0].partner_from"),
    # references
    ('owner = "fund"', 'owner = "found"', "OWNER_UNKNOWN", "datasets[0].owner"),
    ('dataset = "survey"', 'dataset = "survy"', "DATASET_UNKNOWN", "indicators[0].dataset"),
    ('id = "heard_in_meetings"', 'id = "heard_in_meeting"', "ALLIANCE_INDICATOR_UNKNOWN", "indicators[0].id"),
    ('value = 0.5 }', 'value = 0.5, where = { age = "18-49" } }', "ALLIANCE_DIMENSION_UNKNOWN", "indicators[0].targets[0].where.age"),
    ('[["gender"]]\ntargets = [{', '[]\ntargets = [{ where = { gender = "woman" },', "TARGET_NOT_BROKEN_DOWN", "indicators[0].targets[0].where"),
    ('from = "gender"', 'from = "age"\nbands = "sadd"', "AGE_BANDS_UNKNOWN", "dimensions[0].bands"),
    ('from = "gender"', 'from = "age"', "RECORD_CONTRADICTS", "dimensions[0]"),
    ('from = "gender"', 'from = "gender"\nbands = "saddd"', "DIMENSION_KEY_UNUSED", "dimensions[0].bands"),
    ('[[dimensions]]\n', '[[dimensions]]\nname = "estimate"\n\n[[dimensions]]\n', "DIMENSION_NAME_RESERVED", "dimensions[0].name"),
    ('[[dimensions]]\n', '[[dimensions]]\nname = "gender"\n\n[[dimensions]]\n', "NAME_TWICE", "dimensions[1].name"),
    ('threshold = 10', 'sensitive = { gendre = { reason = "x" } }', "ALLIANCE_DIMENSION_UNKNOWN", "disclosure.sensitive.gendre"),
    ('gender = "sex"', 'gendr = "sex"', "MAP_VARIABLE_UNKNOWN", "datasets[0].map.gendr"),
    ('"went"', '{ column = "went", codes = { y = "yess" } }', "MAP_CODE_UNKNOWN", "datasets[0].map.attends_meetings.codes.y"),
    ('"went"', '{ column = "went", codes = { y = "yes" }, silences = { y = "not_known" } }', "MAP_CODE_TWICE",
     "datasets[0].map.attends_meetings.codes.y"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "key"), SPOILT, ids=[f"{code}-{key}" for _, _, code, key in SPOILT])
def test_one_fault_one_problem(folder: Folder, small: str, old: str, new: str, code: str, key: str) -> None:
    assert old in small
    assert problems_of(folder(small.replace(old, new))) == [(code, key)]


def test_no_validator_words_ever(folder: Folder, small: str) -> None:
    for old, new, *_ in SPOILT:
        said = text_of(folder(small.replace(old, new)))
        assert not any(word in said.lower() for word in ("pydantic", "validation error", "input should", "value error", "traceback"))


def test_an_indicator_asked_twice(folder: Folder, small: str) -> None:
    again = small + '\n[[indicators]]\nid = "heard_in_meetings"\ndataset = "survey"\n'
    assert problems_of(folder(again)) == [("ALLIANCE_INDICATOR_TWICE", "indicators[1].id")]


OWN = """
[[own_indicators]]
id = "{id}"
label = "x"
kind = "proportion"
counts = "{counts}"
numerator = {{ column = "attends_meetings", is = ["yes"] }}
source = "Ours"
status = "confirmed"

[[indicators]]
id = "{id}"
dataset = "survey"
"""


def test_an_own_indicator_may_not_take_a_packs_id(folder: Folder, small: str) -> None:
    text = small + OWN.format(id="attends_meetings", counts="people")
    assert problems_of(folder(text)) == [("INDICATOR_REDEFINED", "own_indicators[0].id")]


def test_people_are_not_counted_as_things(folder: Folder, small: str) -> None:
    """Things have no floor: whoever counts people as things would lift the protection."""
    text = small + OWN.format(id="own", counts="things")
    assert problems_of(folder(text)) == [("INDICATOR_LESS_PROTECTED", "indicators[1].id")]
    load_alliance(folder(small + OWN.format(id="own", counts="people")))


def test_a_rule_with_two_conditions(folder: Folder, small: str) -> None:
    text = (small + OWN.format(id="own", counts="people")).replace('is = ["yes"] }', 'is = ["yes"], at_least = 2 }')
    assert problems_of(folder(text)) == [("RECORD_CONTRADICTS", "own_indicators[0].numerator")]


# ---- packs named by an alliance -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [("lnbo", "PACK_UNKNOWN"), ("own.toml", "PACK_FILE_MISSING"), ("../own.toml", "PATH_LEAVES_FOLDER"), ("lnob", "PACK_TWICE")],
)
def test_packs_that_are_not_there(folder: Folder, small: str, name: str, code: str) -> None:
    assert problems_of(folder(small.replace('packs = ["lnob"', f'packs = ["{name}", "lnob"'))) == [(code, None)]


def test_the_closest_pack_is_named(folder: Folder, small: str) -> None:
    said = text_of(folder(small.replace('"lnob"', '"lnbo"')))
    assert "There is no pack 'lnbo'" in said
    assert "Closest: 'lnob'" in said
    assert "'dhs', 'empowerment', 'evaluation-criteria', 'feminist-mel'" in said


def test_an_own_packs_faults_have_its_file(folder: Folder, small: str) -> None:
    where = folder(small.replace('packs = ["lnob"', 'packs = ["own.toml", "lnob"'))
    (where / "own.toml").write_text('id = "own"\nversion = "1"\nlabel = "Own"\nsource = "Ours"\nstatus = "sure"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_alliance(where)
    assert [(p.code, p.file, p.key) for p in caught.value.problems] == [("CHOICE_UNKNOWN", "own.toml", "status")]


# ---- people at risk: a typing error there would leave someone unprotected -----------------------------------------------

REGISTER = """
[[datasets]]
name = "partners"
kind = "partners"
owner = "fund"
share = "own"
counts = "organisations"
rounds = [{ name = "now", date = 2023-01-01, files = ["partners.csv"] }]
"""


def test_at_risk_must_be_in_the_register_and_is_not_named(folder: Folder, small: str) -> None:
    text = small.replace("threshold = 10", 'partners_at_risk = { umojaa = { reason = "Threats", decided_by = "Board" } }') + REGISTER
    where = folder(text)
    (where / "partners.csv").write_text("partner_id,name,country\numoja,Umoja,KE\n", encoding="utf-8")
    assert problems_of(where) == [("AT_RISK_UNKNOWN", "disclosure.partners_at_risk")]
    assert "umoja" not in text_of(where).lower()
    load_alliance(folder(text.replace("umojaa", "umoja")))


def test_a_partner_may_own_data(folder: Folder, small: str) -> None:
    where = folder(small.replace('owner = "fund"', 'owner = "umoja"', 1) + REGISTER)
    (where / "partners.csv").write_text("partner_id,name,country\numoja,Umoja,KE\n", encoding="utf-8")
    assert load_alliance(where).dataset("survey").owner == "umoja"
    (where / "partners.csv").write_text("partner_id,name,country\nother,Other,KE\n", encoding="utf-8")
    assert problems_of(where) == [("OWNER_UNKNOWN", "datasets[0].owner")]


# ---- the file ---------------------------------------------------------------------------------------------------------


def code_of(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_alliance(folder)
    (problem,) = caught.value.problems
    return problem.code


def test_a_folder_that_is_not_there_shows_those_that_are(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "alliance.toml").touch()
    with pytest.raises(InputError, match=r"(?s)There is no folder 'voice'.*'voices'") as caught:
        load_alliance(tmp_path / "voice")
    assert str(tmp_path) not in str(caught.value)


def test_a_file_is_no_folder(folder: Folder, small: str) -> None:
    assert code_of(folder(small) / "alliance.toml") == "ALLIANCE_IS_A_FILE"


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "aliance.toml").touch()
    assert "'aliance.toml'" in text_of(tmp_path)
    assert code_of(tmp_path) == "ALLIANCE_FILE_MISSING"


def test_two_files(folder: Folder, small: str) -> None:
    where = folder(small)
    (where / "alliance.xlsx").touch()
    assert code_of(where) == "ALLIANCE_TWO_FILES"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('a = 1\nb = "open\nc = 2\n', 2, "illegal character"),
        ("a = 1\n[alliance\n", 2, "expected"),
        ("a = 1\na = 2\n", 2, "cannot overwrite a value"),
        ('files = ["data\\midline.csv"]\n', 1, "unescaped"),
        ("a = [1,\n", 2, "invalid value"),
    ],
)
def test_a_line_that_is_no_toml(folder: Folder, text: str, line: int, says: str) -> None:
    said = text_of(folder(text))
    assert said.startswith(f"alliance.toml: Line {line} cannot be read as TOML: ")
    assert says in said
    assert code_of(folder(text)) == "WRITTEN_TOML_SYNTAX"


def test_another_encoding(tmp_path: Path, small: str) -> None:
    (tmp_path / "alliance.toml").write_bytes(("# note\n# é\n" + small).encode("latin-1"))
    assert "line 2" in text_of(tmp_path)
    assert code_of(tmp_path) == "WRITTEN_NOT_UTF8"
    (tmp_path / "alliance.toml").write_bytes(small.encode("utf-16"))
    assert code_of(tmp_path) == "WRITTEN_NOT_UTF8"


def test_files_made_to_exhaust(folder: Folder) -> None:
    assert code_of(folder("a = " + "[" * 100_000)) == "WRITTEN_TOO_DEEP"
    assert code_of(folder("#" * 4_000_001)) == "WRITTEN_FILE_LARGE"


def test_an_empty_file_lists_what_is_needed(folder: Folder) -> None:
    assert problems_of(folder("")) == [("KEY_MISSING", "alliance"), ("KEY_MISSING", "members"), ("KEY_MISSING", "datasets")]

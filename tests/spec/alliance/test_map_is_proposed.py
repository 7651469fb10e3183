"""A map of columns is proposed with its reasons, and applied by nobody but the person who pastes it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from mel.collection.alliance import load_alliance
from mel.collection.mapping import as_toml, propose_map, unmapped
from mel.errors import UsageError
from mel.formats.packs import load_packs
from mel.model.alliance import VariableMap
from mel.model.records import Choice, Question, Questionnaire, Records

PACKS = load_packs(["lnob", "outreach"])
VARIABLES = PACKS.variables


def question(name: str, type_: str, labels: dict[str, str], list_name: str | None = None) -> Question:
    return Question(name, type_, (), labels, list_name)  # type: ignore[arg-type]


def choices(*pairs: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, {"Français (fr)": label}) for code, label in pairs)


FORM = Questionnaire(
    title="Enquête (inventée)",
    id="f",
    version="1",
    languages=("Français (fr)",),
    questions=(
        question("q1", "select_one", {"Français (fr)": "Quel est votre genre ?"}, "genre"),
        question("q2", "integer", {"Français (fr)": "Quel âge avez-vous ?"}),
        question("q2b", "integer", {"Français (fr)": "Quel âge a votre plus jeune enfant ?"}),
        question("q3", "select_one", {"Français (fr)": "Avez-vous des difficultés à voir, même avec des lunettes ?"}, "wg"),
        question("q4", "select_multiple", {"Français (fr)": "Qu'est-ce qui vous empêche de participer ?"}, "barrieres"),
        question("remarques", "text", {"Français (fr)": "Remarques\n[[datasets]]\nname = \"x\""}),
    ),
    choices={
        "genre": choices(("1", "Femme"), ("2", "Homme"), ("3", "Préfère se décrire"), ("98", "Préfère ne pas répondre")),
        "wg": choices(("a", "Non, pas de difficulté"), ("b", "Oui, quelques difficultés"), ("c", "Oui, beaucoup de difficultés"), ("d", "Ne peut pas du tout")),
        "barrieres": choices(("loin", "Trop loin"), ("temps", "Pas le temps"), ("autre", "Pluie")),
    },
)  # fmt: skip
RECORDS = Records(
    dataset="survey",
    kind="answers",
    frame=pd.DataFrame(
        {"_round": ["b"], "q1": ["1"], "q2": [30], "q2b": [3], "q3": ["a"], "q4/loin": [1], "q4/temps": [0], "remarques": ["Secret"]}
    ),
    forms={"b": FORM},
)


def best(records: Records, name: str) -> object:
    return next(p for p in propose_map(records, [VARIABLES[name]]) if p.rank == 1)


@pytest.mark.parametrize(
    ("variable", "column"),
    [("gender", "q1"), ("age", "q2"), ("wg_seeing", "q3"), ("what_stands_in_the_way", "q4")],
)
def test_a_question_is_found_by_its_label_in_another_language(variable: str, column: str) -> None:
    found = best(RECORDS, variable)
    assert found.column == column  # type: ignore[attr-defined]
    assert found.score >= 55  # type: ignore[attr-defined]


def test_the_age_of_a_child_is_not_first() -> None:
    ranked = [p.column for p in propose_map(RECORDS, [VARIABLES["age"]])]
    assert ranked[0] == "q2"


def test_codes_and_silences_by_their_labels() -> None:
    found = best(RECORDS, "gender")
    assert found.codes == {"1": "woman", "2": "man", "3": "self_described"}  # type: ignore[attr-defined]
    assert found.silences == {"98": "prefer_not_to_say"}  # type: ignore[attr-defined]
    seeing = best(RECORDS, "wg_seeing")
    assert seeing.codes == {"a": "no", "b": "some", "c": "a_lot", "d": "cannot"}  # type: ignore[attr-defined]


def test_an_answer_nobody_knows_is_named_and_kept() -> None:
    found = best(RECORDS, "what_stands_in_the_way")
    assert found.codes == {"loin": "distance", "temps": "time"}  # type: ignore[attr-defined]
    assert found.left == ("autre",)  # type: ignore[attr-defined]
    assert "without a counterpart, kept as they are: autre" in as_toml([found])  # type: ignore[list-item]


def test_male_is_not_found_in_female() -> None:
    form = Questionnaire("f", "f", "1", ("en",), (question("sex", "select_one", {"en": "Sex"}, "s"),), {
        "s": (Choice("f", {"en": "Female"}), Choice("m", {"en": "Male"})),
    })  # fmt: skip
    records = Records("survey", "answers", pd.DataFrame({"sex": ["f"]}), {"b": form})
    assert best(records, "gender").codes == {"f": "woman", "m": "man"}  # type: ignore[attr-defined]


def test_a_number_is_no_list_of_answers() -> None:
    """A sum of money spent on communication is not a difficulty communicating, whatever the words share."""
    form = Questionnaire("f", "f", "1", ("en",), (question("spent_on_communication", "integer", {"en": "Spent on communication"}),), {})
    records = Records("survey", "answers", pd.DataFrame({"spent_on_communication": [5]}), {"b": form})
    assert "wg_communicating =" not in as_toml(propose_map(records, [VARIABLES["wg_communicating"]])).replace("# wg_communicating =", "")


def test_what_is_printed_can_be_pasted() -> None:
    variables = [VARIABLES[name] for name in ("gender", "age", "wg_seeing", "displacement")]
    text = as_toml(propose_map(RECORDS, variables))
    read = tomllib.loads("[[datasets]]\n" + text)["datasets"][0]["map"]
    assert set(read) <= {"gender", "age", "wg_seeing", "displacement"}
    assert {"gender", "wg_seeing"} <= set(read)
    assert VariableMap.model_validate(read["gender"]).columns[0].codes["1"] == "woman"


def test_what_is_not_there_is_said() -> None:
    (found,) = propose_map(RECORDS, [VARIABLES["unpaid_care_hours"]])
    assert (found.column, found.score) == ("", 0.0)
    assert as_toml([found]).splitlines()[2].startswith("# unpaid_care_hours (Hours of unpaid care")


def test_a_label_cannot_write_into_the_file() -> None:
    """A form is a stranger's file: its labels stay remarks."""
    texts = [as_toml(propose_map(RECORDS, [variable])) for variable in VARIABLES.values()]
    assert all(set(tomllib.loads("[[datasets]]\n" + text)) == {"datasets"} for text in texts)
    assert all(len(tomllib.loads("[[datasets]]\n" + text)["datasets"]) == 1 for text in texts)


def test_no_answer_of_a_person_is_printed() -> None:
    frame = pd.DataFrame({"sex": ["f", "m"] * 20, "nom": [f"Personne {n}" for n in range(40)], "age": range(40)})
    bare = Records("survey", "answers", frame)
    text = as_toml(propose_map(bare, VARIABLES.values()))
    assert "Personne" not in text
    read = tomllib.loads("[[datasets]]\n" + text)["datasets"][0]["map"]
    assert read["age"] == "age"
    assert read["gender"] == {"column": "sex", "codes": {"f": "woman", "m": "man"}}


def test_nothing_is_changed() -> None:
    before = RECORDS.frame.copy()
    propose_map(RECORDS, VARIABLES.values())
    pd.testing.assert_frame_equal(RECORDS.frame, before)


def test_without_a_variable_there_is_nothing_to_look_for() -> None:
    with pytest.raises(UsageError) as caught:
        propose_map(RECORDS, [])
    assert caught.value.codes == ("PROPOSE_NO_VARIABLES",)


# ---- what is not mapped ---------------------------------------------------------------------------------------------------


def unmapped_of(folder: Path) -> dict[str, tuple[str, ...]]:
    alliance = load_alliance(folder)
    return unmapped(alliance, load_packs(alliance.packs, folder))


def test_everything_mapped(folder: object, small: str) -> None:
    assert unmapped_of(folder(small)) == {}  # type: ignore[operator]


def test_an_indicator_without_its_columns_is_listed(folder: object, small: str) -> None:
    text = small.replace('gender = "sex", heard_in_meetings = "heard", ', "")
    assert unmapped_of(folder(text)) == {"heard_in_meetings": ("heard_in_meetings", "gender")}  # type: ignore[operator]


def test_a_map_of_one_round_is_a_map(folder: object, small: str) -> None:
    text = small.replace('heard_in_meetings = "heard", ', "").replace(
        'files = ["b.csv"]', 'files = ["b.csv"], map = { heard_in_meetings = "h" }'
    )
    assert unmapped_of(folder(text)) == {}  # type: ignore[operator]


def test_disability_needs_the_six_questions(folder: object, small: str) -> None:
    text = small.replace('from = "gender"', 'from = "disability"').replace('"sex"', '"sex", wg_seeing = "s"')
    assert unmapped_of(folder(text)) == {  # type: ignore[operator]
        "heard_in_meetings": ("wg_hearing", "wg_walking", "wg_remembering", "wg_self_care", "wg_communicating")
    }


def test_a_register_needs_no_map(rich: Path) -> None:
    assert "scs002" not in unmapped_of(rich)

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from rag.assistant import Assistant
from rag.cli import main
from rag.cli.checks import judge_packages, judge_room
from rag.embedding.minilm import WEIGHTS_SHA256
from rag.settings import Settings
from tests.fakes import HashEmbedder
from tests.summaries import good_body, write_summary

IMAGING = """## Recommendations

- Ultrasound is the first imaging study in a child with an abdominal mass.
  {ACR: usually appropriate}
- If the CT is indeterminate, MRI of the abdomen tells the two tumours apart.
"""
BIOPSY = """## Steps

1. Refer the child to a paediatric oncology centre.
2. Discuss the biopsy of the abdominal mass with the surgeon.
"""
FIRST = "Which imaging study is first in a child with an abdominal mass?"


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Keyboard(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True


Rag = Callable[..., Ran]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write_summary(tmp_path / "corpus", "acr/imaging", IMAGING, title="Imaging", issuer="ACR")
    write_summary(tmp_path / "corpus", "siop/biopsy", BIOPSY, title="Biopsy", issuer="SIOP")
    return tmp_path / "corpus"


@pytest.fixture
def rag(
    corpus: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Rag:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def opened() -> Assistant:
        return Assistant(Settings.load(), embedder=HashEmbedder())

    def run(*arguments: str, stdin: io.StringIO | str = "") -> Ran:
        typed = io.StringIO(stdin) if isinstance(stdin, str) else stdin
        monkeypatch.setattr("sys.stdin", typed)
        with pytest.raises(SystemExit) as exit_:
            main(arguments, opened)
        code = exit_.value.code
        assert isinstance(code, int)
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def built(rag: Rag) -> Rag:
    assert rag("refresh").code == 0
    return rag


def test_an_answer_leads_from_the_question_to_its_references(built: Rag) -> None:
    ran = built("ask", FIRST)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[:2] == [FIRST, "Submitted · educational, not yet reviewed by a clinician"]
    assert "abdominal mass. [1] (ACR: usually" in ran.out
    assert "[1] Guideline · Imaging · ACR, 2020 · Recommendations · current" in ran.out
    assert ran.err == ""


def test_an_answer_tells_how_to_follow_up(built: Rag) -> None:
    match = re.search(r"rag ask -c (\S+) ", built("ask", FIRST).out)
    assert match
    followed = built("ask", "And if the CT is indeterminate?", "-c", match[1])
    assert followed.code == 0
    assert "Searched for: " in followed.out
    assert "MRI of the abdomen tells the two tumours apart." in followed.out


def test_output_that_is_no_terminal_is_plain(built: Rag) -> None:
    assert "\x1b" not in built("ask", FIRST).out


def test_json_holds_the_whole_answer(built: Rag) -> None:
    answer = built("ask", FIRST, "--json", "--query", "abdominal mass imaging").json
    assert answer["query"] == "abdominal mass imaging"
    assert answer["headline"]["citations"][0]["quote"]["exact"].startswith("Ultrasound is")


def test_filters_keep_to_what_they_name(built: Rag) -> None:
    found = built("search", "abdominal mass", "--issuer", "SIOP", "--from", "2019", "--json").json
    assert {passage["guideline"]["issuer"] for passage in found} == {"SIOP"}


def test_an_issuer_may_be_named_by_its_folder(built: Rag) -> None:
    found = built("search", "abdominal mass", "--issuer", "acr", "--json").json
    assert {passage["guideline"]["id"] for passage in found} == {"acr/imaging"}


@pytest.fixture
def explained(corpus: Path, rag: Rag) -> Rag:
    """A corpus with a glossary, and one more audience."""
    (corpus / "glossary.yaml").write_text("- term: magnetic resonance imaging\n  short: [MRI]\n")
    assert rag("refresh").code == 0
    return rag


MRI = "What if the CT of an abdominal mass is indeterminate?"


def test_an_audience_reads_the_same_in_its_words(explained: Rag) -> None:
    trainee = explained("ask", MRI, "--audience", "trainee").out
    assert "MRI (magnetic resonance imaging) of the abdomen tells" in trainee
    assert "(magnetic" not in explained("ask", MRI).out


def test_a_chat_is_for_one_audience(explained: Rag) -> None:
    assert "MRI (magnetic" in explained("chat", "--audience", "trainee", stdin=f"{MRI}\n").out


@pytest.mark.parametrize("command", [("ask", MRI), ("chat",)])
def test_an_audience_that_is_not_offered_is_misuse(
    built: Rag, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = built(*command, "--audience", "patient", stdin=f"{MRI}\n")
    told = "error: 'patient' is no audience of this service: ask as clinician or trainee\n"
    assert ran == (2, "", told)
    monkeypatch.setenv("RAG_AUDIENCES", "clinician,patient")
    assert built(*command, "--audience", "patient", stdin=f"{MRI}\n").code == 0


def test_a_kind_that_is_none_is_misuse(built: Rag) -> None:
    assert built("search", "abdominal mass", "--kind", "poem").code == 2


def test_search_shows_words_and_scores(built: Rag) -> None:
    ran = built("search", "first imaging study", "-k", "1")
    assert ran.out.startswith(" 1  Imaging · ACR, 2020 · Recommendations · current\n")
    assert "    - Ultrasound is the first" in ran.out
    assert re.search(r"dense \S+ · lexical \S+ · fused \S+ · [0-9a-f]{16}", ran.out)


def test_chat_keeps_the_conversation_from_line_to_line(built: Rag) -> None:
    ran = built("chat", stdin=f"{FIRST}\n\nAnd if the CT is indeterminate?\n/quit\nnever read\n")
    assert ran.code == 0
    assert ran.out.count("References") == 2
    assert "never read" not in ran.out
    said = re.search(r"rag chat -c (\S+)", ran.err)
    assert said
    resumed = built("chat", "-c", said[1], stdin="And the biopsy?\n")
    assert f"rag chat -c {said[1]}" in resumed.err


def test_chat_begins_anew_when_told_to(built: Rag) -> None:
    ran = built("chat", stdin=f"{FIRST}\n/new\nWho discusses the biopsy of the abdominal mass?\n")
    assert "Searched for" not in ran.out


def test_a_question_that_cannot_be_used_does_not_end_a_chat(built: Rag) -> None:
    ran = built("chat", stdin=f"???\n{FIRST}\n")
    assert "error: the question is empty" in ran.err
    assert ran.out.startswith(FIRST)


def test_a_person_at_a_terminal_is_told_how_to_chat_and_prompted(built: Rag) -> None:
    ran = built("chat", stdin=Keyboard(f"{FIRST}\n"))
    assert ran.err.startswith("Ask a question in a line; /new begins another")
    assert ran.err.count("› ") == 2
    assert FIRST in ran.out


def test_chat_without_a_line_says_nothing(built: Rag) -> None:
    assert built("chat") == (0, "", "")


def test_an_error_is_one_message_without_a_traceback(rag: Rag) -> None:
    ran = rag("ask", FIRST)
    assert ran == (1, "", "error: there is no index yet: run `rag refresh`\n")


def test_a_question_that_cannot_be_used_is_misuse(built: Rag) -> None:
    assert built("ask", "  ") == (2, "", "error: the question is empty: ask one in words\n")


def test_an_unknown_setting_is_misuse(rag: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_TOPK", "3")
    ran = rag("lint")
    assert ran.code == 2
    assert ran.err.startswith("error: RAG_TOPK: no such setting")


def test_a_plan_says_what_would_change_and_does_nothing(rag: Rag) -> None:
    ran = rag("refresh", "--plan")
    assert "Everything is built anew: there is no index yet." in ran.out
    assert re.search(r"^guidelines +2 *$", ran.out, re.MULTILINE)
    assert "Embeddings: 2 to compute, 0 to reuse." in ran.out
    assert "Guidelines added:\n  acr/imaging\n  siop/biopsy\n" in ran.out
    assert rag("versions", "--json").json == []


def test_a_plan_names_the_answers_that_lose_what_they_cite(built: Rag, corpus: Path) -> None:
    answer = built("ask", FIRST, "--json").json
    (corpus / "acr/imaging.md").unlink()
    plan = built("refresh", "--plan")
    assert f"Answers that cite what goes:\n  {answer['id']}\n" in plan.out
    refreshed = built("refresh", "--force")
    assert f"Answers that cite what went:\n  {answer['id']}\n" in refreshed.out


def test_a_refresh_says_what_it_did(rag: Rag) -> None:
    ran = rag("refresh")
    assert re.match(r"Version 000001-\w{8} serves now, after \d+\.\d s\.\n", ran.out)
    assert "Guidelines: 2 added.\nChunks: 2 added.\nEmbeddings: 2 computed, 0 reused." in ran.out
    assert ran.err == ""


def test_a_refresh_of_an_unchanged_corpus_does_nothing(built: Rag) -> None:
    assert re.match(r"Nothing to do: version 000001-\w{8} is", built("refresh").out)
    assert re.match(r"Nothing to do: version 000001-\w{8} is", built("refresh", "--plan").out)
    assert built("refresh", "--json").json["new_version"] is False
    assert built("refresh", "--plan", "--json").json["to_embed"] == 0


def test_a_refresh_that_would_lose_much_must_be_forced(built: Rag, corpus: Path) -> None:
    (corpus / "siop/biopsy.md").unlink()
    ran = built("refresh")
    assert ran.code == 1
    assert "refresh with --force" in ran.err


def test_status_counts_by_specialty_and_issuer(built: Rag) -> None:
    ran = built("status")
    assert re.match(r"Version 000001-\w{8}, built \d{4}-\d\d-\d\d \d\d:\d\d UTC\n", ran.out)
    assert "By issuer:\n    1  ACR\n    1  SIOP\n" in ran.out
    assert built("status", "--json").json["by_specialty"] == {"radiology": 2}


def test_status_and_versions_before_the_first_refresh_say_what_to_do(rag: Rag) -> None:
    assert rag("status").out.startswith("There is no index yet: run `rag refresh`.")
    assert rag("versions").out == "There is no version yet: run `rag refresh`.\n"


def test_rollback_lets_the_version_before_serve(built: Rag) -> None:
    built("refresh", "--rebuild")
    ran = built("rollback")
    assert re.fullmatch(r"Version 000001-\w{8} serves now\.\n", ran.out)
    newest, oldest = built("versions").out.splitlines()[1:]
    assert newest.rstrip().endswith("kept")
    assert oldest.rstrip().endswith("serves")


def test_verify_passes_what_was_built(built: Rag) -> None:
    ran = built("verify")
    assert ran.code == 0
    assert "2 guidelines, 2 chunks, 2 canaries checked, no problems." in ran.out


def test_verify_fails_what_was_altered(built: Rag, tmp_path: Path) -> None:
    version = built("versions", "--json").json[0]["id"]
    (tmp_path / "indexes" / version / "manifest.json").write_text("{")
    ran = built("verify", version)
    assert ran.code == 1
    assert "1 problem.\n  • indexes/" in ran.out
    assert built("verify", version, "--json").json["problems"]


def test_lint_lists_every_fault_by_file_and_line(rag: Rag, corpus: Path) -> None:
    write_summary(corpus, "acr/one", "## Poems\n\nA line.\n")
    (corpus / "acr/two.md").write_text("no front matter")
    write_summary(corpus, "acr/imaging", good_body("Give 5 mcg by mouth."))
    write_summary(corpus, "siop/biopsy", good_body(about="biopsy"))
    ran = rag("lint")
    assert ran.code == 1
    mended, one, two = ran.out.splitlines()
    assert re.fullmatch(r"corpus/acr/imaging\.md:\d+: 'mcg': write µg", mended)
    assert re.match(r"corpus/acr/one\.md:\d+: heading 'Poems' names no role", one)
    assert two.startswith("corpus/acr/two.md:1: no front matter")
    faults = rag("lint", "--json").json
    assert [f"{f['path']}:{f['line']}: {f['problem']}" for f in faults] == ran.out.splitlines()


def test_a_new_summary_is_a_template_in_which_lint_names_what_is_left(
    rag: Rag, corpus: Path
) -> None:
    ran = rag("new", "who/malaria-2025")
    assert (ran.code, ran.out) == (0, "corpus/who/malaria-2025.md\n")
    path = corpus / "who/malaria-2025.md"
    faults = [
        f["problem"] for f in rag("lint", "--json").json if f["path"].startswith("corpus/who")
    ]
    for key in ("title", "issuer", "published", "specialty", "questions"):
        assert any(fault.startswith(f"{key}: ") for fault in faults)
    assert any(fault.startswith("no grading system 'SYSTEM'") for fault in faults)
    write_summary(corpus, "who/malaria-2025", path.read_text("utf-8").split("---\n")[2])
    path.write_text(path.read_text("utf-8").replace("{SYSTEM: GRADE}", "{GRADE: 1A}"), "utf-8")
    faults = [
        f["problem"] for f in rag("lint", "--json").json if f["path"].startswith("corpus/who")
    ]
    for word in ("CONDITION", "POPULATION", "TOPIC", "STATEMENT", "ROUTE", "SENTENCE", "NAME"):
        assert any(fault.startswith(f"{word}: ") for fault in faults)


def test_a_new_summary_never_overwrites_one(rag: Rag, corpus: Path) -> None:
    before = (corpus / "acr/imaging.md").read_text("utf-8")
    ran = rag("new", "acr/imaging")
    assert ran.code == 1
    assert ran.err.startswith("error: corpus/acr/imaging.md is there already")
    assert (corpus / "acr/imaging.md").read_text("utf-8") == before


@pytest.mark.parametrize("name", ["imaging", "../imaging", "ACR/imaging", "acr/x/y", "acr/x.md"])
def test_a_name_that_is_no_id_makes_no_file(rag: Rag, corpus: Path, name: str) -> None:
    before = sorted(corpus.parent.rglob("*"))
    ran = rag("new", name)
    assert ran.code == 2
    assert "is not ISSUER/SLUG" in ran.err
    assert sorted(corpus.parent.rglob("*")) == before


def test_a_folder_that_is_a_file_is_told(rag: Rag, corpus: Path) -> None:
    (corpus / "who").write_text("", "utf-8")
    ran = rag("new", "who/malaria")
    assert ran.code == 1
    assert "cannot be written: " in ran.err


def test_a_refresh_does_not_refuse_what_lint_tells_of_good_form(rag: Rag) -> None:
    assert rag("lint").code == 1
    assert rag("refresh").code == 0


def test_lint_of_a_good_corpus_prints_no_data(rag: Rag, corpus: Path) -> None:
    write_summary(corpus, "acr/imaging", good_body(about="imaging"))
    write_summary(corpus, "siop/biopsy", good_body(about="biopsy"))
    assert rag("lint") == (0, "", "2 guidelines, no faults.\n")
    assert rag("lint", "--json").json == []


def test_the_doctor_passes_an_installation_that_works(
    built: Rag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_EMBEDDER", "hash")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    ran = built("doctor")
    states = dict(line[:40].split(":")[0].split()[::-1] for line in ran.out.splitlines())
    assert states["corpus"] == states["database"] == states["index"] == "ok"
    assert ran.code == 0


def test_the_doctor_says_how_to_mend_what_is_broken(
    rag: Rag, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "acr/two.md").write_text("no front matter")
    (tmp_path / "indexes").mkdir()
    (tmp_path / "indexes" / "CURRENT").write_text("nonsense")
    monkeypatch.setenv("RAG_DATABASE", "nonsense")
    monkeypatch.setenv("RAG_THREADS", "1000")
    monkeypatch.setenv("RAG_EMBEDDER", "elsewhere")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    ran = rag("doctor")
    assert ran.code == 1
    for line in (
        "fail  corpus: 1 fault, the first: corpus/acr/two.md:1: no front matter",
        "fail  database: database (RAG_DATABASE)",
        "fail  index: indexes/CURRENT names no version",
        "warn  threads: 1000 threads",
        "warn  offline: HF_HUB_OFFLINE is not set: set HF_HUB_OFFLINE=1",
    ):
        assert line in ran.out


def test_the_doctor_finds_a_damaged_database_and_index(built: Rag, tmp_path: Path) -> None:
    version = built("versions", "--json").json[0]["id"]
    next((tmp_path / "indexes" / version).rglob("*.faiss")).write_bytes(b"cut short")
    database = tmp_path / "indexes/rag.db"
    data = bytearray(database.read_bytes())
    data[-4096:-4080] = b"\xff" * 16
    database.write_bytes(data)
    checks = {check["name"]: check["state"] for check in built("doctor", "--json").json}
    assert checks["database"] == checks["index"] == "fail"


def test_the_doctor_knows_a_whole_export(
    rag: Rag, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = tmp_path / "indexes/models" / f"{WEIGHTS_SHA256[:16]}-r1.onnx"
    export.parent.mkdir(parents=True)
    export.write_bytes(b"a graph")
    noted = {"sha256": hashlib.sha256(b"a graph").hexdigest()}
    export.with_suffix(".json").write_text(json.dumps(noted))
    checks = {check["name"]: check for check in rag("doctor", "--json").json}
    assert checks["export"]["found"] == f"indexes/models/{export.name}"


def test_the_doctor_tells_a_new_installation_to_refresh(
    rag: Rag, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_MODELS", "empty")
    checks = {check["name"]: check for check in rag("doctor", "--json").json}
    assert checks["weights"]["state"] == "ok"
    for name in ("export", "database", "index"):
        assert checks[name]["state"] == "warn"
        assert "`rag refresh`" in checks[name]["advice"]


def test_the_doctor_names_what_is_not_installed() -> None:
    assert judge_packages(["numpy>=2.0", "pydantic[email]>=2"]).state == "ok"
    assert judge_packages(["numpy>=2.0", "no-such-package<3"]).found == "missing no-such-package"


@pytest.mark.parametrize(("free", "state"), [(10**10, "ok"), (10**9, "warn"), (10**6, "fail")])
def test_the_doctor_weighs_the_room_on_the_disk(free: int, state: str) -> None:
    assert judge_room(Path("indexes"), free).state == state


def test_the_version_is_data(rag: Rag) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", rag("--version").out)


def test_a_name_that_is_no_command_is_misuse(rag: Rag) -> None:
    assert rag("sing").code == 2

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag import refreshing
from rag.database import open_database
from rag.errors import BackendUnavailable, Conflict, CorpusError, IndexDamaged, NotFound
from rag.index import files, open_index
from rag.refreshing import Stores, plan, refresh, rollback
from rag.serving import Serving
from rag.settings import Settings
from rag.types import Refreshed
from rag.verifying import verify
from tests.fakes import HashEmbedder
from tests.summaries import write_summary

STEPS = ("reading", "embedding", "storing", "building", "verifying", "swapping", "tidying")
MASS = """
## Recommendations

- Ultrasound comes first in a child with an abdominal mass. {ACR: Usually appropriate}
- CT follows where ultrasound shows a solid mass.

## Caveats

Ultrasound does not show bone.
"""
GLOSSARY = "- term: computed tomography\n  short: CT\n"
DOSE = "\n## Dosing\n\nGive 15 mg/kg of paracetamol by mouth every 6 hours.\n"


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[Stores]:
    for n, body in enumerate((MASS, DOSE, MASS.replace("child", "baby"))):
        write_summary(tmp_path / "corpus", f"society/number-{n}", body)
    settings = Settings(corpus=tmp_path / "corpus", indexes=tmp_path / "indexes")
    database = open_database(settings.database_url)
    yield Stores(settings, database, HashEmbedder())
    database.close()


def run(stores: Stores, force: bool = False, rebuild: bool = False) -> Refreshed:
    return refresh(stores, force, rebuild, lambda step, done, total: None)


def embedder(stores: Stores) -> HashEmbedder:
    assert isinstance(stores.embedder, HashEmbedder)
    return stores.embedder


def held(stores: Stores, version: str | None = None) -> dict[str, object]:
    """All that a version answers from, in a form that can be compared."""
    version = version or str(files.current(stores.indexes))
    index = open_index("local", stores.indexes / version)
    asked = "ultrasound of a child mg/kg"
    return {
        "chunks": stores.database.chunks(version),
        "guidelines": stores.database.guidelines(version),
        "ids": set(index.ids()),
        "dense": index.dense(stores.embedder.embed_query(asked), 50),
        "lexical": index.lexical(asked, 50),
    }


def test_a_first_refresh_embeds_everything_and_serves(stores: Stores) -> None:
    done = run(stores)
    assert files.current(stores.indexes) == done.version
    assert len(done.plan.guidelines.added) == 3
    assert done.plan.rebuild == "there is no index yet"
    assert not verify(stores.settings, stores.database, done.version).problems


def test_an_unchanged_corpus_makes_no_new_version(stores: Stores) -> None:
    first = run(stores)
    again = run(stores)
    assert not again.new_version
    assert again.version == first.version


def test_a_plan_writes_nothing(stores: Stores) -> None:
    planned = plan(stores)
    assert planned.to_embed > 0
    assert files.current(stores.indexes) is None
    assert stores.database.versions() == []
    assert embedder(stores).embedded == []


def test_a_renamed_file_costs_no_embedding(stores: Stores) -> None:
    run(stores)
    embedder(stores).embedded.clear()
    folder = stores.settings.corpus / "society"
    (folder / "number-1.md").rename(folder / "renamed.md")
    done = run(stores)
    assert embedder(stores).embedded == []
    assert done.plan.guidelines.moved == ("society/renamed",)


def test_a_changed_paragraph_costs_the_embedding_of_one_chunk(stores: Stores) -> None:
    run(stores)
    embedder(stores).embedded.clear()
    path = stores.settings.corpus / "society" / "number-0.md"
    path.write_text(path.read_text("utf-8").replace("show bone", "show air"), "utf-8")
    done = run(stores)
    assert done.plan.to_embed == 1
    whole, statement = embedder(stores).embedded
    assert whole.endswith(f"\n{statement}")
    assert (len(done.plan.chunks.added), len(done.plan.chunks.removed)) == (1, 1)
    assert done.plan.guidelines.changed == ("society/number-0",)


def test_a_paragraph_moved_down_is_moved_and_not_embedded(stores: Stores) -> None:
    run(stores)
    embedder(stores).embedded.clear()
    path = stores.settings.corpus / "society" / "number-0.md"
    path.write_text(path.read_text("utf-8").replace("\n## Caveats", "\n\n\n## Caveats"), "utf-8")
    done = run(stores)
    assert embedder(stores).embedded == []
    assert len(done.plan.chunks.moved) == 1


def test_a_changed_title_embeds_the_guideline_anew_and_keeps_its_ids(stores: Stores) -> None:
    run(stores)
    path = stores.settings.corpus / "society" / "number-1.md"
    path.write_text(path.read_text("utf-8").replace("title: Number", "title: Figure"), "utf-8")
    done = run(stores)
    assert len(done.plan.chunks.changed) == 1
    assert done.plan.chunks.added == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("glossary.yaml", GLOSSARY),
        (
            "disagreements.yaml",
            "- point: First imaging\n  sides:\n"
            "    - guideline: society/number-0\n"
            "      quote: CT follows where ultrasound shows a solid mass.\n"
            "    - guideline: society/number-2\n"
            "      quote: CT follows where ultrasound shows a solid mass.\n",
        ),
    ],
)
def test_a_change_beside_the_summaries_makes_a_version_without_embedding(
    stores: Stores, name: str, text: str
) -> None:
    first = run(stores)
    embedder(stores).embedded.clear()
    (stores.settings.corpus / name).write_text(text, "utf-8")
    done = run(stores)
    assert done.new_version
    assert done.version != first.version
    assert embedder(stores).embedded == []
    assert done.plan.rebuild == "disagreements.yaml or glossary.yaml has changed"
    assert not run(stores).new_version


def test_a_version_keeps_the_glossary_it_was_built_with(stores: Stores) -> None:
    first = run(stores)
    (stores.settings.corpus / "glossary.yaml").write_text(GLOSSARY, "utf-8")
    run(stores)
    serving = Serving(stores.settings, stores.database)
    assert serving.live().glossary.expanded("CT?") == "CT? (computed tomography)"
    rollback(stores, first.version)
    assert serving.live().glossary.expanded("CT?") == "CT?"
    serving.close()


def test_removing_more_than_a_third_must_be_forced(stores: Stores) -> None:
    first = run(stores)
    for n in (0, 1):
        (stores.settings.corpus / "society" / f"number-{n}.md").unlink()
    with pytest.raises(Conflict, match=r"remove 2 of 3 guidelines.*--force"):
        run(stores)
    assert files.current(stores.indexes) == first.version
    assert run(stores, force=True).plan.guidelines.removed == (
        "society/number-0",
        "society/number-1",
    )


def test_a_corpus_with_faults_changes_nothing(stores: Stores) -> None:
    first = run(stores)
    (stores.settings.corpus / "society" / "number-0.md").write_text("no front matter", "utf-8")
    with pytest.raises(CorpusError, match=r"number-0.md:1: "):
        run(stores)
    assert files.current(stores.indexes) == first.version


def test_a_second_refresh_at_once_is_refused(stores: Stores) -> None:
    stores.indexes.mkdir(exist_ok=True)
    with FileLock(stores.indexes / "refresh.lock"), pytest.raises(Conflict, match="under way"):
        run(stores)


def test_another_embedder_forces_a_rebuild_that_says_why(stores: Stores) -> None:
    run(stores)
    other = HashEmbedder(16)
    other.fingerprint = "hash-16"
    planned = plan(Stores(stores.settings, stores.database, other))
    assert planned.rebuild
    assert "embedder" in planned.rebuild
    assert planned.to_reuse == 0


def test_a_lost_version_folder_is_rebuilt_without_embedding(stores: Stores) -> None:
    first = run(stores)
    before = held(stores)
    (stores.indexes / first.version / "vectors.faiss").unlink()
    embedder(stores).embedded.clear()
    done = run(stores)
    assert done.plan.rebuild
    assert "vectors.faiss is missing" in done.plan.rebuild
    assert embedder(stores).embedded == []
    assert held(stores) == before


def test_rolling_back_lets_the_version_before_serve(stores: Stores) -> None:
    first = run(stores)
    write_summary(stores.settings.corpus, "society/number-9", DOSE.replace("15", "10"))
    run(stores)
    assert rollback(stores, None).id == first.version
    assert files.current(stores.indexes) == first.version
    with pytest.raises(NotFound, match="rag versions"):
        rollback(stores, None)


def test_rolling_back_to_a_damaged_version_is_refused(stores: Stores) -> None:
    first = run(stores)
    run(stores, rebuild=True)
    with (stores.indexes / first.version / "vectors.faiss").open("r+b") as file:
        file.write(b"x")
    with pytest.raises(IndexDamaged, match=r"vectors.faiss is not as it was written"):
        rollback(stores, first.version)


def test_old_versions_are_let_go_when_there_are_enough(tmp_path: Path, stores: Stores) -> None:
    few = Settings(corpus=stores.settings.corpus, indexes=stores.indexes, keep_versions=2)
    kept = Stores(few, stores.database, stores.embedder)
    made = [run(kept, rebuild=True).version for _ in range(4)]
    assert [v.id for v in stores.database.versions()] == [made[3], made[2]]
    assert sorted(p.name for p in stores.indexes.glob("0*")) == sorted(made[2:])


def test_a_folder_that_cannot_be_written_leaves_the_old_version(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(stores)

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write", full)
    with pytest.raises(BackendUnavailable, match=r"No space left.*still serves"):
        run(stores, rebuild=True)
    monkeypatch.undo()
    assert files.current(stores.indexes) == first.version
    assert run(stores, rebuild=True).new_version


KILLED = """
import os, sys
from pathlib import Path
from rag.database import open_database
from rag.refreshing import Stores, refresh
from rag.settings import Settings
from tests.fakes import HashEmbedder

def progress(step, done, total):
    if step == sys.argv[3]:
        os._exit(9)

settings = Settings(corpus=sys.argv[1], indexes=sys.argv[2])
stores = Stores(settings, open_database(settings.database_url), HashEmbedder())
refresh(stores, False, False, progress)
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_old_version_serves_and_the_next_refresh_completes(
    stores: Stores, step: str
) -> None:
    first = run(stores)
    write_summary(stores.settings.corpus, "society/number-9", DOSE.replace("15", "10"))
    arguments = [str(stores.settings.corpus), str(stores.indexes), step]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
    assert killed.returncode == 9
    serving = str(files.current(stores.indexes))
    assert (serving == first.version) == (step != "tidying")
    assert not verify(stores.settings, stores.database, serving).problems
    done = run(stores)
    assert len(stores.database.guidelines(done.version)) == 4
    assert not verify(stores.settings, stores.database, done.version).problems
    assert not list(stores.indexes.glob(".building-*"))


edits = st.lists(
    st.tuples(
        st.sampled_from(["a/x", "a/y", "b/z"]),
        st.lists(st.sampled_from([MASS, DOSE, MASS + DOSE, DOSE + DOSE]), max_size=2),
    ),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits)
def test_after_any_edits_an_incremental_refresh_equals_a_rebuild(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    corpus = folder / "corpus"
    write_summary(corpus, "a/kept", MASS)
    edited = _open(corpus, folder / "edited")
    for name, bodies in changes:
        if bodies:
            write_summary(corpus, name, "".join(bodies))
        else:
            (corpus / f"{name}.md").unlink(missing_ok=True)
        run(edited, force=True)
    rebuilt = _open(corpus, folder / "rebuilt")
    run(rebuilt)
    assert held(edited) == held(rebuilt)
    edited.database.close()
    rebuilt.database.close()


def _open(corpus: Path, indexes: Path) -> Stores:
    made = Settings(corpus=corpus, indexes=indexes)
    return Stores(made, open_database(made.database_url), HashEmbedder())


def test_a_kill_loses_no_more_embeddings_than_one_batch(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "BATCH", 1)

    def stop(step: str, done: int, total: int) -> None:
        if (step, done) == ("embedding", 2):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(stores, False, False, stop)
    first = [text for text in embedder(stores).embedded if "\n" in text]  # context, newline, chunk
    embedder(stores).embedded.clear()
    run(stores)
    assert len(first) == 2
    assert not set(first) & set(embedder(stores).embedded)

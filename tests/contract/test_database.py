import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import rag.database
from rag.database import Database, open_database
from rag.database.tables import HEAD, metadata
from rag.errors import BackendUnavailable, ConfigError, Conflict, IndexDamaged, NotFound
from rag.types import (
    Answer,
    Chunk,
    Citation,
    Currency,
    Grade,
    GradeSystem,
    Guideline,
    Kind,
    Outcome,
    OutcomeKind,
    Provenance,
    Quote,
    Reference,
    Role,
    Source,
    Statement,
    Support,
    Version,
)

NOW = datetime(2025, 6, 1, 12, 30, tzinfo=UTC)
SOURCE = Source(
    guideline_id="acr/a", title="A", issuer="ACR", kind=Kind.GUIDELINE, year=2024, doi="10.1000/x"
)


def initdb() -> Path | None:
    """The newest server's initdb that is on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path) if on_path else None


def as_server_user(*command: str | Path) -> None:
    """A server refuses to be run by root; any other user runs it as itself."""
    if os.geteuid() == 0:
        subprocess.run(command, check=True, user="postgres", group="postgres", extra_groups=[])
    else:
        subprocess.run(command, check=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """The socket folder of a server of our own; it listens on no port."""
    made_by = initdb()
    if made_by is None:
        pytest.skip("initdb is not there: install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="rag-pg-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, server = folder / "data", made_by.parent / "pg_ctl"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    as_server_user(
        *(made_by, "-D", data, "-U", "rag", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale")
    )
    as_server_user(server, "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
    yield folder
    as_server_user(server, "-D", data, "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/rag.db"
        return
    cluster = request.getfixturevalue("cluster")
    with psycopg.connect(f"host={cluster} user=rag dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS test WITH (FORCE)")
        connection.execute("CREATE DATABASE test")
    yield f"postgresql+psycopg://rag@/test?host={cluster}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


def guideline(name: str, digest: str = "first", body: str = "Body ≥ 5\u00a0µg β.") -> Guideline:
    return Guideline(
        id=name,
        title=name,
        issuer="ACR",
        kind=Kind.GUIDELINE,
        published=date(2024, 8, 30),
        supersedes=("acr/old",),
        specialty="radiology",
        path=f"{name}.md",
        body=body,
        digest=digest,
    )


def chunk(number: int, name: str = "acr/a", words: str | None = None, start: int = 0) -> Chunk:
    said = words or f"Words {number} ≥ 5\u00a0µg β."
    return Chunk(
        id=f"{number:016x}",
        guideline_id=name,
        heading=("Dosing", "In children"),
        text=said,
        context=f"Context at {start}",
        start=start,
        end=start + len(said),
        role=Role.DOSING,
        grade=Grade(system=GradeSystem.ESC, text="Class I"),
    )


def version(number: int) -> Version:
    return Version(
        id=f"{number:06}-00000000",
        created=NOW,
        fingerprint="hash-1",
        corpus_digest="c",
        guidelines=1,
        chunks=2,
    )


def add(
    database: Database, number: int, guidelines: list[Guideline], chunks: list[Chunk]
) -> Version:
    made = version(number)
    database.add_version(made, guidelines, chunks, {c.id: f"text {c.id}" for c in chunks})
    return made


def answer(turn: int, *cited: tuple[int, Chunk], conversation: str = "talk") -> Answer:
    citations = tuple(
        Citation(
            number=n,
            chunk_id=c.id,
            guideline_id=c.guideline_id,
            guideline_digest="first",
            quote=Quote(exact=c.text, prefix="", suffix="", start=c.start, end=c.end),
        )
        for n, c in cited
    )
    headline = Statement(text="Say ≥ 5\u00a0µg.", citations=citations, support=Support.SUPPORTED)
    return Answer(
        id=f"{conversation}-{turn}",
        conversation_id=conversation,
        turn=turn,
        created=NOW,
        question="What?",
        query="What? (before)",
        outcome=Outcome(kind=OutcomeKind.ANSWERED),
        headline=headline,
        sections=(),
        references=tuple(
            Reference(
                number=n,
                chunk_id=c.id,
                source=SOURCE,
                heading=c.heading,
                currency=Currency.CURRENT,
            )
            for n, c in cited
        ),
        disclaimer="Educational.",
        candidates=(),
        provenance=Provenance(
            index_version="v", corpus_digest="c", embedder="hash", generator="extractive"
        ),
        timings_ms={"search": 1.5},
    )


@pytest.fixture
def talk(database: Database) -> Database:
    """A version of three chunks, and a conversation with one answer that cites the first."""
    add(database, 1, [guideline("acr/a")], [chunk(1), chunk(2, start=30), chunk(3, start=60)])
    database.start_conversation("talk", NOW)
    database.save_answer(answer(1, (1, chunk(1))))
    return database


def test_an_empty_database_is_brought_to_the_newest_tables(url: str) -> None:
    open_database(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_newest_tables_are_those_of_the_newest_migration() -> None:
    config = Config()
    folder = Path(rag.database.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@pytest.mark.parametrize("revision", ["9999", "0000", "another"])
def test_tables_of_another_release_are_refused_and_left_alone(url: str, revision: str) -> None:
    open_database(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
    with pytest.raises(ConfigError, match=f"schema {revision}, this one knows {HEAD}"):
        open_database(url)
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == revision
    engine.dispose()


def test_what_was_kept_is_there_when_it_is_opened_again(talk: Database, url: str) -> None:
    before = talk.versions(), talk.conversation("talk"), talk.chunks(version(1).id)
    talk.close()
    again = open_database(url)
    assert (again.versions(), again.conversation("talk"), again.chunks(version(1).id)) == before
    assert again.dialect in url
    again.close()


def test_a_version_is_read_as_it_was_added(database: Database) -> None:
    guidelines = [guideline("acr/a"), guideline("acr/b")]
    chunks = [chunk(9), chunk(2, start=30), chunk(5, "acr/b")]
    made = add(database, 1, guidelines, chunks)
    assert database.versions() == [made]
    assert database.version(made.id) == made
    assert database.guidelines(made.id) == guidelines
    assert database.chunks(made.id) == chunks
    assert database.chunks_of(made.id, "acr/a") == chunks[:2]
    assert database.embedded(made.id) == {c.id: f"text {c.id}" for c in chunks}


def test_instants_are_utc_when_they_are_read(talk: Database) -> None:
    assert talk.versions()[0].created == NOW
    assert talk.conversation("talk").created == NOW
    assert talk.versions()[0].created.tzinfo is UTC


def test_chunks_are_read_in_the_order_they_are_named(talk: Database) -> None:
    named = [chunk(3).id, chunk(1).id]
    assert [c.id for c in talk.chunks(version(1).id, named)] == named
    assert talk.chunks(version(1).id, []) == []


def test_a_version_of_many_chunks_is_whole(database: Database) -> None:
    chunks = [chunk(n, start=n) for n in range(1, 1201)]
    made = add(database, 1, [guideline("acr/a")], chunks)
    assert database.chunks(made.id, [c.id for c in chunks[::-1]]) == chunks[::-1]


def test_a_version_of_nothing_is_a_version(database: Database) -> None:
    made = add(database, 1, [], [])
    assert (database.guidelines(made.id), database.chunks(made.id)) == ([], [])


def test_versions_are_listed_newest_first(database: Database) -> None:
    for number in (2, 10, 1):
        add(database, number, [], [])
    assert [v.id[:6] for v in database.versions()] == ["000010", "000002", "000001"]


def test_a_new_version_changes_nothing_of_the_old(database: Database) -> None:
    old = add(database, 1, [guideline("acr/a")], [chunk(1), chunk(2, start=30)])
    moved = guideline("acr/a", "second", "Another body.").model_copy(update={"path": "x/y.md"})
    new = add(database, 2, [moved], [chunk(2, start=99)])
    assert database.guidelines(old.id) == [guideline("acr/a")]
    assert database.chunks(old.id) == [chunk(1), chunk(2, start=30)]
    assert database.guidelines(new.id) == [moved]
    assert database.chunks(new.id) == [chunk(2, start=99)]
    assert database.revision("acr/a", "first").body == guideline("acr/a").body
    assert database.revision("acr/a", "second").body == "Another body."


def test_a_guideline_of_a_known_digest_is_never_rewritten(database: Database) -> None:
    add(database, 1, [guideline("acr/a")], [])
    add(database, 2, [guideline("acr/a", body="Other words of one digest.")], [])
    assert database.revision("acr/a", "first") == guideline("acr/a")


def test_a_guideline_that_moved_has_the_path_of_each_version(database: Database) -> None:
    add(database, 1, [guideline("acr/a")], [])
    moved = guideline("acr/a").model_copy(update={"path": "esc/b.md"})
    add(database, 2, [moved], [])
    assert [database.guidelines(version(n).id)[0].path for n in (1, 2)] == ["acr/a.md", "esc/b.md"]


def test_one_id_with_other_words_is_a_conflict_and_nothing_is_stored(database: Database) -> None:
    old = add(database, 1, [guideline("acr/a")], [chunk(1)])
    with pytest.raises(Conflict, match=r"chunk id 0{15}1 names other words of acr/a"):
        add(database, 2, [guideline("acr/b")], [chunk(2, "acr/b"), chunk(1, words="Others.")])
    assert database.versions() == [old]
    assert database.chunks(old.id) == [chunk(1)]
    with pytest.raises(NotFound):
        database.revision("acr/b", "first")
    with pytest.raises(NotFound):
        database.excerpt(chunk(2).id)


def test_vectors_are_kept_by_fingerprint_and_never_rewritten(database: Database) -> None:
    one, other = np.array([0.6, 0.8], np.float32), np.array([1, 0], np.float32)
    database.add_vectors("hash-1", {"a": one})
    database.add_vectors("hash-1", {"a": other, "b": other})
    database.add_vectors("hash-2", {})
    found = database.vectors("hash-1", ["a", "b", "c"])
    assert {digest: vector.tolist() for digest, vector in found.items()} == {
        "a": one.tolist(),
        "b": other.tolist(),
    }
    assert found["a"].dtype == np.float32
    assert database.missing_vectors("hash-1", ["c", "a", "d"]) == ["c", "d"]
    assert database.vectors("hash-2", ["a"]) == {}


def test_an_excerpt_is_as_the_newest_version_had_it(database: Database) -> None:
    add(database, 1, [guideline("acr/a")], [chunk(1)])
    assert database.excerpt(chunk(1).id) == (chunk(1), guideline("acr/a"))
    add(database, 2, [guideline("acr/a", "second")], [chunk(1, start=9)])
    assert database.excerpt(chunk(1).id) == (chunk(1, start=9), guideline("acr/a", "second"))
    add(database, 3, [], [])
    assert database.excerpt(chunk(1).id) == (chunk(1, start=9), guideline("acr/a", "second"))


def test_what_is_not_there_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound, match="no version 000001-0"):
        database.version("000001-0")
    with pytest.raises(NotFound, match="no passage ff"):
        database.excerpt("ff")
    with pytest.raises(NotFound, match="no revision abc of acr/a"):
        database.revision("acr/a", "abc")
    with pytest.raises(NotFound, match="no conversation gone"):
        database.conversation("gone")
    with pytest.raises(NotFound, match="no answer gone"):
        database.answer("gone")
    assert database.numbers("gone") == {}


def test_an_answer_is_read_as_it_was_given(talk: Database) -> None:
    assert talk.answer("talk-1") == answer(1, (1, chunk(1)))


def test_a_conversation_has_its_answers_in_order_and_its_numbers(talk: Database) -> None:
    talk.save_answer(answer(2, (1, chunk(1)), (2, chunk(3))))
    talk.save_answer(answer(3))
    found = talk.conversation("talk")
    assert [a.turn for a in found.answers] == [1, 2, 3]
    assert found.numbers == talk.numbers("talk") == {1: chunk(1).id, 2: chunk(3).id}


def test_a_turn_is_given_once_and_what_was_given_stays(talk: Database) -> None:
    late = answer(1, (1, chunk(2))).model_copy(update={"id": "late"})
    with pytest.raises(Conflict, match="the conversation went on elsewhere"):
        talk.save_answer(late)
    assert talk.conversation("talk").answers == (answer(1, (1, chunk(1))),)
    assert talk.numbers("talk") == {1: chunk(1).id}
    assert talk.answers_citing([chunk(2).id]) == []


def test_a_chunk_has_one_number_in_a_conversation(talk: Database) -> None:
    with pytest.raises(Conflict):
        talk.save_answer(answer(2, (2, chunk(1))))
    assert talk.numbers("talk") == {1: chunk(1).id}
    assert len(talk.conversation("talk").answers) == 1


def test_conversations_have_numbers_of_their_own(talk: Database) -> None:
    talk.start_conversation("other", NOW)
    talk.save_answer(answer(1, (1, chunk(2)), conversation="other"))
    assert (talk.numbers("talk"), talk.numbers("other")) == ({1: chunk(1).id}, {1: chunk(2).id})


def test_answers_are_found_by_what_they_cite(talk: Database) -> None:
    talk.save_answer(answer(2, (2, chunk(2))))
    assert talk.answers_citing([chunk(1).id, chunk(2).id]) == ["talk-1", "talk-2"]
    assert talk.answers_citing([chunk(2).id, "ff"]) == ["talk-2"]
    assert talk.answers_citing([]) == []


def test_a_removed_version_leaves_what_was_cited_or_is_listed_elsewhere(talk: Database) -> None:
    vector = np.array([1, 0], np.float32)
    talk.add_vectors("hash-1", {f"text {chunk(n).id}": vector for n in (1, 2, 3)})
    add(talk, 2, [guideline("acr/a", "second")], [chunk(2, start=30)])
    talk.remove_version(version(1).id)
    assert [v.id for v in talk.versions()] == [version(2).id]
    assert talk.excerpt(chunk(1).id) == (chunk(1), guideline("acr/a"))
    assert talk.revision("acr/a", "first") == guideline("acr/a")
    assert talk.answer("talk-1") == answer(1, (1, chunk(1)))
    assert talk.chunks(version(2).id) == [chunk(2, start=30)]
    with pytest.raises(NotFound):
        talk.excerpt(chunk(3).id)
    kept = talk.vectors("hash-1", [f"text {chunk(n).id}" for n in (1, 2, 3)])
    assert list(kept) == [f"text {chunk(2).id}"]


def test_a_removed_version_that_nobody_cites_leaves_nothing(database: Database) -> None:
    add(database, 1, [guideline("acr/a")], [chunk(1)])
    database.remove_version(version(1).id)
    assert database.versions() == []
    with pytest.raises(NotFound):
        database.revision("acr/a", "first")
    with pytest.raises(NotFound):
        database.excerpt(chunk(1).id)


def test_threads_can_share_a_database(talk: Database) -> None:
    def ask(n: int) -> None:
        talk.start_conversation(f"c{n}", NOW)
        talk.save_answer(answer(1, (1, chunk(1)), conversation=f"c{n}"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(12)))
    assert len(talk.answers_citing([chunk(1).id])) == 13


def test_a_whole_database_finds_nothing_wrong(talk: Database) -> None:
    assert talk.check() == []


@pytest.mark.parametrize("bad", ["nonsense", "oracle9://x", "sqlite:/x:y", "mysql://x/y"])
def test_what_is_no_url_is_refused(bad: str) -> None:
    with pytest.raises(ConfigError, match=r"database \(RAG_DATABASE\) is no URL"):
        open_database(bad)


def test_what_people_asked_is_its_owners_alone(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/rag.db").close()
    assert (tmp_path / "rag.db").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "rag.db").write_bytes(b"no database" * 1000)
    with pytest.raises(IndexDamaged, match="file is not a database"):
        open_database(f"sqlite:///{tmp_path}/rag.db")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BackendUnavailable, match=r"rag\.db: "):
        open_database(f"sqlite:///{tmp_path}/file/rag.db")
    (tmp_path / "rag.db").mkdir()
    with pytest.raises(BackendUnavailable, match="unable to open database file"):
        open_database(f"sqlite:///{tmp_path}/rag.db")


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(BackendUnavailable) as caught:
        open_database(f"postgresql+psycopg://me:secret@/test?host={tmp_path}")
    assert "me:***@" in str(caught.value)
    assert "secret" not in str(caught.value)

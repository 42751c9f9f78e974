"""A URL to a migrated engine, and foreign errors to ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from rag.database.tables import HEAD
from rag.errors import BackendUnavailable, ConfigError, IndexDamaged, MissingExtra

BUSY_TIMEOUT_MS = 5_000
DAMAGED = ("malformed", "not a database", "disk image", "corrupt")


def open_engine(url: str) -> Engine:
    """An engine whose tables are of this release; raises ConfigError, BackendUnavailable."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        with _disk(parsed):
            file = Path(str(parsed.database))
            file.parent.mkdir(parents=True, exist_ok=True)
            # What people asked is health data: nobody else on the machine may read it.
            file.touch(mode=0o600, exist_ok=True)
    try:
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name), "postgres") from error
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    try:
        with mapped(engine.url):
            _migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def mapped(url: URL) -> Iterator[None]:
    """Errors of the driver to ours: damaged, or not to be reached."""
    try:
        yield
    except DatabaseError as error:
        message = str(error.orig)
        where = url.database if url.get_backend_name() == "sqlite" else url.render_as_string()
        if any(sign in message for sign in DAMAGED):
            raise IndexDamaged(
                f"{where}: {message}. Put a copy back; or, giving up the answers kept in it, "
                "move it away and run `rag refresh`"
            ) from error
        raise BackendUnavailable(f"{where}: {message}") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
            raise NoSuchModuleError(url)
        parsed.get_dialect()
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name), "postgres") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(
            "database (RAG_DATABASE) is no URL that can be opened: give sqlite:///PATH or "
            "postgresql+psycopg://USER@HOST/NAME"
        ) from error
    return parsed


def _tune_sqlite(connection: DBAPIConnection, _: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _migrate(engine: Engine) -> None:
    """Bring the tables to HEAD; Alembic is imported only when there is something to do."""
    with engine.connect() as connection:
        at = None
        if inspect(connection).has_table("alembic_version"):
            at = connection.execute(
                select(text("version_num")).select_from(text("alembic_version"))
            ).scalar()
    if at == HEAD:
        return
    if at is not None and at > HEAD:
        raise ConfigError(
            f"the database is of a newer release (schema {at}, this one knows {HEAD}): upgrade"
        )
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigError(
            f"the database is of another release (schema {at}, this one knows {HEAD})"
        ) from error


@contextmanager
def _disk(url: URL) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackendUnavailable(f"{url.database}: {error.strerror}") from error

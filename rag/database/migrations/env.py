"""How Alembic runs our migrations: over the connection that `open_engine` gives it."""

from alembic import context

from rag.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

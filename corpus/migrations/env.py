"""What Alembic runs around every migration: it uses the connection and the transaction that it is handed."""

from alembic import context

from corpus.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()

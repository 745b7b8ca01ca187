"""How Alembic meets the database: over the connection that storage/migrate.py hands it, in that one transaction."""

from alembic import context

from storage.all_tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()

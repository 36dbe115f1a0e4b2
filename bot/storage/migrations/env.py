"""What Alembic runs for each command: the migrations, on the connection and in the transaction of `schema.py`."""

from alembic import context

from bot.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

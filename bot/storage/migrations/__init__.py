"""Alembic's folder: the steps from an empty database to the tables of `storage/tables.py`."""

"""Where links and the audit are kept: SQLite in a file, or PostgreSQL by `DATABASE_URL`.

`store.py` opens all of it for a bot that runs, `migrating.py` makes a database ready. Whatever goes wrong with a
database leaves this package as StoreUnavailableError, and nothing it says or logs holds a value or an address.
"""

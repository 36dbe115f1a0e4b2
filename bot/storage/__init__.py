"""Where links, requests, share claims, promised answers and the audit are kept: SQLite in a file, or PostgreSQL.

`store.py` opens all of it, `schema.py` brings the tables up to date. Whatever goes wrong with a database leaves this
package as StoreUnavailableError. Nothing it says or logs holds a value or an address.
"""

"""Requests for a link as rows: which are open, and how one is closed, within somebody's transaction."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Update, update

from bot.identity.users import SlackUser
from bot.storage.link_rows import of_user
from bot.storage.tables import link_requests


def is_open() -> ColumnElement[bool]:
    """Return the condition for requests that nobody has closed."""
    return link_requests.c.settled_by == ""


def open_of(user: SlackUser) -> ColumnElement[bool]:
    """Return the condition for the user's open request."""
    return of_user(link_requests, user) & is_open()


def settling(user: SlackUser, by: str) -> Update:
    """Return the statement that closes the user's open request."""
    return update(link_requests).where(open_of(user)).values(settled_by=by)

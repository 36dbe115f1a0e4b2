"""What managing links results in, where nothing went wrong. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cometchat import Uid
from bot.identity import Identified, SlackUser
from bot.identity.links import Link, LinksPage, UidConflict


@dataclass(frozen=True, slots=True)
class Linked:
    """A link was made. `checked`: CometChat has such a user; `notified`: the person got a message about it."""

    link: Link
    replaced: Link | None
    checked: bool
    notified: bool


@dataclass(frozen=True, slots=True)
class UidTaken:
    """Nothing was changed: others have the UID, and no admin has confirmed just that conflict.

    `requested`: the link was to answer the person's request.
    """

    subject: SlackUser
    uid: Uid
    conflict: UidConflict
    requested: bool


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A link was removed; `still` is who the person is by the configuration all the same, None for nobody."""

    removed: Link
    still: Identified | None


@dataclass(frozen=True, slots=True)
class LinkList:
    """A page of the workspace's links that begin with `prefix`.

    `deactivated`: people on it whose account is, and whose link was therefore removed.
    """

    page: LinksPage
    prefix: str
    offset: int
    deactivated: tuple[SlackUser, ...]


@dataclass(frozen=True, slots=True)
class ActingAs:
    """Who a person is in CometChat, by which rule, and the link where it is one.

    `admin`: they are known to be an admin, who can change it themself.
    """

    identified: Identified
    admin: bool = False


@dataclass(frozen=True, slots=True)
class RequestSent:
    """These admins have got the request."""

    admins: tuple[str, ...]

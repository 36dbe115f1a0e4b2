"""What can come of managing links, where nothing went wrong. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cometchat import Uid
from bot.identity import Identified, SlackUser
from bot.identity.links import Link, LinksPage, Sharing


@dataclass(frozen=True, slots=True)
class Linked:
    """A link was made: whether CometChat has confirmed the UID, and whether the person has got word of it."""

    link: Link
    replaced: Link | None
    checked: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """Nothing was done: others have the UID, and no admin has confirmed just that. `requested`: by the person."""

    subject: SlackUser
    uid: Uid
    sharing: Sharing
    requested: bool


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A link was removed; `still` is who the person is by the configuration all the same, None for nobody."""

    removed: Link
    still: Identified | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the workspace's links that begin with `prefix`; `left` had left, and have lost theirs."""

    page: LinksPage
    prefix: str
    offset: int
    left: tuple[SlackUser, ...]


@dataclass(frozen=True, slots=True)
class Acting:
    """Who a person is in CometChat, by which rule, and the link where it is one: all of one read.

    `admin`: they are known to be an admin, who can change it themself.
    """

    identified: Identified
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A request has got to these admins."""

    admins: tuple[str, ...]

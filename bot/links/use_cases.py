"""The use cases about links, built from what they share."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.cometchat import Uid
from bot.identity import SlackUser
from bot.identity.links import Links
from bot.identity.requests import Requests
from bot.identity.rules import Identity
from bot.links.admins import Admins
from bot.links.audit_entries import AuditEntries
from bot.links.changes import LinkChanges
from bot.links.requests import LinkRequests
from bot.links.service import LinkService, Notifier
from bot.links.validation import LinkValidation
from bot.links.whoami import Whoami


@dataclass(frozen=True, slots=True)
class LinkUseCases:
    """Who a person is, their link and their request for one; `changes` announces that a link has changed."""

    whoami: Whoami
    service: LinkService
    requests: LinkRequests
    changes: LinkChanges

    @classmethod
    def of(
        cls,
        *,
        links: Links,
        requests: Requests,
        identity: Identity,
        admins: Admins,
        validation: LinkValidation,
        notifier: Notifier,
        audit: AuditEntries,
        configured: Callable[[Uid], Awaitable[tuple[SlackUser, ...]]],
    ) -> LinkUseCases:
        """Build the use cases over those stores."""
        changes, whoami = LinkChanges(), Whoami(identity, requests, admins, time.time)
        service = LinkService(
            links=links,
            requests=requests,
            identity=identity,
            admins=admins,
            validation=validation,
            notifier=notifier,
            audit=audit,
            changes=changes,
            now=time.time,
            configured=configured,
        )
        asking = LinkRequests(
            requests=requests,
            whoami=whoami,
            admins=admins,
            validation=validation,
            notifier=notifier,
            audit=audit,
            changes=changes,
            now=time.time,
        )
        return cls(whoami, service, asking, changes)

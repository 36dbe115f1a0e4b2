"""What admins do about links: `/callinfo link`, `unlink` and `links`, "Link anyway", and the list's paging buttons."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.answers.interaction import Interaction, Outcome
from bot.calls.problems import Problem
from bot.cards import links as cards
from bot.cards.links import LINK_ANYWAY, LINKS_NEXT, LINKS_PREVIOUS, LinkAnyway, LinksQuery
from bot.links.results import Linked, UidTaken
from bot.links.service import ProposedLink
from bot.listeners.payloads.actions import Press, parse_press
from bot.listeners.payloads.reading import Payload
from bot.listeners.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons."""

    @app.action(LINK_ANYWAY)
    async def link_anyway(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("link_anyway", body, context)
        work = partial(_link_anyway, services, press)
        await services.responder.after_the_ack(press.interaction, ack, work)

    @app.action(LINKS_PREVIOUS)
    @app.action(LINKS_NEXT)
    async def turn(ack: AsyncAck, body: Payload, context: Payload) -> None:
        press = parse_press("links", body, context)
        work = partial(_turn, services, press)
        await services.responder.after_the_ack(press.interaction, ack, work)


async def link(services: Services, interaction: Interaction, user_id: str, uid: str) -> Outcome | Problem:
    """Link that member of the admin's workspace to the UID."""
    subject = replace(interaction.user, user_id=user_id)
    proposed = ProposedLink(interaction.user, subject, uid, reference=interaction.reference)
    return link_outcome(await services.links.link(proposed))


async def unlink(services: Services, interaction: Interaction, user_id: str) -> Outcome | Problem:
    """Remove the link of that member of the admin's workspace."""
    subject = replace(interaction.user, user_id=user_id)
    result = await services.links.unlink(interaction.user, subject, reference=interaction.reference)
    return result if isinstance(result, Problem) else Outcome("unlinked", cards.unlinked(result))


async def list_links(services: Services, interaction: Interaction, prefix: str) -> Outcome | Problem:
    """Show the first page."""
    return await _page(services, interaction, LinksQuery(prefix=prefix), replacing=False)


def link_outcome(result: Linked | UidTaken | Problem, *, replacing: bool = False) -> Outcome | Problem:
    """Return what came of it. With `replacing`, a link that was made replaces the message with the button."""
    match result:
        case Linked():
            return Outcome("linked", cards.linked(result), replace=replacing)
        case UidTaken():
            return Outcome("uid_taken", cards.uid_taken(result))
        case _:
            return result


async def _link_anyway(services: Services, press: Press) -> Outcome | Problem:
    anyway, interaction = LinkAnyway.from_text(press.value), press.interaction
    proposed = ProposedLink(
        interaction.user,
        anyway.subject,
        anyway.uid,
        confirmed=anyway.fingerprint,
        requested=anyway.requested,
        reference=interaction.reference,
    )
    return link_outcome(await services.links.link(proposed), replacing=True)


async def _turn(services: Services, press: Press) -> Outcome | Problem:
    query = LinksQuery.from_text(press.value)
    if press.interaction.in_home:
        return Outcome("links", links_query=query)
    return await _page(services, press.interaction, query, replacing=True)


async def _page(
    services: Services, interaction: Interaction, query: LinksQuery, *, replacing: bool
) -> Outcome | Problem:
    listed = await services.links.page(
        interaction.user, prefix=query.prefix, offset=query.offset, reference=interaction.reference
    )
    if isinstance(listed, Problem):
        return listed
    return Outcome("links", cards.links(listed), replace=replacing)

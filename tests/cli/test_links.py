"""`python -m bot links …` from the shell's side: arguments, files, exit status, and what is printed."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog

from bot.__main__ import main
from bot.cli.running import Progress
from bot.playground.cometchat import LIST, StandInCometChat
from bot.playground.samples import samples
from bot.playground.slack import StandInSlack
from bot.settings import Settings
from bot.storage.links import StoredLinks
from bot.storage.store import Store
from tests.databases import PostgreSQL
from tests.storage.people import link, user

Shell = Callable[..., Awaitable[tuple[int, str, str]]]
TEAM = "T0PLAYGROUND"


@pytest.fixture
async def slack() -> AsyncIterator[StandInSlack]:
    scopes = ("commands", "chat:write", "users:read", "users:read.email")
    slack = StandInSlack(signing_secret="secret", scopes=scopes)
    await slack.start()
    yield slack
    await slack.close()


@pytest.fixture
def _environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, slack: StandInSlack
) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    settings = {
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": "xoxb-playground",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": slack.web_api_url,
        "COMETCHAT_APP_ID": "app1",
        "COMETCHAT_REGION": "eu",
        "COMETCHAT_API_KEY": "key",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    yield
    logging.disable(logging.NOTSET)
    structlog.reset_defaults()


@pytest.fixture
def shell(_environment: None, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Run `python -m bot …` in a thread, beside the stand-in; return its exit status and what it printed."""

    def run(*arguments: str) -> int:
        try:
            return main(arguments)
        except SystemExit as ended:  # argparse's way to end
            return int(ended.code or 0)

    async def shell(*arguments: str, check: bool = False) -> tuple[int, str, str]:
        capsys.readouterr()
        if arguments[:2] in {("links", "add"), ("links", "import")} and not check:
            arguments = (*arguments, "--no-check")
        status = await asyncio.to_thread(run, *arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return shell


async def linked(store: Store, user_id: str) -> str | None:
    found = await StoredLinks(store.database).get(user(user_id, TEAM))
    return found.uid if found else None


def written(content: str | bytes) -> str:
    path = Path("links.csv")
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


async def test_a_link_is_added_listed_exported_and_removed(shell: Shell, store: Store) -> None:
    assert (await shell("links", "add", "U1", "SuperHero1"))[:2] == (0, "U1 is linked to superhero1.\n")
    assert await linked(store, "U1") == "superhero1", "in the bot's own workspace, as Slack names it"
    assert (await shell("links", "add", "U1", "superhero2"))[1] == (
        "U1 is linked to superhero2 (was superhero1).\n"
    )
    status, out, _ = await shell("links", "list")
    assert (status, out.splitlines()[1].split()[:3]) == (0, ["U1", "superhero2", "cli"])
    assert "U1" not in (await shell("links", "list", "U2"))[1]
    assert await shell("links", "export") == (0, "slack_user,uid\nU1,superhero2\n", "")
    assert (await shell("links", "remove", "U1"))[0] == 0
    assert await linked(store, "U1") is None
    assert await shell("links", "remove", "U1") == (1, "", "U1 has no link.\n")
    status, out, _ = await shell("links", "log", "--user", "U1")
    assert status == 0
    assert [line.split()[2] for line in out.splitlines()] == ["link", "link", "unlink"]


async def test_a_uid_that_another_has_needs_share(shell: Shell, store: Store) -> None:
    await store.links.put(link("U1", "superhero1", TEAM))
    status, _, err = await shell("links", "add", "U2", "superhero1")
    assert status == 1
    assert "U1" in err
    assert "--share" in err
    assert (await shell("links", "add", "U2", "superhero1", "--share"))[0] == 0
    assert await linked(store, "U2") == "superhero1"


async def test_a_file_is_imported_and_may_be_imported_again(shell: Shell, store: Store) -> None:
    path = written("slack_user,uid\nU1,a\nU2,b\n")
    would = await shell("links", "import", path, "--dry-run")
    assert would == (0, "This would import 2 new, 0 replaced, 0 unchanged. Nothing was changed.\n", "")
    assert await linked(store, "U1") is None
    assert (await shell("links", "import", path))[1] == "Imported: 2 new, 0 replaced, 0 unchanged.\n"
    assert (await shell("links", "import", path))[1] == "Imported: 0 new, 0 replaced, 2 unchanged.\n"
    assert await linked(store, "U2") == "b"
    assert (await shell("links", "export", "out.csv"))[1] == "Exported 2 links.\n"
    assert read("out.csv") == "slack_user,uid\nU1,a\nU2,b\n"


async def test_all_wrong_lines_are_told_and_nothing_is_changed(shell: Shell, store: Store) -> None:
    await store.links.put(link("U9", "taken", TEAM))
    path = written("slack_user,uid\nU1,fine\nnobody,b\nU2,no way\nU1,c\nU3,taken\n")
    status, out, err = await shell("links", "import", path)
    assert (status, out) == (1, "")
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "line 3",
        "line 4",
        "line 5",
        "line 6",
        "Nothing was changed.",
    ]
    assert await linked(store, "U1") is None


async def test_people_are_found_by_their_e_mail_address(
    shell: Shell, store: Store, slack: StandInSlack
) -> None:
    slack.fail("users.lookupByEmail", status=429, headers={"Retry-After": "0"})
    path = written("email,uid\ntony@example.com,superhero1\n")
    status, out, err = await shell("links", "import", path)
    assert (status, out) == (0, "Imported: 1 new, 0 replaced, 0 unchanged.\n")
    assert [json.loads(line)["deed"] for line in err.splitlines()] == ["import"]
    assert await linked(store, "U0TONY") == "superhero1"
    path = written("email,uid\nsteve@example.com,superhero2\nwho@example.com,superhero3\n")
    status, _, err = await shell("links", "import", path)
    assert status == 1
    assert err == "line 3: nobody in the workspace has that e-mail address\nNothing was changed.\n"
    assert await linked(store, "U0STEVE") is None


async def test_two_addresses_of_one_person_are_one_too_many(shell: Shell, slack: StandInSlack) -> None:
    slack.fail("users.lookupByEmail", status=200, body='{"ok": true, "user": {"id": "U1"}}', times=2)
    _, _, err = await shell("links", "import", written("email,uid\na@example.com,a\nb@example.com,b\n"))
    assert err.startswith("line 3: names the same person as line 2\n")


async def test_who_was_deactivated_is_not_linked(shell: Shell, slack: StandInSlack) -> None:
    body = '{"ok": true, "user": {"id": "U1", "deleted": true}}'
    slack.fail("users.lookupByEmail", status=200, body=body)
    status, _, err = await shell("links", "import", written("email,uid\na@example.com,a\n"))
    assert status == 1
    assert err.startswith("line 2: that person's Slack account is deactivated\n")


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        ("missing_scope", 2, "users:read.email"),
        ("token_revoked", 2, "token_revoked"),
        ("org_login_required", 1, "org"),
    ],
)
async def test_slack_s_refusal_is_told_in_words(
    shell: Shell, slack: StandInSlack, error: str, status: int, told: str
) -> None:
    slack.fail("users.lookupByEmail", status=200, body=f'{{"ok": false, "error": "{error}"}}')
    ended, out, err = await shell("links", "import", written("email,uid\na@example.com,a\n"))
    assert (ended, out) == (status, "")
    assert told in err


@pytest.mark.parametrize(
    ("method", "arguments", "words"),
    [
        (
            "auth.test",
            ["list"],
            "Slack didn't say which workspace SLACK_BOT_TOKEN is for; nothing was changed.",
        ),
        ("users.info", ["add", "U1", "superhero1"], "Slack's answer names nobody; nothing was changed."),
        (
            "users.lookupByEmail",
            ["import", "links.csv"],
            "Slack's answer to users.lookupByEmail names nobody; nothing was changed.",
        ),
    ],
)
async def test_an_answer_of_slack_s_that_says_nothing_changes_nothing(
    shell: Shell, slack: StandInSlack, method: str, arguments: list[str], words: str
) -> None:
    written("email,uid\na@example.com,superhero1\n")
    slack.fail(method, status=200, body={"ok": True})
    assert await shell("links", *arguments, check=True) == (1, "", f"{words}\n")


async def test_slack_being_down_is_told_after_some_tries(
    shell: Shell, slack: StandInSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.team._TRIES", 2)
    slack.fail("auth.test", status=503, times=2)
    assert await shell("links", "list") == (
        1,
        "",
        "Slack can't be reached (auth.test); nothing was changed.\n",
    )


async def test_with_the_workspace_s_id_slack_is_not_needed(
    shell: Shell, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    assert (await shell("links", "list"))[0] == 2
    assert (await shell("links", "add", "--team", "T2", "--enterprise", "E1", "U1", "a"))[0] == 0
    assert await store.links.get(user("U1", "T2", "E1"))
    assert "U1" in (await shell("links", "list", "--team", "T2"))[1]
    status, _, err = await shell("links", "import", "--team", "T2", written("email,uid\na@example.com,a\n"))
    assert (status, "--team" in err) == (2, True)


async def test_all_links_of_a_workspace_can_be_removed(shell: Shell, store: Store) -> None:
    for team, person in (("T1", "U1"), ("T1", "U2"), ("T2", "U1")):
        await shell("links", "add", "--team", team, person, f"hero-{person.lower()}")
    _, out, err = await shell("links", "remove", "--team", "T1", "--all")
    assert out == "Removed all 2 links of T1.\n"
    assert [json.loads(line)["subject"] for line in err.splitlines()] == ["U1", "U2"]
    assert (await store.links.page("T1")).total == 0
    assert (await store.links.page("T2")).total == 1
    _, out, _ = await shell("links", "log", "--team", "T1", "--limit", "2")
    assert out.count("unlink team_id=T1 user_id=cli outcome=unlinked uid=hero-u") == 2


async def test_the_audit_says_what_a_link_replaced(shell: Shell) -> None:
    for uid in ("before", "after"):
        await shell("links", "add", "--team", "T1", "U1", uid)
    _, out, _ = await shell("links", "log", "--limit", "1")
    assert out.endswith("outcome=linked uid=after subject=U1 replaced=before\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["links"],
        ["links", "remove"],
        ["links", "remove", "U1", "--all"],
        ["links", "add", "steve", "a"],
        ["links", "add", "U1", "two words"],
        ["links", "list", "--team", "U1"],
        ["links", "list", "--enterprise", "E1"],
        ["links", "log", "--limit", "0"],
        ["links", "import", "nowhere.csv"],
        ["links", "import", "."],
        ["links", "export", "nowhere/links.csv"],
        ["migrate", "now"],
    ],
)
async def test_wrong_usage_ends_with_2_and_no_trace(shell: Shell, arguments: list[str]) -> None:
    status, _, err = await shell(*arguments)
    assert status == 2
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name,id\nU1,a\n"])
async def test_a_file_that_is_none_of_links_ends_with_2(shell: Shell, content: bytes) -> None:
    assert (await shell("links", "import", written(content)))[0] == 2


async def test_migrate_is_enough_of_a_release_task_and_prunes(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "COMETCHAT_API_KEY"):
        monkeypatch.delenv(name)
    status, out, _ = await shell("migrate")
    assert status == 0
    assert out.splitlines()[1].startswith("Deleted 0 audit entries")


async def test_postgresql_without_tables_says_what_to_do(
    shell: Shell, postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgresql.create())
    status, _, err = await shell("links", "log")
    assert (status, "python -m bot migrate" in err) == (2, True)
    assert (await shell("migrate"))[0] == 0
    assert (await shell("links", "log")) == (0, "", "")


async def test_a_database_that_is_down_ends_with_1_and_tells_no_password(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://callinfo:s3cret@127.0.0.1:9/links")
    for arguments in (["migrate"], ["links", "log"], ["links", "list", "--team", "T1"]):
        status, out, err = await shell(*arguments)
        assert (status, out) == (1, "")
        assert err == (
            "The database can't be used (NobodyAnswers)."
            " Any change was made whole or not at all. Run this again, or `python -m bot check` to see"
            " why.\n"
        )


async def test_a_line_of_the_dotenv_file_that_is_not_read_is_told_before_another_database_is_changed(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL: postgres://u:s3cret@host/links\n", encoding="utf-8")
    for arguments in (["migrate"], ["links", "log"]):
        status, _, err = await shell(*arguments)
        assert (status, err) == (0, "Line 1 of .env is ignored: it isn't NAME=value.\n")


class Terminal:
    def __init__(self, *, is_one: bool = True) -> None:
        self.written = ""
        self._is_one = is_one

    def isatty(self) -> bool:
        return self._is_one

    def write(self, text: str) -> None:
        self.written += text

    def flush(self) -> None: ...


def test_a_progress_bar_is_drawn_for_a_person_and_for_nobody_else() -> None:
    terminal, pipe = Terminal(), Terminal(is_one=False)
    for out in (terminal, pipe):
        with Progress("Storing", 1_000, out) as progress:  # type: ignore[arg-type] # as much of a stream as it needs
            for done in (1, 500, 501, 1_000):
                progress(done)
    assert pipe.written == ""
    drawn = terminal.written.split("\r")[1:]
    assert drawn[-1].endswith("1,000 of 1,000\n")
    assert len(drawn) == 3, "only a whole per cent more is drawn"


async def test_each_change_is_an_audit_line_unless_a_person_looks_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, added = await shell("links", "add", "U1", "superhero1")
    _, _, removed = await shell("links", "remove", "U1")
    lines = [json.loads(line) for line in (added + removed).splitlines()]
    assert [(line["event"], line["deed"], line["outcome"]) for line in lines] == [
        ("audit", "link", "linked"),
        ("audit", "unlink", "unlinked"),
    ]
    assert {(line["uid"], line["subject"], line["user_id"]) for line in lines} == {
        ("superhero1", "U1", "cli")
    }
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert (await shell("links", "add", "U1", "superhero1"))[2] == ""


@pytest.fixture
async def cometchat(monkeypatch: pytest.MonkeyPatch, _environment: None) -> AsyncIterator[StandInCometChat]:
    cometchat = StandInCometChat(api_key="key", app_id="app1", samples=samples(1_715_845_999))
    await cometchat.start(host="127.0.0.1")
    monkeypatch.setenv("COMETCHAT_BASE_URL", cometchat.base_url)
    yield cometchat
    await cometchat.close()


@pytest.mark.usefixtures("cometchat")
@pytest.mark.parametrize(
    ("user_id", "facts", "uid", "words"),
    [
        ("U0ROBIN", {}, "nobody", "CometChat has no active user nobody"),
        ("U0NOBODY", {}, "superhero4", "Slack knows nobody with that id"),
        ("U0ROBIN", {"deleted": True}, "superhero4", "account is deactivated"),
        ("U0ROBIN", {"is_bot": True}, "superhero4", "that is a bot"),
        ("U0ROBIN", {"team_id": "T0OTHER"}, "superhero4", "not a member of this workspace"),
        ("U0ROBIN", {"is_stranger": True}, "superhero4", "not a member of this workspace"),
    ],
)
@pytest.mark.parametrize("way", ["add", "import", "by e-mail"])
async def test_who_and_what_does_not_exist_is_not_linked_unless_unchecked(  # noqa: PLR0917 - fixtures and a table
    shell: Shell,
    store: Store,
    slack: StandInSlack,
    user_id: str,
    facts: dict[str, object],
    uid: str,
    words: str,
    way: str,
) -> None:
    if way == "add":
        arguments = ["links", "add", user_id, uid]
    elif way == "import":
        arguments = ["links", "import", written(f"slack_user,uid\n{user_id},{uid}\n")]
    else:
        arguments = ["links", "import", written(f"email,uid\n{user_id[2:].lower()}@example.com,{uid}\n")]
        words = "nobody in the workspace has that e-mail" if user_id == "U0NOBODY" else words
    if facts:
        user = {"id": user_id, "team_id": TEAM, **facts}
        for method in ("users.info", "users.lookupByEmail"):
            slack.fail(method, status=200, body={"ok": True, "user": user})
    status, _, err = await shell(*arguments, check=True)
    assert (status, words in err) == (1, True), err
    assert await linked(store, user_id) is None
    if way != "by e-mail":
        assert (await shell(*arguments))[0] == 0
        assert await linked(store, user_id) == uid


@pytest.mark.usefixtures("cometchat")
async def test_who_and_what_exists_is_linked(shell: Shell, store: Store) -> None:
    assert (await shell("links", "add", "U0ROBIN", "superhero4", check=True))[0] == 0
    path = written("email,uid\nsteve@example.com,superhero2\n")
    assert (await shell("links", "import", path, check=True))[0] == 0
    assert (await linked(store, "U0ROBIN"), await linked(store, "U0STEVE")) == ("superhero4", "superhero2")


@pytest.mark.parametrize(
    ("headers", "seconds"), [({}, 60), ({"Retry-After": "1"}, 1), ({"Retry-After": "900"}, 60)]
)
async def test_an_import_waits_where_cometchat_gets_too_many_requests(  # noqa: PLR0917 - fixtures
    shell: Shell,
    store: Store,
    cometchat: StandInCometChat,
    monkeypatch: pytest.MonkeyPatch,
    headers: dict[str, str],
    seconds: int,
) -> None:
    waits: list[int] = []

    async def sleep(seconds: int) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.cli.link_checks.asyncio", SimpleNamespace(sleep=sleep))
    path = written("slack_user,uid\nU0ROBIN,superhero4\n")
    cometchat.answer(LIST, status=429, body={}, headers=headers, times=4)
    status, _, err = await shell("links", "import", path, check=True)
    assert (status, "Can't check the UID" in err, waits) == (1, True, [seconds] * 3)
    cometchat.answer(LIST, status=429, body={}, headers=headers, times=3)
    assert (await shell("links", "import", path, check=True))[0] == 0
    assert await linked(store, "U0ROBIN") == "superhero4"


@pytest.mark.parametrize("away", ["CometChat", "Slack"])
async def test_a_service_that_is_away_is_named_and_nothing_is_linked(  # noqa: PLR0917 - fixtures
    shell: Shell,
    store: Store,
    slack: StandInSlack,
    cometchat: StandInCometChat,
    monkeypatch: pytest.MonkeyPatch,
    away: str,
) -> None:
    monkeypatch.setattr("bot.cli.team._TRIES", 1)
    if away == "Slack":
        slack.fail("users.info", status=500, times=9)
    else:
        cometchat.answer(LIST, status=500, body={})
    status, _, err = await shell("links", "add", "U0ROBIN", "superhero4", check=True)
    assert status == 1
    assert away in err
    assert "--no-check" in err
    assert await linked(store, "U0ROBIN") is None


@pytest.mark.parametrize(
    ("configured", "uid"),
    [
        (("CALLINFO_USER_MAP", '{"U0TONY": "superhero1"}'), "superhero1"),
        (("CALLINFO_USER_MAP", f'{{"{TEAM}:U0TONY": "superhero1"}}'), "superhero1"),
        (("CALLINFO_UID_RULE", "slack-id"), "u0tony"),
    ],
)
async def test_a_uid_that_the_configuration_gives_to_another_needs_share(
    shell: Shell,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    configured: tuple[str, str],
    uid: str,
) -> None:
    monkeypatch.setenv(*configured)
    path = written(f"slack_user,uid\nU0ROBIN,{uid}\n")
    status, _, err = await shell("links", "add", "U0ROBIN", uid)
    assert (status, err) == (
        1,
        f"{uid} already belongs to U0TONY. To let several people have it, add --share.\n",
    )
    status, _, err = await shell("links", "import", path)
    assert status == 1
    assert f"line 2: {uid} would also be the UID of U0TONY; --share allows that" in err
    assert await linked(store, "U0ROBIN") is None
    assert (await shell("links", "import", path, "--share"))[0] == 0
    assert await linked(store, "U0ROBIN") == uid
    assert (await shell("links", "add", "U0TONY", uid))[0] == 1, "Robin has it now"
    assert (await shell("links", "add", "U0ROBIN", uid, "--share"))[0] == 0


@pytest.mark.usefixtures("cometchat")
async def test_who_has_a_link_or_is_nobody_in_slack_has_no_uid_by_the_configuration(
    shell: Shell, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLINFO_USER_MAP", '{"U0TONY": "superhero1", "U0NOBODY": "superhero2"}')
    await store.links.put(link("U0TONY", "superhero5", TEAM))
    assert (await shell("links", "add", "U0ROBIN", "superhero1"))[0] == 0
    path = written("slack_user,uid\nU0STEVE,superhero2\n")
    assert (await shell("links", "import", path))[0] == 1, "not checked, U0NOBODY counts"
    assert (await shell("links", "import", path, check=True))[:2] == (
        0,
        "Imported: 1 new, 0 replaced, 0 unchanged.\n",
    )


async def test_with_a_workspace_named_no_map_is_read(
    shell: Shell, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLINFO_USER_MAP", '{"U0TONY": "superhero1"}')
    assert (await shell("links", "add", "U0ROBIN", "superhero1", "--team", TEAM))[0] == 0
    assert await linked(store, "U0ROBIN") == "superhero1"

"""What platforms read (app.json, fly.toml, Procfile, Dockerfile) held against what the code reads and does."""

import asyncio
import json
import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.app import DRAIN_SECONDS
from bot.inbound.server import CLOSING_SECONDS, KEEP_ALIVE_SECONDS
from bot.playground.run import Playground
from bot.settings import Settings
from bot.slack.manifest import EVENTS
from bot.storage import database
from bot.throttling import redis_counts

ROOT = Path(__file__).parent.parent
APP_JSON: dict[str, Any] = json.loads((ROOT / "app.json").read_text(encoding="utf-8"))
FLY: dict[str, Any] = tomllib.loads((ROOT / "fly.toml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PROCFILE = dict(
    line.split(": ", 1)
    for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")

KILLED_AFTER = 30  # seconds from Heroku's SIGTERM on; fly.toml asks for as many
ROUTER_IDLE = 90  # seconds until Heroku's router closes an idle connection
FINISHED_AFTER = 26  # seconds, as docs/deploy.md, docs/security.md and fly.toml say
GIVEN_BY_HEROKU = {"DATABASE_URL", "HOST", "PORT"}  # by the add-on, the default and the router


def in_the_image() -> list[list[str]]:
    """Return the Dockerfile's instructions by stage, continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    stages: list[list[str]] = []
    for line in joined.splitlines():
        if line.startswith("FROM "):
            stages.append([])
        if line and not line.startswith("#"):
            stages[-1].append(line)
    return stages


def instruction(name: str) -> list[str]:
    """Return what the last stage says by that instruction."""
    return [line.removeprefix(f"{name} ") for line in in_the_image()[-1] if line.startswith(f"{name} ")]


def env_of_the_image() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in instruction("ENV") for pair in shlex.split(line))


def test_app_json_describes_every_setting_and_no_other() -> None:
    settings = {name.upper() for name in Settings.model_fields}
    assert APP_JSON["env"].keys() == settings - GIVEN_BY_HEROKU
    assert all(len(each["description"]) > 10 for each in APP_JSON["env"].values())


def test_app_json_asks_for_what_the_code_asks_for_and_repeats_no_default() -> None:
    for name, asked in APP_JSON["env"].items():
        required = Settings.model_fields[name.lower()].is_required() or name == "SLACK_SIGNING_SECRET"
        assert asked.get("required", True) is required, name  # there is no Socket Mode on a web dyno
        assert asked.keys() <= {"description", "required"}, name


def test_heroku_gets_one_dyno_that_never_sleeps_and_a_database() -> None:
    assert APP_JSON["formation"] == {"web": {"quantity": 1, "size": "basic"}}
    assert [each["plan"].split(":")[0] for each in APP_JSON["addons"]] == ["heroku-postgresql"]
    assert APP_JSON["formation"].keys() <= PROCFILE.keys()


def test_the_procfile_serves_and_releases() -> None:
    assert PROCFILE["web"] == "python -m bot serve"
    assert PROCFILE["release"] == "python -m bot migrate && python -m bot check"


def test_heroku_finds_one_python_and_one_package_manager() -> None:
    wanted = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"3\.1[1-9]", wanted)
    assert f"python:{wanted}." in DOCKERFILE
    assert (ROOT / "requirements.txt").exists()
    others = ("Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock", "runtime.txt", "setup.py")
    assert not [each for each in others if (ROOT / each).exists()]


def test_what_is_under_way_is_finished_before_the_platform_kills() -> None:
    """In the worst case, where each part takes all the time that it may."""
    most = (
        DRAIN_SECONDS
        + CLOSING_SECONDS
        + 2 * database.CLOSE_SECONDS  # for work under way, and for connections
        + 2 * redis_counts.WAIT_SECONDS  # for connecting, and for closing
    )
    assert most < FINISHED_AFTER < KILLED_AFTER
    security = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    fly = (ROOT / "fly.toml").read_text(encoding="utf-8")
    assert all(f"{FINISHED_AFTER} " in text for text in (DEPLOY, security, fly))
    assert FLY["kill_timeout"] == KILLED_AFTER
    assert FLY["kill_signal"] == "SIGTERM"
    assert instruction("STOPSIGNAL") == ["SIGTERM"]


def test_connections_are_kept_longer_than_heroku_s_router_keeps_them() -> None:
    assert KEEP_ALIVE_SECONDS > ROUTER_IDLE


def test_fly_keeps_one_machine_that_is_ready_always() -> None:
    service = FLY["http_service"]
    assert (service["auto_stop_machines"], service["min_machines_running"]) == ("off", 1)
    assert service["force_https"] is True
    assert [each["path"] for each in service["checks"]] == ["/readyz"]


def test_fly_s_ports_are_the_one_that_the_image_serves_at() -> None:
    port = int(env_of_the_image()["PORT"])
    assert port == Settings.model_fields["port"].default
    assert {FLY["http_service"]["internal_port"], FLY["metrics"]["port"], int(FLY["env"]["PORT"])} == {port}
    assert FLY["metrics"]["path"] == "/metrics"
    assert instruction("EXPOSE") == [str(port)]


def test_fly_s_release_command_is_the_procfile_s_by_way_of_a_shell() -> None:
    assert shlex.split(FLY["deploy"]["release_command"]) == ["sh", "-c", PROCFILE["release"]]


def test_platforms_set_nothing_that_is_no_setting() -> None:
    settings = {name.upper() for name in Settings.model_fields}
    ours = {name for name in env_of_the_image() if name != "PATH" and not name.startswith("PYTHON")}
    assert ours | FLY["env"].keys() <= settings


def test_the_image_starts_what_the_procfile_starts_without_a_shell() -> None:
    assert [json.loads(each) for each in instruction("CMD")] == [PROCFILE["web"].split()]
    assert not instruction("ENTRYPOINT")


def test_the_image_is_not_run_by_root() -> None:
    user = instruction("USER")[-1]
    assert int(user) > 0
    assert f"--uid {user}" in DOCKERFILE


@pytest.mark.parametrize("quoted", ["{}", '"{}"', "'{}'", " {} "])
async def test_the_image_has_a_health_check_that_finds_the_bot(ground: Playground, quoted: str) -> None:
    (check,) = instruction("HEALTHCHECK")
    command = json.loads(check.split("CMD ", 1)[1])
    port = ground.bot_url.rpartition(":")[2]
    assert command.pop(0) == "python"
    health = await asyncio.create_subprocess_exec(sys.executable, *command, env={"PORT": quoted.format(port)})
    assert await health.wait() == 0


def test_the_last_stage_has_no_compiler_and_installs_nothing() -> None:
    first, last = in_the_image()
    assert not [line for line in last if re.search(r"\b(pip|apt-get|gcc|build-essential)\b", line)]
    assert any("--require-hashes" in line and "--only-binary :all:" in line for line in first)
    assert any(line.startswith("COPY --from=dependencies ") for line in last)


def test_both_stages_are_of_one_pinned_slim_base() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", bases[0])


def test_the_image_can_hold_nothing_but_what_is_copied() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    sources = [
        source
        for stage in in_the_image()
        for line in stage
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]
    assert "*" in ignored
    assert set(sources) == let_in
    assert all((ROOT / each).exists() for each in sources)


def test_the_walk_throughs_set_every_required_setting_on_both_platforms() -> None:
    heroku, fly = DEPLOY.split("\n## Heroku")[1].split("\n## Fly")
    for name, field in Settings.model_fields.items():
        if field.is_required():
            assert f"{name.upper()}=" in heroku
            assert f"{name.upper()}=" in fly


def test_the_walk_throughs_name_the_manifest_s_path_and_what_was_not_tested() -> None:
    assert EVENTS in DEPLOY
    assert "\n## Not tested here" in DEPLOY


@pytest.mark.parametrize("path", ["docs/deploy.md", "docs/architecture.md", "CONTRIBUTING.md"])
def test_every_file_that_a_document_points_to_is_there(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert ((ROOT / path).parent / target).exists(), target


def test_every_subcommand_that_a_document_names_is_one() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    told = {
        name for each in documents for name in re.findall(r"python -m bot ([a-z]+)", each.read_text("utf-8"))
    }
    assert told <= {"serve", "playground", "check", "manifest", "migrate", "links", "webhooks"}

"""The Makefile's own set-up, where the Python at hand can't do it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def made(folder: Path, python: str) -> str:
    """Let `make` set up `.venv` in the folder, which has to fail; return what it prints, but for the commands."""
    shutil.copy(ROOT / "Makefile", folder)
    command = [
        shutil.which("make") or pytest.skip("there is no make"),
        "-s",
        f"PYTHON={python}",
        ".venv/made",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own Makefile
    assert result.returncode == 2
    return "".join(
        line for line in (result.stdout + result.stderr).splitlines(keepends=True) if "***" not in line
    )


def python_that(folder: Path, does: str) -> str:
    """Return a Python that does something else where its arguments match a shell pattern."""
    script = folder / "python3"
    script.write_text(f'#!/bin/sh\ncase "$*" in {does} esac\nexec {sys.executable} "$@"\n')
    script.chmod(0o755)
    return str(script)


def test_a_python_without_ensurepip_is_told_what_to_install_and_leaves_nothing(tmp_path: Path) -> None:
    """As Debian's is, without its package python3-venv."""
    said = made(tmp_path, python_that(tmp_path, '"-c import ensurepip"*) exit 1;;'))
    version = f"python3.{sys.version_info.minor}-venv"
    assert said.count("\n") == 1
    assert f"on Debian and Ubuntu, apt install {version}; or name another" in said
    assert not (tmp_path / ".venv").exists()


def test_a_virtual_environment_that_could_not_be_finished_is_removed(tmp_path: Path) -> None:
    made(tmp_path, python_that(tmp_path, '"-m venv"*) mkdir .venv; exit 1;;'))
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_too_old_is_told_which_is_wanted(tmp_path: Path) -> None:
    said = made(tmp_path, python_that(tmp_path, "*version_info*) exit 1;;"))
    assert said == "callinfo needs Python 3.11 or newer; say which with make PYTHON=python3.12 …\n"

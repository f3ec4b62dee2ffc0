"""Fix the versions of all dependencies anew: uv run tools/pin.py

uv.lock holds the addresses of one package index and is therefore not committed. What is committed instead is
the list of constraints in pyproject.toml, for every extra and dependency group, and requirements.lock with
versions and hashes for those who install without uv. A date alone would not do: an index may offer a version
days after its date of upload, and then the same commit resolves to something else.
"""

import os
import re
import subprocess
from pathlib import Path

# Set by uv for what it runs.
UV = os.environ.get("UV", "uv")
ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
REQUIREMENTS = ROOT / "requirements.lock"
LIST = re.compile(r"(?<=^constraint-dependencies = \[\n).*?(?=^\]$)", re.MULTILINE | re.DOTALL)


def main() -> None:
    text = PROJECT.read_text(encoding="utf-8")
    # Only an empty list lets uv choose anew.
    PROJECT.write_text(LIST.sub("", text, count=1), encoding="utf-8")
    subprocess.run([UV, "lock", "--upgrade", "--quiet"], cwd=ROOT, check=True)
    PROJECT.write_text(LIST.sub(constraints(), text, count=1), encoding="utf-8")
    REQUIREMENTS.write_text(requirements(), encoding="utf-8")


def constraints() -> str:
    """The lines of the list: what uv resolved for all extras and groups."""
    resolved = _export("--all-groups", "--all-extras", "--no-hashes").splitlines()
    return "".join(f'    "{line.replace(chr(34), chr(39)).rstrip()}",\n' for line in resolved)


def requirements() -> str:
    """The text of requirements.lock: what an installation needs, with hashes."""
    return _export("--no-default-groups")


def _export(*options: str) -> str:
    command = [UV, "export", "--quiet", "--no-header", "--no-annotate", "--no-emit-project", *options]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()

"""`python -m tests.bench [--quick] [NAME…]`: every bench, one after another, each in a process of its own."""

import ast
import subprocess
import sys
from pathlib import Path


def names() -> list[str]:
    """The modules here that can be run."""
    found = []
    for file in sorted(Path(__file__).parent.glob("*.py")):
        body = ast.parse(file.read_text()).body
        functions = {node.name for node in body if isinstance(node, ast.FunctionDef)}
        if "main" in functions and not file.stem.startswith("__"):
            found.append(file.stem)
    return found


def main() -> int:
    asked = [word for word in sys.argv[1:] if not word.startswith("-")]
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    failed = 0
    for name in asked or names():
        command = [sys.executable, "-m", f"tests.bench.{name}", *options]
        failed |= subprocess.run(command, check=False).returncode
        print(flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())

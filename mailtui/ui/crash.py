"""What is left on the terminal after a fault of ours: where it was, and nothing of the user's.

Textual's own report prints local variables, among them passwords and mail.
"""

import traceback
from pathlib import Path


def report(error: BaseException) -> str:
    """File names, lines and function names; of the error its kind, but not its words, which may quote
    mail. Safe to print and to send along."""
    lines = ["mailtui met a fault of its own and ended. Your mail and drafts are kept.", ""]
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        place = "/".join(path.parts[-3:]) if "mailtui" in path.parts else path.name
        lines.append(f"  {place}:{frame.lineno} in {frame.name}")
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    lines += ["", "  " + " from ".join(kinds), "", "Please report these lines."]
    return "\n".join(lines)

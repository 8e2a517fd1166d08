"""`python -m mailtui` and the console script."""

import sys


def main() -> int:
    """Run the command line and return the exit status."""
    from mailtui.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

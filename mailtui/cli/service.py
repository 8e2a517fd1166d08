"""The hidden `mailtui service`: the account service itself, started by the link of whichever front needs
it first."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from mailtui.config.paths import Paths


def arguments(parser: ArgumentParser) -> None:
    for name in ("config", "data", "state", "runtime"):
        parser.add_argument(f"--{name}", metavar="DIR", type=Path, help=f"the profile's {name} directory")


def run(options: Namespace, paths: Paths) -> int:
    """Without options, the service of the user's own profile."""
    from mailtui.service.process import run as serve

    profile = Paths(
        config=options.config or paths.config,
        data=options.data or paths.data,
        state=options.state or paths.state,
        runtime=options.runtime or paths.runtime,
    )
    return serve(profile)

"""Painting on a terminal that is gone harms nobody."""

import io

from mailtui.ui.terminal import Forgiving


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_write_that_fails_is_the_last_one_tried() -> None:
    file = Forgiving(Gone())
    assert file.write("abc") == 3
    assert file.gone
    file.write("more")
    file.flush()


def test_a_terminal_that_is_there_gets_everything() -> None:
    there = io.StringIO()
    file = Forgiving(there)
    file.write("abc")
    file.flush()
    assert there.getvalue() == "abc"
    assert not file.gone

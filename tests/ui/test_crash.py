from mailtui.ui.crash import report


def fail(password: str) -> None:
    raise ValueError(f"cannot use {password}")


def test_the_report_says_where_but_nothing_of_what_was_there() -> None:
    try:
        fail("hunter2")
    except ValueError as error:
        text = report(error)
    assert "in fail" in text
    assert "ValueError" in text
    assert "hunter2" not in text

"""Results here first, then each server's own below a rule."""

from mailtui.ui.screens.search_results import Results


def made(*here: int) -> Results:
    results = Results()
    results.here = here
    results.ask(["work", "home"])
    return results


def test_servers_come_below_a_rule_each_with_what_is_not_here() -> None:
    results = made(1, 2)
    results.found("work", [2, 3])
    results.found("home", [3, 4])
    assert results.source("x", ()).found == (1, 2, -1, 3, -2, 4)
    assert results.count == 4


def test_a_rule_says_how_far_the_server_is() -> None:
    results = made()
    assert results.source("x", ()).words(-1) == "server: work … is looking"
    results.found("work", [1, 2])
    assert results.source("x", ()).words(-1) == "server: work … 2 found, 2 new"
    results.ended("work", 1041, "")
    assert results.source("x", ()).words(-1) == "server: work ✓ 1,041 found, 2 new"
    results.ended("home", 0, "")
    assert results.source("x", ()).words(-2) == "server: home ✓ found nothing"
    assert not results.running


def test_a_server_that_can_not_be_asked_says_why_and_the_others_go_on() -> None:
    results = made()
    results.ended("work", 0, "No connection.")
    assert results.source("x", ()).words(-1) == "server: work ! No connection."
    assert results.running


def test_stopping_ends_those_that_still_look() -> None:
    results = made()
    results.ended("work", 3, "")
    results.cancelled()
    assert not results.running
    assert results.source("x", ()).words(-1) == "server: work ✓ 3 found, 0 new"
    assert "stopped" in results.source("x", ()).words(-2)


def test_what_is_said_twice_is_shown_once() -> None:
    results = made()
    results.found("work", [5, 5])
    results.found("work", [5])
    assert results.source("x", ()).found == (-1, 5, -2)

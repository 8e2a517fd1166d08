"""What was searched for comes back, newest first."""

from mailtui.ui.searches import MOST, Searches


def test_the_newest_is_first_and_each_is_there_once() -> None:
    searches = Searches()
    for text in ("budget", "invoice", " budget ", "  "):
        searches.use(text)
    assert list(searches) == ["budget", "invoice"]
    assert (searches.at(0), searches.at(1), searches.at(2), searches.at(-1)) == ("budget", "invoice", "", "")


def test_there_is_an_end_to_it() -> None:
    searches = Searches()
    for number in range(MOST + 5):
        searches.use(str(number))
    assert len(searches) == MOST

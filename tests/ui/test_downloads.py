from mailtui.model.event import PartArrived, PartFailed, PartProgressed
from mailtui.ui.downloads import Download, Downloads


def want(downloads: Downloads, taken: list[str], section: str = "2") -> bool:
    return downloads.want(Download(1, section, "notes.pdf", taken.append))


def test_the_same_part_is_asked_for_once_and_used_for_all() -> None:
    downloads, taken = Downloads(), list[str]()
    assert want(downloads, taken)
    assert not want(downloads, taken)
    ended = downloads.hear(PartArrived(1, "2", "path"))
    assert ended is not None
    assert len(ended) == 2
    assert len(downloads) == 0


def test_progress_is_kept() -> None:
    downloads = Downloads()
    want(downloads, [])
    assert downloads.hear(PartProgressed(1, "2", 50, 100)) == []
    found = downloads.of(1, "2")
    assert found is not None
    assert (found.done, found.total) == (50, 100)
    assert downloads.newest == found


def test_parts_nobody_waits_for_are_no_business_of_ours() -> None:
    downloads = Downloads()
    want(downloads, [])
    assert downloads.hear(PartProgressed(1, "3", 1, 2)) is None
    assert downloads.hear(PartArrived(2, "2", "path")) is None


def test_a_failure_ends_it_too() -> None:
    downloads = Downloads()
    want(downloads, [])
    assert downloads.hear(PartFailed(1, "2", "gone"))
    assert not len(downloads)


def test_all_can_be_given_up() -> None:
    downloads = Downloads()
    want(downloads, [])
    want(downloads, [], "3")
    assert downloads.forget() == [(1, "2"), (1, "3")]
    assert downloads.newest is None

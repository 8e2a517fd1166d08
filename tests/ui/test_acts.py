from mailtui.ui.acts import MOST, Act, Acts


def test_the_newest_act_is_taken_back_first() -> None:
    acts, undone = Acts(), list[str]()
    acts.push(Act("archived", lambda: undone.append("archived"), "1"))
    acts.push(Act("flagged", lambda: undone.append("flagged"), "2"))
    assert acts.newest == "flagged"
    while (act := acts.pop()) is not None:
        act.undo()
    assert undone == ["flagged", "archived"]
    assert acts.newest == ""


def test_an_act_that_did_not_come_true_is_forgotten() -> None:
    acts = Acts()
    acts.push(Act("archived", lambda: None, "1"))
    acts.push(Act("flagged", lambda: None, "2"))
    acts.drop("2")
    assert acts.newest == "archived"


def test_only_so_many_are_remembered() -> None:
    acts = Acts()
    for number in range(MOST + 50):
        acts.push(Act(str(number), lambda: None))
    assert acts.newest == str(MOST + 49)
    assert sum(1 for _ in iter(acts.pop, None)) == MOST

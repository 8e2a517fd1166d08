"""Reading beside a list, on the main screen as in a search."""

from mailtui.ui.app import MailtuiApp
from mailtui.ui.widgets.message_view import MessageView
from tests.ui.acting import MEDIUM, main, press, running, settled, until


async def test_what_the_mouse_selects_is_copied_and_said(app: MailtuiApp) -> None:
    async with running(app) as pilot:
        await press(pilot, "enter")
        view = main(app).message_view
        await until(pilot, lambda: view.body is not None)
        await settled(pilot)
        y = next(y for y in range(view.size.height) if "Hi all" in view.render_line(y).text) + 1
        await pilot.mouse_down(MessageView, offset=(4, y))
        await pilot.hover(MessageView, offset=(9, y))
        await pilot.mouse_up(MessageView, offset=(9, y))
        await settled(pilot)
        assert app.clipboard == "Hi all"
        assert app.saying is not None
        assert app.saying.text == "Copied 1 line"


async def test_without_a_border_the_selection_is_told_in_the_status_line(app: MailtuiApp) -> None:
    async with running(app, MEDIUM) as pilot:
        await press(pilot, "x", "x")
        assert "2 selected · 3/40" in str(main(app).query_one("#status").render())

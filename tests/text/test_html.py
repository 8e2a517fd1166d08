"""HTML mail becomes readable text: nothing hidden, nothing fetched, nothing executed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.model.part import Link
from mailtui.text.html import readable
from tests.text.safety import assert_safe, hostile


def text(html: str) -> str:
    return readable(html).text


def test_paragraphs_and_lines() -> None:
    assert (
        text("<p>one<br>two</p><p>three</p><div>four</div><div>five</div>")
        == "one\ntwo\n\nthree\n\nfour\nfive"
    )


def test_blank_lines_come_alone() -> None:
    assert text("<div>a</div><div><br></div><br><br><p></p><p>&nbsp;</p><div>b</div>") == "a\n\nb"


def test_headings_and_lists() -> None:
    assert text("<h1>Big</h1><ul><li>a<li>b<ul><li>c</ul></ul><ol><li>x<li>y</ol>") == (
        "# Big\n\n  • a\n  • b\n    • c\n\n  1. x\n  2. y"
    )


def test_markdown_signs_are_not_escaped() -> None:
    assert (
        text("<p>1. a - b * c _d_ [e](f) `g` \\ + &lt;h&gt; &amp;amp;")
        == "1. a - b * c _d_ [e](f) `g` \\ + <h> &amp;"
    )


def test_quotes_nest() -> None:
    html = "<p>yes</p><blockquote>one<br>two<blockquote><p>three</p></blockquote></blockquote>end"
    assert text(html) == "yes\n\n> one\n> two\n>\n> > three\n\nend"


def test_preformatted_text_keeps_its_lines() -> None:
    assert text("<p>a<pre>\nif x:\n    y &lt; z\n\nend\n</pre>b") == "a\n\nif x:\n    y < z\n\nend\n\nb"
    assert text('<div style="white-space: pre-wrap">a\n  b<div>c</div></div>') == "a\n  b\nc"


def test_layout_tables_become_lines() -> None:
    html = "<table><tr><td>Hello</td><td>Anna</td></tr><tr><td><p>News</p></td></tr></table>"
    assert text(html) == "Hello Anna\n\nNews"


def test_data_tables_become_columns() -> None:
    html = "<table><tr><th>Item<th>Price<tr><td>Widget, large<td>219.90 €<tr><td>小さい<td>5.00 €</table>"
    assert text(html) == (
        "Item               Price\n"
        "─────────────   ────────\n"
        "Widget, large   219.90 €\n"
        "小さい            5.00 €"
    )


def test_wide_tables_are_not_padded() -> None:
    html = "<table border=1><tr><td>" + "<td>".join(["x" * 60] * 3) + "<tr><td>a<td>b</table>"
    assert text(html).split("\n")[1] == "a │ b"


def test_links_are_numbered_and_listed_aside() -> None:
    body = readable(
        '<p>See <a href="https://a.example/x?y">this</a> and <a href="https://a.example/x?y">that</a>.'
    )
    assert body.text == "See this [1] and that [1]."
    assert body.links == (Link("this", "https://a.example/x?y"),)


def test_a_link_around_a_block_keeps_its_number() -> None:
    assert text('<a href="https://a.example"><div>Card</div></a>') == "Card [1]"


def test_a_link_around_a_picture_shows_its_host() -> None:
    assert text('<a href="https://a.example/x"><img src="cid:1"></a>') == "a.example [1]"


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/relative", "#top", ""]
)
def test_links_that_may_not_be_opened_are_only_text(href: str) -> None:
    body = readable(f'<a href="{href}">text</a>')
    assert body.text == "text"
    assert body.links == ()


def test_a_link_that_lies_shows_where_it_leads() -> None:
    assert text('<a href="https://evil.example/">https://www.paypal.example/</a>') == (
        "https://www.paypal.example/ [1] (→ evil.example)"
    )


def test_a_long_link_is_shortened_in_the_text() -> None:
    target = "https://a.example/" + "x" * 100
    body = readable(f'<a href="{target}">{target}</a>')
    assert body.text == "a.example/… [1]"
    assert body.links[0].url == target


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>secret</p>",
        '<p style="display: none">secret</p>',
        '<p style="color:red;DISPLAY:NONE !important">secret</p>',
        '<p style="visibility:hidden">secret</p>',
        '<p style="font-size:0">secret</p>',
        '<p style="max-height:0px;overflow:hidden">secret</p>',
        '<p style="height:0;overflow:hidden">secret</p>',
        '<p style="opacity:0">secret</p>',
        '<p style="color:#FFF;background-color:white">secret</p>',
        '<table><td bgcolor="#ffffff"><font color="white">secret</font></table>',
        "<style>.pre{display:none}</style><p class='x pre'>secret</p>",
        "<script>secret</script><style>secret</style><title>secret</title><!-- secret -->",
        "<noscript>secret</noscript><template>secret</template><svg><text>secret</text></svg>",
        "<textarea>secret</textarea><select><option>secret</select><object>secret</object>",
    ],
)
def test_hidden_text_is_not_shown(html: str) -> None:
    assert text(f"<p>before</p>{html}<p>after</p>").replace("\n", "") == "beforeafter"


def test_what_is_hidden_on_some_screens_only_is_shown() -> None:
    assert text("<style>@media (max-width:9px){.a{display:none}}</style><p class=a>shown") == "shown"
    assert text('<p style="font-size:0.9em;max-height:0.5px">shown') == "shown"


def test_remote_images_are_counted_and_trackers_apart() -> None:
    body = readable(
        '<img src="https://a.example/a.png" alt="Logo"><img src="//a.example/b.png">'
        '<img src="https://a.example/t.gif" width=1 height="1"><img src="cid:x" alt="Photo">'
        '<div style="display:none"><img src="http://a.example/u.gif"></div>'
        "<table background='https://a.example/bg.png'><td>x</table>"
    )
    assert (body.blocked, body.trackers) == (5, 2)
    assert "[Logo]" in body.text
    assert "[Photo]" in body.text


def test_entities_with_controls_are_made_visible() -> None:
    assert text("a&#27;[31m&#x9b;&#x202e;b&#0;") == "a␛[31m›b\ufffd"


def test_an_unclosed_attribute_swallows_nothing_into_a_link() -> None:
    body = readable('<p>shown</p><img src="http://evil.example/')
    assert body.text == "shown"
    assert body.links == ()


def test_nothing_but_hidden_text_leaves_nothing() -> None:
    assert text("") == text("<p> &nbsp; \u200b</p>") == ""


NAMES = "p div br a b i table tr td th ul ol li blockquote pre h1 img style span del q hr center font"
TAGS = st.sampled_from(NAMES.split())
ATTRIBUTES = st.sampled_from(
    [
        "",
        " hidden",
        " href='https://a.example'",
        " style='color:#fff;background:#fff'",
        " border=1",
        " src='http://x'",
    ]
)
MARKUP = st.builds(
    lambda slash, tag, attribute: f"<{slash}{tag}{attribute}>", st.sampled_from(["", "/"]), TAGS, ATTRIBUTES
)


@given(st.lists(st.one_of(MARKUP, hostile), max_size=30).map("".join))
def test_whatever_the_markup_what_is_shown_is_safe(html: str) -> None:
    body = readable(html)
    assert_safe(body.text, lines=True)
    for link in body.links:
        assert_safe(link.text)
        assert link.url.isascii()
    assert all(c < "\ue000" or c > "\ue005" for c in body.text)


BOMBS = {
    "open brackets": "<" * 200_000,
    "open tags": "<a " * 100_000,
    "open comments": "<!--" * 100_000,
    "ampersands": "&" * 200_000,
    "entities": "&amp;" * 100_000,
    "nested divs": "<div>" * 50_000 + "x",
    "nested quotes": "<blockquote>" * 5000 + "x",
    "nested lists": "<ul><li>x" * 2000,
    "nested tables": "<table><tr><td>" * 5000 + "x",
    "cells": "<table border=1>" + "<tr><td>x<td>y" * 10_000,
    "markdown": "*_`" * 170_000,
    "spaces": " " * 2_000_000,
    "hidden": "<div hidden>" * 50_000 + "<img src=http://x>",
    "attributes": "<p " + "".join(f"a{n}=1 " for n in range(50_000)) + ">x",
    "formatting": "".join(f"<b class=c{n}>" for n in range(300)) + "<p>x" * 3000,
    "at rules": "<style>" + "@" * 100_000 + "</style>x",
    "rules": "<style>" + ".a{" * 50_000 + "</style>x",
    "joiners": "\u200d" * 300_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
@pytest.mark.timeout(20)
def test_bombs_are_defused(bomb: str) -> None:
    assert len(readable(bomb).text) <= 2 * len(bomb) + 100

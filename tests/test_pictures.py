"""The screenshots look the same with any font."""

from tests.pictures import settled

PICTURE = (
    '<svg class="rich-terminal"><style>@font-face { src: url("https://fonts.example/a.woff2"); }\n'
    ".m { font-family: Fira Code; font-size: 20px }</style>"
    '<text class="t-title" x="9">mailtui</text>'
    '<text class="t-r1" x="12.2" y="5" textLength="122" clip-path="url(#c)">'
    "&#160;&#160;a&#160;b&#160;&#160;会x&lt;</text></svg>"
)


def test_nothing_is_fetched() -> None:
    assert "https://" not in settled(PICTURE)


def test_words_stand_in_their_cells_and_wide_letters_alone() -> None:
    assert (
        '<text class="t-r1" x="12.2" y="5" clip-path="url(#c)"><tspan x="36.6">a b</tspan>'
        '<tspan x="97.6">会</tspan><tspan x="122.0">x&lt;</tspan></text>'
    ) in settled(PICTURE)


def test_the_title_stays() -> None:
    assert '<text class="t-title" x="9">mailtui</text>' in settled(PICTURE)

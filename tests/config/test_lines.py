"""Every key is found on its line, whatever stands around it."""

from mailtui.config.lines import key_lines, line_of


def test_strings_comments_and_brackets_hide_what_only_looks_like_a_key() -> None:
    text = '''\
# a = 1
a = """
[not]
b = 2 \\"""
"""
b = [ # c = 3
  "]", {d = 4},
  'x = 5',
]
[ one . "two.three" ]  # comment
e.f = 1
"g h" = \'\'\'
[no]\'\'\'
[[list]]
i = 1
'''
    assert key_lines(text) == {
        ("a",): 2,
        ("b",): 6,
        ("one",): 10,
        ("one", "two.three"): 10,
        ("one", "two.three", "e", "f"): 11,
        ("one", "two.three", "g h"): 12,
        ("list",): 14,
        ("list", "i"): 15,
    }


def test_what_has_no_line_is_on_the_line_around_it() -> None:
    lines = key_lines('\n[a]\nimap = { host = "x" }\n')
    assert line_of(lines, ("a", "imap", "host")) == 3
    assert line_of(lines, ("a", "smtp")) == 2
    assert line_of(lines, ("z",)) == 1

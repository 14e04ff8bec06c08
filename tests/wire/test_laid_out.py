from __future__ import annotations

from stream.wire import laid_out

COPY = """The council voted on Tuesday to rebuild the dyke, which
the storm broke in three places, and to pay for it out
of the fund for the harbour.
    Work starts on Sunday.
    * The eastern breach comes first
    * The road comes last
"""


def test_an_indent_begins_a_paragraph_and_the_width_ends_a_line() -> None:
    assert laid_out.is_laid_out(COPY)
    assert laid_out.paragraphs(COPY).strip() == (
        "The council voted on Tuesday to rebuild the dyke, which the storm broke in three places, and to pay "
        "for it out of the fund for the harbour.\n\nWork starts on Sunday.\n\n"
        "* The eastern breach comes first\n\n* The road comes last"
    )


def test_mark_up_that_is_printed_prettily_is_not_laid_out() -> None:
    assert not laid_out.is_laid_out("One\n      two\n      three\n      four\n")
    assert not laid_out.is_laid_out("One\ntwo\nthree\nfour\n")


def test_tables_keep_their_lines() -> None:
    table = "North      3  South      1\nEast       2  West       2\nWaterford  0  Dykeham    4"
    assert laid_out.paragraphs(table) == table

import numpy as np
import pytest

from stream.text.lexicon import Lexicon
from stream.text.tokens import Reading, read

TEXTS = (
    "انطلقت في الرباط، اليوم الثلاثاء، أعمال المؤتمر: 1,200 مشارك من 35 دولة",
    "Talks on the river treaty went on in Khartoum (U.S. envoys left at 12:30).",
    "東京で会談 और दिल्ली में ﷺ x½y 5ر32",
    "",
    " \t\n\x1c\u3000 ",
    "الرباط\u00a0في\u2003اليوم\x85a\0 a \0",
    "a\ud800b \U0001f600 ｆｕｌｌ ﬁn",
    "https://port.example/" + "x" * 200 + " " + "x" * 199 + "y",
)


def plain(reading: Reading) -> tuple[list[int], bytes]:
    return reading.tokens.tolist(), reading.shapes


def same(lexicon: Lexicon, texts: tuple[str, ...]) -> bool:
    return list(map(plain, lexicon.read(texts))) == [plain(read(text)) for text in texts]


def test_a_batch_is_read_as_each_text_is_by_itself() -> None:
    lexicon = Lexicon()
    assert same(lexicon, TEXTS)
    assert same(lexicon, TEXTS[::-1]), "now that the pieces are known"


def test_nothing_is_read_from_no_texts() -> None:
    assert Lexicon().read(()) == []


def test_texts_beyond_a_group_are_read_alike() -> None:
    numbers = (" ".join(map(str, range(start, start + 900))) for start in range(0, 9000, 900))
    assert same(Lexicon(), (*numbers, "word " * 20_000, *TEXTS))


@pytest.mark.parametrize(("bits", "pool"), [(1, 1 << 16), (10, 1), (4, 40)])
def test_a_table_that_is_too_small_forgets_and_does_not_mistake(bits: int, pool: int) -> None:
    lexicon = Lexicon(bits, pool)
    random = np.random.default_rng(1)
    for _ in range(30):
        texts = tuple(" ".join(map(str, random.integers(0, 60, size=12))) for _ in range(4))
        assert same(lexicon, (*texts, *TEXTS))


def test_pieces_of_the_same_letters_are_told_apart() -> None:
    letters = "ابتثجح"
    pieces = " ".join(a + b + c for a in letters for b in letters for c in letters)
    (reading,) = Lexicon().read((pieces,))
    assert len(set(reading.tokens.tolist())) == len(letters) ** 3


def test_tokens_are_read_only() -> None:
    (reading,) = Lexicon().read(("one two",))
    with pytest.raises(ValueError, match="read-only"):
        reading.tokens[0] = 0

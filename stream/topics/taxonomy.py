"""IPTC Media Topics: names in every language of the vocabulary, the tree, and what became of old codes.

The table is made by `stream.topics.build`; IPTC NewsCodes are © IPTC, CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Self

import orjson

from stream.model import Subject

_SCHEME = "medtop:"
_ENGLISH = "en-GB"
# A variant that has no label of its own reads as its sister.
_FALLBACKS = {"en-US": "en-GB", "pt-BR": "pt", "nn": "nb", "no": "nb", "zh": "zh-Hans"}
# As suppliers write the two schemes: qcode prefixes, and the ends of the vocabularies' addresses.
_MEDIATOPIC_SCHEMES = frozenset({"medtop", "mediatopic", "mediatopics", "medtopic"})
_SUBJECT_SCHEMES = frozenset(
    {"subj", "subjectcode", "subject", "iptc", "iptcsubjectcode", "iptc_subject_code"}
)


class Taxonomy:
    """The active concepts by qcode (`medtop:15000000`), parents before children."""

    def __init__(
        self,
        concepts: Mapping[str, tuple[str | None, Mapping[str, str]]],
        retired: Mapping[str, str],
        subjectcodes: Mapping[str, str],
        version: str = "",
    ) -> None:
        """`concepts` maps a qcode to its parent and its labels by language; `retired` maps qcodes to
        active ones, `subjectcodes` the digits of an old subject code to an active qcode."""
        self._labels = {qcode: labels for qcode, (_, labels) in concepts.items()}
        self._parents = {qcode: parent for qcode, (parent, _) in concepts.items()}
        self._retired = retired
        self._subjectcodes = subjectcodes
        self.version = version
        self.tops: tuple[str, ...] = tuple(sorted(q for q, parent in self._parents.items() if parent is None))

    @classmethod
    def load(cls) -> Self:
        """The taxonomy that ships with the package."""
        table = orjson.loads(files("stream.data").joinpath("taxonomy", "mediatopics.json").read_bytes())
        return cls(
            concepts={
                _SCHEME + code: (_SCHEME + parent if parent else None, labels)
                for code, parent, labels in table["concepts"]
            },
            retired={_SCHEME + old: _SCHEME + new for old, new in table["retired"].items()},
            subjectcodes={old: _SCHEME + new for old, new in table["subjectcodes"].items()},
            version=table["version"],
        )

    def __contains__(self, qcode: object) -> bool:
        return qcode in self._parents

    def __len__(self) -> int:
        return len(self._parents)

    def __iter__(self) -> Iterator[str]:
        return iter(self._parents)

    def name(self, qcode: str, language: str = "en") -> str:
        """The label of an active concept in a language (BCP 47), in British English where that has none.
        KeyError for a code that is not in the taxonomy."""
        labels = self._labels[qcode]
        primary = language.split("-")[0]
        for tag in (language, _FALLBACKS.get(language, ""), primary, _FALLBACKS.get(primary, "")):
            if tag in labels:
                return labels[tag]
        return labels[_ENGLISH]

    def labels(self, qcode: str) -> Mapping[str, str]:
        """All labels of an active concept by language."""
        return self._labels[qcode]

    def parent(self, qcode: str) -> str | None:
        """The next broader concept, None for a top. KeyError for a code that is not in the taxonomy."""
        return self._parents[qcode]

    def path(self, qcode: str) -> tuple[str, ...]:
        """From the top level down to the concept itself."""
        parent = self._parents[qcode]
        return (*self.path(parent), qcode) if parent else (qcode,)

    def top(self, qcode: str) -> str:
        """The qcode of the concept's top level. KeyError for a code that is not in the taxonomy."""
        while parent := self._parents[qcode]:
            qcode = parent
        return qcode

    def resolve(self, qcode: str) -> str | None:
        """The active concept that a code of today or of earlier days stands for, or None.

        Takes media topics (`medtop:20000064`), retired ones, and subject codes (`subj:15054000`). A
        subject code that no concept took over stands for its nearest broader code that one did.
        """
        scheme, _, code = qcode.strip().replace("/", ":").rpartition(":")
        return self.resolve_subject(Subject(scheme or "medtop", code))

    def resolve_subject(self, subject: Subject) -> str | None:
        """The same for a subject as its supplier wrote it: a scheme by prefix or address, and a code that
        may repeat the scheme."""
        code = subject.code.strip().rsplit("/", 1)[-1].rpartition(":")[2]
        scheme = subject.scheme.strip().rstrip(":/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
        if len(code) != 8 or not (code.isascii() and code.isdigit()):
            return None
        if scheme in _MEDIATOPIC_SCHEMES:
            known = _SCHEME + code
            return known if known in self._parents else self._retired.get(known)
        if scheme in _SUBJECT_SCHEMES:
            # Subject codes spell their own tree: two digits of the subject, three each of matter and detail.
            for broader in (code, code[:5] + "000", code[:2] + "000000"):
                if broader in self._subjectcodes:
                    return self._subjectcodes[broader]
        return None

"""`instance_sha256`: which instance a plan is for, to the letter.

What-ifs leave most tables the very records they were: their text is kept, and need not be written again.
"""

from __future__ import annotations

import hashlib
from operator import is_
from typing import Any
from weakref import ref

from ciopt.files.dump import canonical
from ciopt.instance import Instance
from ciopt.instance.facts import TABLES

_INSTANCES = 4
"""Instances whose hash is kept."""
_TEXTS = 2
"""Versions of a table whose text is kept."""
_LONGEST = 2**24
"""Bytes of text of a table that are kept at most; what is longer is written anew each time."""

_hashes: list[tuple[ref[Instance], str]] = []
_texts: dict[str, list[tuple[tuple[Any, ...], bytes]]] = {}


def instance_sha256(instance: Instance) -> str:
    """Return the SHA-256 of the canonical form of an instance, in hexadecimal digits.

    It is ``canonical_sha256(instance.to_data())``, sooner where a table or all of it was seen before.

    Examples
    --------
    >>> instance_sha256(instance) == canonical_sha256(instance.to_data())  # doctest: +SKIP
    True
    """
    global _hashes
    known = next((found for seen, found in _hashes if seen() is instance), None)
    if known is None:
        known = hashlib.sha256(_written(instance)).hexdigest()
        _hashes = [(ref(instance), known), *_hashes[: _INSTANCES - 1]]
    return known


def _written(instance: Instance) -> bytes:
    """Write the canonical form, table by table."""
    rest = instance.model_dump(by_alias=True, exclude=set(TABLES))
    texts = {name: canonical(value) for name, value in rest.items()}
    fields = Instance.model_fields
    for name in TABLES:
        records = getattr(instance, name)
        if records or fields[name].is_required():
            texts[name] = _table(instance, name, records)
    return b"{" + b",".join(canonical(name) + b":" + texts[name] for name in sorted(texts)) + b"}"


def _table(instance: Instance, name: str, records: tuple[Any, ...]) -> bytes:
    """Write a table, or return what was written of the same records."""
    seen = _texts.get(name, [])
    for others, text in seen:
        if len(others) == len(records) and all(map(is_, others, records)):
            return text
    text = canonical(instance.model_dump(by_alias=True, include={name})[name])
    if len(text) <= _LONGEST:
        _texts[name] = [(records, text), *seen[: _TEXTS - 1]]
    return text

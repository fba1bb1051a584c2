"""Files: to and from instances and plans, with messages that say where in the file."""

from __future__ import annotations

from ciopt.files.dump import canonical, canonical_sha256, dump
from ciopt.files.json_text import locate
from ciopt.files.load import Document, Source, read_document, read_instance, read_plan, read_with_warnings
from ciopt.files.save import kind_to_write, write_instance
from ciopt.files.source import harmless
from ciopt.files.stamp import instance_sha256
from ciopt.files.write import write_bytes_atomically, write_text_atomically

__all__ = [
    "Document",
    "Source",
    "canonical",
    "canonical_sha256",
    "dump",
    "harmless",
    "instance_sha256",
    "kind_to_write",
    "locate",
    "read_document",
    "read_instance",
    "read_plan",
    "read_with_warnings",
    "write_bytes_atomically",
    "write_instance",
    "write_text_atomically",
]

"""gzip: big instances and plans are read and written packed, a tenth of the size."""

from __future__ import annotations

import gzip
import io
import zlib

from ciopt.errors import InvalidInput, Location, Problem

SUFFIX = ".gz"
MAGIC = b"\x1f\x8b"
LONGEST = 2**31
"""Most bytes that a file may unpack to; more is a mistake or an attack."""


def packed(content: bytes) -> bytes:
    """Return the content as a gzip file; same content, same file.

    Examples
    --------
    >>> unpacked(packed(b"{}"), "plan.json.gz")
    b'{}'
    """
    return gzip.compress(content, compresslevel=6, mtime=0)


def unpacked(raw: bytes, file: str) -> bytes:
    """Return what a gzip file holds; anything else as it is.

    Raises
    ------
    InvalidInput
        If the file is damaged, broken off, or unpacks to more than `LONGEST` bytes.

    Examples
    --------
    >>> unpacked(b"{}", "cocoa.json")
    b'{}'
    """
    if not raw.startswith(MAGIC):
        return raw
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            content = stream.read(LONGEST + 1)
    except EOFError:
        raise _faulty(file, "the gzip file is broken off") from None
    except (gzip.BadGzipFile, zlib.error):
        raise _faulty(file, "the gzip file is damaged") from None
    if len(content) > LONGEST:
        raise _faulty(file, f"the gzip file unpacks to more than {LONGEST:,} bytes")
    return content


def _faulty(file: str, message: str) -> InvalidInput:
    return InvalidInput([Problem("E001", message, (), "copy or pack it again", Location(file))])

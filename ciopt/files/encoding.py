"""From bytes to text: UTF-8 or a message that says what the file is instead."""

from __future__ import annotations

import codecs

from ciopt.errors import InvalidInput, Location, Problem
from ciopt.files.source import SourceText

_SAVE_AS = 'save it as UTF-8 (Windows Notepad: "Save as", then "Encoding: UTF-8")'
_OTHER_FILES = {
    b"PK\x03\x04": ("a ZIP file, perhaps an Excel workbook", "let the name of a workbook end with .xlsx"),
    b"\xd0\xcf\x11\xe0": ("an old Office file", "save it as .xlsx"),
    b"%PDF-": ("a PDF file", "give the instance itself"),
}


def decode(raw: bytes, file: str) -> str:
    r"""Return the text of a UTF-8 file, without its byte order mark.

    Raises
    ------
    InvalidInput
        If the bytes are not UTF-8; the problem says where, and what they seem to be.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbf{}", "cocoa.json")
    '{}'
    """
    for start, (what, help_) in _OTHER_FILES.items():
        if raw.startswith(start):
            raise InvalidInput([Problem("E001", f"this is {what}, not text", (), help_, Location(file))])
    wide = _wide_encoding(raw)
    if wide:
        problem = Problem("E001", f"the file is {wide}, not UTF-8", (), _SAVE_AS, Location(file, 1, 1))
        raise InvalidInput([problem])
    body = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput([_bad_byte(body, error.start, len(raw) - len(body), file)]) from None


def _wide_encoding(raw: bytes) -> str:
    """Name UTF-16 or UTF-32, told by byte order marks or by the zeros beside ASCII characters."""
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    zeros = tuple(byte == 0 for byte in raw[:4])
    if zeros in ((False, True, True, True), (True, True, True, False)):
        return "UTF-32"
    if zeros in ((False, True, False, True), (True, False, True, False)):
        return "UTF-16"
    return ""


def _bad_byte(body: bytes, offset: int, mark: int, file: str) -> Problem:
    """Locate the first byte that is not UTF-8, and guess which character was meant."""
    number = mark + offset + 1
    before = len(body[:offset].decode("utf-8"))
    meant = body[offset : offset + 1].decode("cp1252", errors="replace")
    guess = f"{meant!r} in Windows-1252" if meant != "\ufffd" else "no character in Windows-1252 either"
    problem = Problem(
        "E001",
        f"the byte 0x{body[offset]:02X} (number {number} of the file) is not UTF-8; it is {guess}",
        (),
        _SAVE_AS,
    )
    return SourceText(body.decode("utf-8", errors="replace"), file).mark(problem, (before, before + 1))

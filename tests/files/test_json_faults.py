"""Every way to get JSON wrong: what is said, where, and how to write it instead."""

from __future__ import annotations

import pytest

from ciopt.errors import InvalidInput, Problem, format_path
from ciopt.files.encoding import decode
from ciopt.files.json_text import JsonDocument
from ciopt.files.json_tokens import MAX_FAULTS, MAX_NUMBER_LENGTH
from ciopt.files.places import MAX_DEPTH


def faults(text: str) -> list[Problem]:
    with pytest.raises(InvalidInput) as caught:
        JsonDocument(text, "cocoa.json")
    return list(caught.value.problems)


def places(problems: list[Problem]) -> list[tuple[str, int | None, int | None]]:
    return [(p.code, p.location.line, p.location.column) for p in problems if p.location]


ONE_FAULT = {
    # text: code, line, column, a word of the message, a word of the help
    "": ("E002", 1, 1, "empty", "ciopt new"),
    " \n ": ("E002", 1, 1, "empty", ""),
    '{"a": 1} x': ("E003", 1, 10, "after the end", "one document"),
    '{"a": 1}\n{"a": 2}': ("E003", 2, 1, "after the end", "one document"),
    '{"a": 1 "b": 2}': ("E003", 1, 9, "expected a comma or }", "between"),
    "[1 2]": ("E003", 1, 4, "expected a comma or ]", "between"),
    '{"a" 1}': ("E003", 1, 6, "colon after the key 'a'", ""),
    '{"a" = 1}': ("E003", 1, 6, "found '='", ""),
    '{"a": }': ("E003", 1, 7, "a value is missing before }", ""),
    '{"a": , "b": 1}': ("E003", 1, 7, "a value is missing before ,", ""),
    "[1,, 2]": ("E003", 1, 4, "a value is missing before ,", ""),
    "[,]": ("E003", 1, 2, "a value is missing before ,", ""),
    "]": ("E003", 1, 1, "a value is missing", ""),
    ":": ("E003", 1, 1, "a value is missing", ""),
    '{, "a": 1}': ("E003", 1, 2, "expected a key", ""),
    '{{"a": 1}}': ("E003", 1, 2, "expected a key", ""),
    "{5: 1}": ("E003", 1, 2, "expected a key", "point"),
    '{"cost": 1,5}': ("E003", 1, 12, "expected a key", "decimals are written with a point"),
    '{"a": [1, 2}': ("E003", 1, 12, "} does not close the [ of line 1", "close it with ]"),
    '[{"a": 1]': ("E003", 1, 9, "] does not close the { of line 1", "close it with }"),
    '{"a": [1,\n2': ("E003", 1, 7, "never closed", "add ]"),
    '{"a": 1,': ("E003", 1, 1, "never closed", "add }"),
    '{"a":': ("E003", 1, 1, "never closed", "add }"),
    '{"a"': ("E003", 1, 1, "never closed", "add }"),
    '{"a": "b\n"}': ("E003", 1, 7, "not closed on its line", "\\n"),
    '{"a': ("E003", 1, 2, "not closed", ""),
    '{"a\\"}': ("E003", 1, 2, "not closed", ""),
    "{“a”: 1}": ("E003", 1, 2, "LEFT DOUBLE QUOTATION MARK", "straight"),
    '{"a": \x0b1}': ("E003", 1, 7, "unexpected '\\x0b'", ""),
    '{"a": 1 /* b': ("E003", 1, 9, "comment that is never closed", "no comments"),
    '{"a": 1 / 2}': ("E003", 1, 9, "expected a comma", ""),
    '{"a": 1} // b': ("E004", 1, 10, "a comment", "no comments"),
    '# b\n{"a": 1}': ("E004", 1, 1, "a comment", "no comments"),
    '{"a": /* b\n\n */ 1}': ("E004", 1, 7, "a comment", "no comments"),
    '{"a": 1,}': ("E004", 1, 8, "a comma before }", "take it out"),
    '{"a": [1,\n]}': ("E004", 1, 9, "a comma before ]", "take it out"),
    "{'a': 1}": ("E004", 1, 2, "single quotes", "double quotes"),
    "{'it\\'s': 1}": ("E004", 1, 2, "single quotes", "double quotes"),
    "{a: 1}": ("E004", 1, 2, "expected a key in double quotes", 'write "a"'),
    '{"a": cocoa}': ("E004", 1, 7, "'cocoa' is not in quotes", "double quotes"),
    '{"a": True}': ("E004", 1, 7, "'True'", "write true"),
    '{"a": None}': ("E004", 1, 7, "'None'", "write null"),
    '{"a": yes}': ("E004", 1, 7, "'yes'", "write true"),
    '{"a":\u00a01}': ("E004", 1, 6, "NO-BREAK SPACE", "take it out"),
    '{"a":\u200b1}': ("E004", 1, 6, "ZERO WIDTH SPACE", "take it out"),
    '\ufeff{"a": 1}': ("E004", 1, 1, "ZERO WIDTH NO-BREAK SPACE", "take it out"),
    '{"a": 1, "a": 1}': ("E005", 1, 10, "'a' is here twice", "line 1"),
    '{"a": 1,\n "\\u0061": 1}': ("E005", 2, 2, "'a' is here twice", "line 1"),
    '[[{"a": {"b": 1, "b": 2}}]]': ("E005", 1, 18, "'b' is here twice", ""),
    '{"a": NaN}': ("E006", 1, 7, "NaN is not a number", "leave the key out"),
    '{"a": -Infinity}': ("E006", 1, 7, "-Infinity is not a number", ""),
    '{"a": nan}': ("E006", 1, 7, "nan is not a number", ""),
    '{"a": 1e400}': ("E006", 1, 7, "exponent", "10^15"),
    '{"a": 1E-400}': ("E006", 1, 7, "exponent", "10^15"),
    '{"a": 1e999999999999999999999}': ("E006", 1, 7, "exponent", ""),
    '{"a": 0e999999999}': ("E006", 1, 7, "exponent", ""),
    '{"a": ' + "9" * 5000 + "}": ("E006", 1, 7, "5000 characters", ""),
    '{"a": 0.' + "9" * 5000 + "}": ("E006", 1, 7, "5002 characters", ""),
    '{"a": 007}': ("E006", 1, 7, "'007'", "no + or 0 in front"),
    '{"a": +1}': ("E006", 1, 7, "'+1'", ""),
    '{"a": .5}': ("E006", 1, 7, "'.5'", ""),
    '{"a": 5.}': ("E006", 1, 7, "'5.'", ""),
    '{"a": 0x10}': ("E006", 1, 7, "'0x10'", ""),
    '{"a": 2_500}': ("E006", 1, 7, "'2_500'", ""),
    '{"a": 12%}': ("E006", 1, 7, "'12%'", ""),
    '{"a": 1e}': ("E006", 1, 7, "'1e'", ""),
    '{"a": １２}': ("E006", 1, 7, "FULLWIDTH DIGIT ONE", "use 0 to 9"),
    '{"a": 1٣}': ("E006", 1, 7, "ARABIC-INDIC DIGIT THREE", "use 0 to 9"),
    '{"a": "\\ud800"}': ("E007", 1, 8, "\\ud800 is half a character", "\\ud83c\\udf31"),
    '{"a": "\\udc00\\ud800"}': ("E007", 1, 8, "\\udc00 is half", ""),
    '{"\\udfff": 1}': ("E007", 1, 3, "\\udfff", ""),
    '{"a": "\t"}': ("E007", 1, 8, "U+0009", "write \\t"),
    '{"a": "\x00"}': ("E007", 1, 8, "U+0000", "write \\u0000"),
    '{"a": "\\x41"}': ("E007", 1, 8, "\\x is not an escape", "backslash is \\\\"),
    '{"a": "C:\\docs"}': ("E007", 1, 10, "\\d is not an escape", ""),
    '{"a": "\\u12g4"}': ("E007", 1, 8, "\\u12 is not an escape", ""),
}


@pytest.mark.parametrize(("text", "expected"), ONE_FAULT.items(), ids=lambda each: repr(each)[:40])
def test_each_fault_is_named_located_and_has_a_remedy(
    text: str, expected: tuple[str, int, int, str, str]
) -> None:
    code, line, column, message, help_ = expected
    first = faults(text)[0]
    assert places([first]) == [(code, line, column)]
    assert message in first.message
    assert help_ in first.help


def test_all_faults_that_leave_no_doubt_come_in_one_run() -> None:
    text = """{
  // the partners
  "partners": [{"id": "mars", "id": "m", "budget": NaN}, {'id': "csa", budget: 007,}],
  "ok": True, "name": "\\ud800 \t", "big": 1e400
  "periods": []
}"""
    assert places(faults(text)) == [
        ("E004", 2, 3),
        ("E005", 3, 31),
        ("E006", 3, 52),
        ("E004", 3, 59),
        ("E004", 3, 72),
        ("E006", 3, 80),
        ("E004", 3, 83),
        ("E004", 4, 9),
        ("E007", 4, 24),
        ("E007", 4, 31),
        ("E006", 4, 42),
        ("E003", 5, 3),
    ]


def test_faults_know_their_path() -> None:
    problems = faults('{"partners": [{"id": 1}, {"budget": [0, NaN]}], "a": {"b": 1, "b": 2}}')
    assert [format_path(problem.path) for problem in problems] == ["partners[1].budget[1]", "a.b"]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 100_000 + "]" * 100_000])
def test_deep_nesting_is_a_fault_with_a_place_and_not_a_crash(text: str) -> None:
    (problem,) = faults(text)
    width = len(text.rstrip("]")) // 100_000
    assert places([problem]) == [("E008", 1, MAX_DEPTH * width + 1)]


def test_nesting_is_counted_the_same_everywhere() -> None:
    assert JsonDocument("[" * MAX_DEPTH + "]" * MAX_DEPTH, "x").data
    assert faults("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))[0].code == "E008"
    assert faults('{"a": {"b": [' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "]}}")[0].code == "E008"
    text = '{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1)
    assert faults(text)[0].code == "E008"


def test_the_longest_number_is_read() -> None:
    digits = "9" * MAX_NUMBER_LENGTH
    assert JsonDocument(digits, "x").data == int(digits)
    assert faults(digits + "9")[0].code == "E006"


def test_a_million_faults_are_cut_off() -> None:
    problems = faults("[" + "//\n" * 1_000_000)
    assert len(problems) == MAX_FAULTS + 1
    assert "more than 10,000" in problems[-1].message


def test_pairs_of_surrogates_are_one_character() -> None:
    assert JsonDocument('"\\ud83c\\udf31 \\\\ud800"', "x").data == "🌱 \\ud800"


def test_excerpts_are_cut_around_the_fault_and_harmless() -> None:
    text = '{"a": "' + "\u202e\x1b" + "x" * 10_000 + '", "b": NaN, "c": "' + "y" * 10_000 + '"}'
    control, nan = faults(text)
    line, carets = nan.excerpt.split("\n")
    assert len(line) <= 102
    assert line[carets.index("^") :].startswith("NaN")
    assert carets.strip() == "^^^"
    assert "\u202e" not in control.excerpt
    assert "\x1b" not in control.excerpt


def test_carets_stand_below_wide_characters() -> None:
    (problem,) = faults('{"名前": NaN}')
    assert problem.excerpt == '{"名前": NaN}\n         ^^^'


BYTES = {
    b"\xff\xfe{\x00": ("UTF-16", 1, 1),
    b"\xfe\xff\x00{": ("UTF-16", 1, 1),
    b'{\x00"\x00': ("UTF-16", 1, 1),
    b'\x00{\x00"': ("UTF-16", 1, 1),
    b"\xff\xfe\x00\x00{\x00\x00\x00": ("UTF-32", 1, 1),
    b"{\x00\x00\x00": ("UTF-32", 1, 1),
    b"PK\x03\x04": ("ZIP", None, None),
    '{"a": 1,\r\n "b": "caf\xe9"}'.encode("latin-1"): ("byte 0xE9 (number 21", 2, 11),
    b"\xef\xbb\xbf\xe9": ("number 4", 1, 1),
    b'"\xed\xa0\x80"': ("byte 0xED", 1, 2),
    b'"\xc0\xaf"': ("byte 0xC0", 1, 2),
    b'"\xf0\x9f': ("byte 0xF0", 1, 2),
}


@pytest.mark.parametrize(("raw", "expected"), BYTES.items(), ids=repr)
def test_what_is_not_utf8_is_named(raw: bytes, expected: tuple[str, int | None, int | None]) -> None:
    with pytest.raises(InvalidInput) as caught:
        decode(raw, "cocoa.json")
    (problem,) = caught.value.problems
    assert expected[0] in problem.message
    assert problem.help
    assert places([problem]) == [("E001", *expected[1:])]


def test_a_byte_order_mark_and_any_line_end_are_accepted() -> None:
    raw = b'\xef\xbb\xbf{"a":\r\n1,\r"b":\n\t2}'
    assert JsonDocument(decode(raw, "x"), "x").data == {"a": 1, "b": 2}


def test_a_lone_carriage_return_ends_a_line() -> None:
    assert places(faults('{"a": 1,\r"b": NaN,\r\n"c": NaN}')) == [("E006", 2, 6), ("E006", 3, 6)]

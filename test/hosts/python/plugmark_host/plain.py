"""JSON as the specification reads it (JSON1 to JSON5), shapes as JSON Schema, instants."""
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import rfc8785

from .refusal import Refusal, require

LARGEST = 2**53 - 1
REPOSITORY = Path(__file__).resolve().parents[4]
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def parse(data, code):
    def no_number(word):
        raise ValueError(word)

    def number(digits):
        value = int(digits)
        return value if abs(value) <= LARGEST else float(digits)

    try:
        return json.loads(data.decode("utf-8"), parse_constant=no_number, parse_int=number)
    except (ValueError, RecursionError) as error:
        raise Refusal(code, str(error)) from error


def bounded(value, code, levels=100):
    """JSON5: what would end a stack or is half a character; returns the value."""
    require(levels >= 0, code, "nesting")
    if isinstance(value, str):
        require(not re.search("[\ud800-\udfff]", value), code, "surrogate")
    for part in [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ():
        bounded(part, code, levels - 1)
    return value


def canonical(value, code):
    """RFC 8785."""
    try:
        return rfc8785.dumps(bounded(value, code))
    except (rfc8785.CanonicalizationError, ValueError) as error:
        raise Refusal(code, str(error)) from error


def schema(path, part=None):
    # The class of line() names surrogates, which no string of the validator's language can hold and its patterns cannot name.
    text = (REPOSITORY / path).read_text("utf-8").replace(r"\\ud800-\\udfff", "")
    whole = json.loads(text)
    return jsonschema_rs.validator_for(whole if part is None else {**whole, "$ref": f"#/$defs/{part}"})


def shaped(validator, value, code):
    bounded(value, code, 200)
    errors = next(validator.iter_errors(value), None)
    require(errors is None, code, str(errors)[:200])
    return value


def instant(text, code):
    """Years 0001 to 9999; a time that does not exist is refused by the calendar."""
    try:
        require(INSTANT.fullmatch(text), code, text)
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refusal(code, text) from error

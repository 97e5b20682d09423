"""Sections 8 and 9: ranges, standing, and the release that is chosen with a reason for every other one."""
import re
from datetime import timedelta

from .plain import instant
from .refusal import require

N = r"(?:0|[1-9]\d{0,8}|[xX*])"
PRE = r"(?:0|[1-9]\d{0,14}|\d*[A-Za-z-][0-9A-Za-z-]*)"
PARTIAL = rf"v?({N})(?:\.({N})(?:\.({N})(?:-({PRE}(?:\.{PRE})*))?)?)?"
COMPARATOR = re.compile(rf"(\^|~>|~|<=|>=|<|>|=|)\s*{PARTIAL}(?:\s+|$)", re.ASCII)
HYPHEN = re.compile(rf"({PARTIAL})\s+-\s+({PARTIAL})", re.ASCII)
LOWEST, NOTHING = ["0"], [("<", ([0, 0, 0], ["0"]))]
PLUGIN = re.compile(r"(?=[^/]{1,39}/[^/@]{1,64}(?:@|$))([a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*)(?:@([0-9A-Za-z.*^~<>=| -]{1,100}))?")


def parts(version):
    numbers, _, pre = version.partition("-")
    return [int(n) for n in numbers.split(".")], pre.split(".") if pre else []


def precedence(version):
    numbers, pre = version
    return numbers, not pre, [(not p.isdigit(), int(p) if p.isdigit() else 0, p) for p in pre]


def after(numbers, at):
    """Below the next value of the number at this place."""
    return "<", ([*numbers[:at], numbers[at] + 1, *[0] * (2 - at)], LOWEST)


def comparators(operator, texts):
    """One written comparator as plain bounds; [] admits every release, None is malformed."""
    *written, pre = texts
    given = [int(n) for n in written if n and n.isdigit()]
    cut = next((i for i, n in enumerate(written) if n is None or not n.isdigit()), 3)
    if cut != len(given) or (pre and cut < 3):
        return None
    numbers, version = [*given, *[0] * (3 - cut)], None
    version = (numbers, pre.split(".") if pre else [])
    if cut == 0:
        return NOTHING if operator in ("<", ">") else []
    if operator == "^":
        first = next((i for i, n in enumerate(given) if n), cut - 1)
        return [(">=", version), after(numbers, first)]
    if operator in ("~", "~>"):
        return [(">=", version), after(numbers, min(cut - 1, 1))]
    if cut == 3:
        return [(operator or "=", version)]
    _, end = after(numbers, cut - 1)
    one = {">": [(">=", (end[0], []))], "<=": [("<", end)], "<": [("<", (numbers, LOWEST))], ">=": [(">=", version)]}
    return one.get(operator, [(">=", version), ("<", end)])


def alternative(text):
    hyphen = HYPHEN.fullmatch(text)
    if hyphen:
        low, high = hyphen.groups()[1:5], hyphen.groups()[6:]
        found = [comparators(">=", low), comparators("<=", high)]
    else:
        found, at = [], 0
        while at < len(text):
            match = COMPARATOR.match(text, at)
            if match is None:
                return None
            operator, *texts = match.groups()
            found.append(comparators(operator, texts))
            at = match.end()
    if None in found:
        return None
    return [bound for one in found for bound in one if bound != (">=", ([0, 0, 0], []))]


HOLDS = {">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, "<": lambda a, b: a < b, "=": lambda a, b: a == b}


def alternatives_of(text):
    """None where any part is malformed; one that admits every release stands for all."""
    found = [alternative(one.strip(" ")) for one in text.split("||")]
    return None if None in found else [[]] if [] in found else found


def admits(text, version):
    """RES3, RES4."""
    numbers, pre = version

    def all_hold(bounds):
        named = not pre or any(bound[1] and bound[0] == numbers for _, bound in bounds)
        return named and all(HOLDS[operator](precedence(version), precedence(bound)) for operator, bound in bounds)

    return any(all_hold(bounds) for bounds in alternatives_of(text) or ())


def standing(status, now):
    """STA5: a quarantine holds for its time, and never longer than seven days."""
    if status["state"] != "quarantined":
        return status["state"]
    since, until = (instant(status[name], "DOCUMENT_MALFORMED") for name in ("since", "until"))
    return "quarantined" if since <= now < min(until, since + timedelta(days=7)) else "active"


VERSION = re.compile(rf"(?:0|[1-9]\d{{0,8}})(?:\.(?:0|[1-9]\d{{0,8}})){{2}}(?:-{PRE}(?:\.{PRE})*)?", re.ASCII)


def reason(entry, asked, state, is_revoked, is_locked):
    """RES8: the first reason that holds, or None."""
    release, host = entry["release"], asked.get("host")
    if not admits(asked["range"], parts(release["version"])):
        return "range"
    if host:
        target = next((one for one in release["targets"] if one["host"] == host["id"]), None)
        if target is None:
            return "host"
        api = host.get("api")
        if api is not None and not (VERSION.fullmatch(api) and admits(target["api"], parts(api))):
            return "hostApi"
    if is_revoked:
        return "revoked"
    if not is_locked:
        if state in ("yanked", "quarantined", "revoked"):
            return state
        published = instant(entry["publishedAt"], "DOCUMENT_MALFORMED")
        if asked["now"] < published + timedelta(minutes=asked["age"]):
            return "age"
    return None


def choose(document, asked, revoked):
    """The entry, its state, and [{version, code}] for all others."""
    locked, best, excluded = set(asked.get("locked") or ()), None, []
    releases = sorted(document["releases"], key=lambda e: precedence(parts(e["release"]["version"])), reverse=True)
    digests = {entry["release"]["artifact"]["sha256"] for entry in releases}
    for entry in releases:
        sha256, state = entry["release"]["artifact"]["sha256"], standing(entry["status"], asked["now"])
        why = reason(entry, asked, state, sha256 in revoked, sha256 in locked)
        if why is None and best is None:
            best = entry, state
        else:
            excluded.append({"version": entry["release"]["version"], "code": why or "lower"})
    require(not locked & digests & revoked, "REVOKED")
    require(best is not None, "NO_RELEASE", str(excluded))
    return *best, excluded


def parse_request(text):
    match = PLUGIN.fullmatch(text)
    require(match is not None, "REQUEST_MALFORMED", text)
    wanted = match[2] or "*"
    require(alternatives_of(wanted) is not None, "REQUEST_MALFORMED", text)
    return match[1], wanted

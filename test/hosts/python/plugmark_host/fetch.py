"""Section 3: one request, one answer with a file, none, or NETWORK."""
import re
import time
from urllib.parse import quote

import urllib3

from .refusal import Refusal, require

POOL = urllib3.PoolManager(retries=False)
SECONDS = 30
ADDRESS = re.compile(r"https?://[^/?#@\s]+(/[^?#\s]*)?")


def fetch(base, segments, limit):
    """The bytes, or None where there is no such file. Redirects are never followed, and no length header is believed."""
    require(ADDRESS.fullmatch(base), "REGISTRY_URL", base)
    address = base.removesuffix("/") + "/" + "/".join(quote(segment, safe="") for segment in segments)
    end, parts, size = time.monotonic() + SECONDS, [], 0
    try:
        answer = POOL.request(
            "GET", address, redirect=False, preload_content=False, timeout=SECONDS, headers={"Cache-Control": "no-cache"}
        )
        try:
            if answer.status in (403, 404):
                return None
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            require(answer.status == 200 and kind != "text/html", "NETWORK", f"{answer.status} {kind}")
            for part in answer.stream(65536, decode_content=False):
                size += len(part)
                require(size <= limit, "TOO_LARGE", address)
                require(time.monotonic() < end, "NETWORK", "time")
                parts.append(part)
        finally:
            answer.close()
    except urllib3.exceptions.HTTPError as error:
        raise Refusal("NETWORK", str(error)) from error
    return b"".join(parts)

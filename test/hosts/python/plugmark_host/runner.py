"""The runner protocol of appendix A over the client: JSON lines in, JSON lines out."""
import json
import sys
from base64 import b64decode
from pathlib import Path

from .client import Client
from .plain import instant
from .refusal import Refusal


def answer(request):
    now = instant(request["now"], "REQUEST_MALFORMED") if "now" in request else None
    client = Client(Path(request["state"]), request.get("url"), now)
    asked = {"host": request.get("host"), "locked": request.get("locked"), "age": request.get("minimumReleaseAgeMinutes")}

    def load():
        data = client.load(request["sha256"])
        return {"sha256": request["sha256"], "size": len(data)}

    actions = {
        "init": lambda: client.init(b64decode(request["root"])),
        "refresh": client.refresh,
        "resolve": lambda: client.resolve(request["request"], **asked),
        "verify": lambda: client.verify(request["request"], **asked),
        "load": load,
    }
    if request["action"] not in actions:
        return {"unsupported": request["action"]}
    try:
        return {"result": actions[request["action"]]()}
    except Refusal as refusal:
        return {"error": {"code": refusal.code, "message": str(refusal)}}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            said = answer(request)
        except Exception as error:  # a fault of the client: said with a code that stands nowhere, so that it counts as a failure
            said = {"error": {"code": "FAULT", "message": f"{type(error).__name__}: {error}"}}
        print(json.dumps({"id": request["id"], **said}), flush=True)


if __name__ == "__main__":
    main()

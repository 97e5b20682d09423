"""How a call of a vector becomes calls of exports: the conventions of the host profiles, one class each."""
import json
import struct

from .guest import text_of
from .refusal import require

MALFORMED, OUTSIDE, TOO_LARGE, FAILED, OUT_OF_RANGE = -2, -3, -4, -5, -2


def payload(one):
    if one is None:
        return {}
    require("json" in one or "text" in one, "BAD_VECTOR")
    return one["json"] if "json" in one else one["text"]


class Abi:
    denials = {}

    def __init__(self, vector):
        self.vector, self.guest, self.result = vector, None, None
        self.responses = {name: list(answers) for name, answers in vector.get("responses", {}).items()}
        self.functions = self.offered()

    def offered(self):
        return {}


class TextCalls(Abi):
    """Conductor and DDALAB: a text in, a status and one JSON result out."""

    entry, answer = "", b""

    def call(self, entry, given):
        self.result = None
        if entry != self.entry:
            return {"status": self.guest.call(entry) or 0, "result": self.result}
        data = given["text"] if given and "text" in given else text_of(payload(given))
        block = self.guest.lend(data.encode())
        status = self.guest.call(entry, *block)
        self.guest.give_back(block)
        return {"status": status, "result": self.result}

    def take(self, address, length):
        self.result = json.loads(self.guest.text(address, length))

    def request(self, name):
        def asked(address, length):
            try:
                json.loads(self.guest.text(address, length))
            except ValueError:
                return MALFORMED
            waiting = self.responses.get(name)
            if not waiting:
                return FAILED
            self.answer = text_of(payload(waiting.pop(0))).encode()
            return len(self.answer)

        return asked

    def copy_answer(self, address, capacity):
        part = self.answer[: capacity & 0xFFFFFFFF]
        self.guest.write(address, part)
        return len(part)


class Conductor(TextCalls):
    entry = "execute"

    def offered(self):
        return {
            "conductor.set_result": self.take,
            "conductor.log": lambda level, address, length: None,
            "conductor.http_request": self.request("conductor.http_request"),
            "conductor.http_response_read": self.copy_answer,
            "conductor.command_run": self.request("conductor.command_run"),
            "conductor.command_output_read": self.copy_answer,
            "conductor.system_action": self.request("conductor.system_action"),
        }


class Ddalab(TextCalls):
    entry, denials = "analyze", {"ddalab.channel_sample_rate": 0.0}

    def call(self, entry, given):
        self.panel = None
        said = super().call(entry, given)
        return said if self.panel is None else {**said, "panel": self.panel}

    def of(self, index):
        channels = self.vector.get("channels", [])
        return channels[index] if 0 <= index < len(channels) else None

    def copied(self, member):
        def copy(index, address, capacity):
            channel = self.of(index)
            if channel is None or member not in channel:
                return OUT_OF_RANGE
            data = channel[member].encode()
            self.guest.write(address, data[: capacity & 0xFFFFFFFF])
            return len(data)

        return copy

    def read(self, index, start, count, address):
        samples = (self.of(index) or {}).get("samples")
        if samples is None or start < 0 or count < 0 or start + count > len(samples):
            return OUT_OF_RANGE
        self.guest.write(address, struct.pack(f"<{count}d", *samples[start : start + count]))
        return count

    def json_for(self, member):
        def taken(address, length):
            try:
                setattr(self, member, json.loads(self.guest.text(address, length)))
            except ValueError:
                return FAILED
            return 0

        return taken

    def offered(self):
        return {
            "ddalab.channel_count": lambda: len(self.vector.get("channels", [])),
            "ddalab.channel_label": self.copied("label"),
            "ddalab.channel_unit": self.copied("unit"),
            "ddalab.channel_sample_rate": lambda index: float((self.of(index) or {}).get("sampleRate", 0)),
            "ddalab.channel_length": lambda index: len(self.of(index)["samples"]) if self.of(index) else OUT_OF_RANGE,
            "ddalab.channel_read": self.read,
            "ddalab.result_write": self.json_for("result"),
            "ddalab.panel_render": self.json_for("panel"),
            "ddalab.progress": lambda *_: None,
            "ddalab.log": lambda level, address, length: None,
        }


class Hielements(Abi):
    def call(self, entry, given):
        if entry == "library_name":
            return json.loads(self.guest.text_to_zero(self.guest.call(entry)))
        asked = payload(given)
        values = asked.get("function"), asked.get("args"), "/workspace"
        blocks = [self.guest.lend(f"{text_of(value)}\0".encode()) for value in values]
        said = json.loads(self.guest.text_to_zero(self.guest.call(entry, *(address for address, _ in blocks))))
        for block in blocks:
            self.guest.give_back(block)
        return said


class Dprint(Abi):
    OF_CONFIG = {"get_config_diagnostics", "get_resolved_config", "get_config_file_matching"}

    def give(self, text):
        data = text.encode()
        self.guest.write(self.guest.address("clear_shared_bytes", len(data)), data)

    def taken(self, length):
        return self.guest.text(self.guest.address("get_shared_bytes_ptr"), length)

    def register(self, given):
        self.give(text_of({"plugin": given.get("config", {}), "global": given.get("global", {})}))
        self.guest.call("register_config", 1)

    def call(self, entry, given):
        asked = payload(given)
        if entry != "format":
            if entry in self.OF_CONFIG:
                self.register(asked)
            return json.loads(self.taken(self.guest.call(entry, *[1] * (entry in self.OF_CONFIG))))
        self.register(asked)
        if "override" in asked:
            self.give(text_of(asked["override"]))
            self.guest.call("set_override_config")
        self.give(asked.get("path", ""))
        self.guest.call("set_file_path")
        self.give(asked.get("text", ""))
        status = self.guest.call("format", 1)
        member, length = {1: ("text", "get_formatted_text"), 2: ("error", "get_error_text")}.get(status, (None, None))
        return {"status": status} if member is None else {"status": status, member: self.taken(self.guest.call(length))}

    def offered(self):
        nothing = dict.fromkeys(("host_format", "host_get_formatted_text", "host_get_error_text", "host_has_cancelled"), lambda *_: 0)
        return {f"dprint.{name}": one for name, one in {**nothing, "host_write_buffer": lambda _: None}.items()}


ABIS = {"conductor": Conductor, "ddalab": Ddalab, "hielements": Hielements, "dprint": Dprint}

"""A process plugin of Project-AI: one JSON object a line on standard input and output.

It answers `init`, `heartbeat`, `handle_event` and `shutdown`, and asks the host for one thing: to keep
its totals. It opens no file, no connection and starts nothing, but nothing keeps it from that:
whoever installs it trusts its publisher, or reads these sources.
"""

import json
import sys

from text_statistics import text_statistics

# The host sends no longer line.
MAX_LINE = 1_048_576


class Plugin:
    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.asked = 0
        self.totals = {"texts": 0, "words": 0}
        # Requests that came while an answer of the host was awaited.
        self.waiting = []

    def run(self):
        methods = {
            "init": lambda params: {"name": "Text statistics", "version": "1.0.0", "events": ["text"]},
            "heartbeat": lambda params: {},
            "handle_event": self.handle_event,
            "shutdown": lambda params: {},
        }
        while (message := self.next_request()) is not None:
            method = message.get("method")
            try:
                if not isinstance(method, str) or method not in methods:
                    raise ValueError(f"no method {method!r}")
                answer = {"result": methods[method](message.get("params") or {})}
            except ValueError as problem:
                answer = {"error": str(problem)}
            self.send({"id": message.get("id"), **answer})
            if method == "shutdown":
                return

    def handle_event(self, params):
        if not isinstance(params, dict) or params.get("name") != "text":
            raise ValueError("the one event it knows is text")
        payload = params.get("payload")
        text = payload.get("text") if isinstance(payload, dict) else None
        if not isinstance(text, str):
            raise ValueError("the event has no text")
        statistics = text_statistics(text)
        self.totals = {"texts": self.totals["texts"] + 1, "words": self.totals["words"] + statistics["words"]}
        stored = self.ask("store_plugin_data", {"key": "totals", "value": self.totals})
        return {**statistics, "totals": self.totals, "stored": stored}

    def ask(self, method, params):
        """Asks the host and waits for its answer; False where it refuses. Requests that come meanwhile are kept."""
        self.asked += 1
        own = f"plugin-{self.asked}"
        self.send({"id": own, "method": method, "params": params})
        while (message := self.read()) is not None:
            if message.get("id") == own and "method" not in message:
                return "result" in message
            self.waiting.append(message)
        return False

    def next_request(self):
        return self.waiting.pop(0) if self.waiting else self.read()

    def read(self):
        """The next object, None at the end of the input. What is no object is said on standard error and passed over."""
        while line := self.source.readline(MAX_LINE + 1):
            try:
                if len(line) > MAX_LINE:
                    raise ValueError("the line is too long")
                message = json.loads(line)
                if isinstance(message, dict):
                    return message
                raise ValueError("no object")
            except (ValueError, RecursionError) as problem:
                print(f"text-statistics: a line is passed over: {problem}", file=sys.stderr)
        return None

    def send(self, message):
        self.sink.write(json.dumps(message).encode() + b"\n")
        self.sink.flush()


if __name__ == "__main__":
    Plugin(sys.stdin.buffer, sys.stdout.buffer).run()

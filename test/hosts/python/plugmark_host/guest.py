"""A core module in wasmtime under the limits of a host profile: fuel, memory, tables, time; and only the imports that the profile names."""
import json
import threading

import wasmtime

from .refusal import require

PAGE = 65536
UNLIMITED = 2**62
TICK_SECONDS = 0.05
UNSUPPORTED = {"threads": "wasm_threads", "relaxed-simd": "wasm_relaxed_simd", "memory64": "wasm_memory64", "multi-memory": "wasm_multi_memory"}


def engine_for(profile):
    config = wasmtime.Config()
    config.consume_fuel = True
    config.epoch_interruption = True
    for name in profile["unsupportedFeatures"]:
        if name in UNSUPPORTED:
            setattr(config, UNSUPPORTED[name], False)
    return wasmtime.Engine(config)


def text_of(value):
    """JSON as the registry's own runs write it: whole numbers without a fraction."""
    def plain(part):
        if isinstance(part, dict):
            return {name: plain(one) for name, one in part.items()}
        if isinstance(part, list):
            return [plain(one) for one in part]
        return int(part) if isinstance(part, float) and part.is_integer() else part

    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


class Guest:
    """One instance; `functions` are the host's, by module and name, and `denials` what a capability that was not granted answers."""

    def __init__(self, engine, data, profile, granted, abi, workspace=None):
        self.limits = {"fuel": UNLIMITED, **profile["limits"]}
        require(len(data) <= self.limits["artifactBytes"], "TOO_LARGE", "artifact")
        module = wasmtime.Module(engine, data)
        self.store = wasmtime.Store(engine)
        self.store.set_limits(memory_size=self.limits["memoryBytes"], table_elements=self.limits["tableElements"])
        self.refill("startMilliseconds")
        linker = wasmtime.Linker(engine)
        if any(one.module == "wasi_snapshot_preview1" for one in module.imports):
            linker.define_wasi()
            self.store.set_wasi(workspace_only(workspace))
        meanings = {(one["module"], one["name"]): one["meaning"] for one in profile["imports"]}
        for one in module.imports:
            self.allow(linker, one, meanings.get((one.module, one.name)), granted, abi)
        self.exports = linker.instantiate(self.store, module).exports(self.store)
        self.memory = self.exports["memory"]
        if "_initialize" in self.exports:
            self.call("_initialize")

    def allow(self, linker, one, meaning, granted, abi):
        name = f"{one.module}.{one.name}"
        require(meaning is not None and meaning["as"] != "forbidden", "IMPORT_REFUSED", name)
        if one.module == "wasi_snapshot_preview1":
            return
        found = abi.functions.get(name)
        if meaning["as"] == "capability" and meaning["capability"] not in granted:
            answer = abi.denials.get(name, -1)
            found = lambda *_: answer  # noqa: E731
        require(found is not None, "IMPORT_REFUSED", f"{name} is not offered by this host")
        linker.define_func(one.module, one.name, one.type, found)

    def refill(self, milliseconds="callMilliseconds"):
        self.store.set_fuel(self.limits["fuel"])
        self.store.set_epoch_deadline(max(2, int(self.limits[milliseconds] / 1000 / TICK_SECONDS)))

    def used(self):
        return self.limits["fuel"] - self.store.get_fuel()

    def has(self, name):
        return name in self.exports

    def call(self, name, *values):
        return self.exports[name](self.store, *values)

    def address(self, name, *values):
        return self.call(name, *values) & 0xFFFFFFFF

    def read(self, address, length):
        start, size = address & 0xFFFFFFFF, length & 0xFFFFFFFF
        require(size <= self.limits["outputBytes"], "OUTPUT_LIMIT")
        require(start + size <= self.memory.data_len(self.store), "BAD_ANSWER", "outside the memory")
        return bytes(self.memory.read(self.store, start, start + size))

    def text(self, address, length):
        return self.read(address, length).decode("utf-8")

    def text_to_zero(self, address):
        start = address & 0xFFFFFFFF
        require(start != 0, "BAD_ANSWER", "address 0")
        end = bytes(self.memory.read(self.store, start, min(self.memory.data_len(self.store), start + self.limits["outputBytes"]))).find(0)
        require(end >= 0, "BAD_ANSWER", "no end")
        return self.text(start, end)

    def write(self, address, data):
        start = address & 0xFFFFFFFF
        require(start + len(data) <= self.memory.data_len(self.store), "BAD_ANSWER", "outside the memory")
        self.memory.write(self.store, data, start)

    def lend(self, data):
        address = self.address("alloc", len(data))
        require(address != 0, "OUT_OF_MEMORY")
        self.write(address, data)
        return address, len(data)

    def give_back(self, block):
        if self.has("dealloc"):
            self.call("dealloc", *block)


def workspace_only(folder):
    """No arguments, no environment, nothing of the machine but one folder, and that read-only."""
    config = wasmtime.WasiConfig()
    if folder is not None:
        config.preopen_dir(str(folder), "/workspace", wasmtime.DirPerms.READ_ONLY, wasmtime.FilePerms.READ_ONLY)
    return config


class Clock:
    """Moves the engine's epoch, which ends a call whose time is over."""

    def __init__(self, engine):
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(engine,), daemon=True)

    def run(self, engine):
        while not self.over.wait(TICK_SECONDS):
            engine.increment_epoch()

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

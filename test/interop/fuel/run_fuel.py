"""Runs modules in wasmtime with fuel and prints what each call consumed, as JSON.

Standard input: {"cases": [{"file", "steps": [{"call", "args", "budget"} | {"write": hex, "at": "result" | number}]}]}
Standard output: {"version", "cases": [[{"fuel", "trap", "results"} | null, ...] | {"refused": text}]}
A function import is given as one that does nothing and answers 0.
"""
import importlib.metadata
import json
import sys

import wasmtime

KINDS = {"i32": lambda v: v & 0xFFFFFFFF, "i64": lambda v: v & 0xFFFFFFFFFFFFFFFF}


def make_engine():
    config = wasmtime.Config()
    config.consume_fuel = True
    for proposal in ("tail_call", "multi_memory", "memory64", "function_references", "gc", "exceptions", "relaxed_simd"):
        try:
            setattr(config, "wasm_" + proposal, True)
        except (AttributeError, wasmtime.WasmtimeError):
            pass
    return wasmtime.Engine(config)


def zero(kind):
    return 0.0 if kind in ("f32", "f64") else 0


def imports_for(module, store):
    found = []
    for item in module.imports:
        if not isinstance(item.type, wasmtime.FuncType):
            raise ValueError("only functions can be imported")
        results = [zero(str(kind)) for kind in item.type.results]
        answer = None if not results else results[0] if len(results) == 1 else results
        found.append(wasmtime.Func(store, item.type, lambda *_, answer=answer: answer))
    return found


def trap_name(error):
    # The package's list of trap codes lacks this one in many versions, so that asking for the code fails.
    return "outOfFuel" if "all fuel consumed" in str(error) else "trap"


def plain(value):
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [v if isinstance(v, int) else repr(v) for v in values]


def run(engine, case):
    module = wasmtime.Module.from_file(engine, case["file"])
    store = wasmtime.Store(engine)
    store.set_fuel(1 << 62)
    instance = wasmtime.Instance(store, module, imports_for(module, store))
    exports = instance.exports(store)
    out, last = [], 0
    for step in case["steps"]:
        if "write" in step:
            at = last if step["at"] == "result" else step["at"]
            exports["memory"].write(store, bytes.fromhex(step["write"]), at & 0xFFFFFFFF)
            out.append(None)
            continue
        store.set_fuel(step["budget"])
        trap, results = None, []
        try:
            value = exports[step["call"]](store, *step["args"])
            results = plain(value)
            last = results[0] if results else 0
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            trap = trap_name(error)
        out.append({"fuel": step["budget"] - store.get_fuel(), "trap": trap, "results": results})
    return out


def main():
    request = json.load(sys.stdin)
    engine = make_engine()
    cases = []
    for case in request["cases"]:
        try:
            cases.append(run(engine, case))
        except (wasmtime.WasmtimeError, ValueError) as error:
            cases.append({"refused": str(error)[:300]})
    json.dump({"version": importlib.metadata.version("wasmtime"), "cases": cases}, sys.stdout)


main()

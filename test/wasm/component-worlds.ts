// WIT documents whose components the tests build with the reference tools: every shape of type and every way of naming one.

const WASI_IO = `package wasi:io@0.2.3 {
  interface error { resource error { to-debug-string: func() -> string; } }
  interface poll { resource pollable { ready: func() -> bool; block: func(); } poll: func(in: list<borrow<pollable>>) -> list<u32>; }
  interface streams {
    use error.{error};
    use poll.{pollable};
    variant stream-error { last-operation-failed(error), closed }
    resource input-stream { read: func(len: u64) -> result<list<u8>, stream-error>; subscribe: func() -> pollable; }
    resource output-stream {
      check-write: func() -> result<u64, stream-error>;
      write: func(contents: list<u8>) -> result<_, stream-error>;
      splice: func(src: borrow<input-stream>, len: u64) -> result<u64, stream-error>;
    }
  }
}`;

/** A part of WASI 0.2 as its publishers write it, with packages that use each other. */
const WASI = `${WASI_IO}
package wasi:clocks@0.2.3 {
  interface monotonic-clock { use wasi:io/poll@0.2.3.{pollable}; type instant = u64; now: func() -> instant; subscribe-duration: func(when: u64) -> pollable; }
  interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } now: func() -> datetime; }
}
package wasi:filesystem@0.2.3 {
  interface types {
    use wasi:io/streams@0.2.3.{input-stream, output-stream, error};
    use wasi:clocks/wall-clock@0.2.3.{datetime};
    type filesize = u64;
    enum descriptor-type { unknown, directory, regular-file }
    flags descriptor-flags { read, write, mutate-directory }
    flags open-flags { create, directory, exclusive, truncate }
    enum error-code { access, bad-descriptor, no-entry }
    record descriptor-stat { %type: descriptor-type, size: filesize, data-modification-timestamp: option<datetime> }
    variant new-timestamp { no-change, now, timestamp(datetime) }
    resource descriptor {
      read-via-stream: func(offset: filesize) -> result<input-stream, error-code>;
      write-via-stream: func(offset: filesize) -> result<output-stream, error-code>;
      get-type: func() -> result<descriptor-type, error-code>;
      set-times: func(data-access-timestamp: new-timestamp) -> result<_, error-code>;
      open-at: func(path: string, open-flags: open-flags, %flags: descriptor-flags) -> result<descriptor, error-code>;
      stat: func() -> result<descriptor-stat, error-code>;
      is-same-object: func(other: borrow<descriptor>) -> bool;
    }
    filesystem-error-code: func(err: borrow<error>) -> option<error-code>;
  }
  interface preopens { use types.{descriptor}; get-directories: func() -> list<tuple<descriptor, string>>; }
}
package wasi:cli@0.2.3 {
  interface stdout { use wasi:io/streams@0.2.3.{output-stream}; get-stdout: func() -> output-stream; }
  interface environment { get-environment: func() -> list<tuple<string, string>>; initial-cwd: func() -> option<string>; }
  interface exit { exit: func(status: result); }
  interface run { run: func() -> result; }
}`;

/** Name -> a document with the world \`it\`. */
export const WORLDS: Readonly<Record<string, string>> = {
  empty: 'package local:demo; world it {}',
  primitives: `package local:demo; world it {
    import all: func(a: bool, b: s8, c: u8, d: s16, e: u16, f: s32, g: u32, h: s64, i: u64, j: f32, k: f64, l: char, m: string);
    export same: func() -> string; }`,
  'compound in place': `package local:demo; world it {
    import a: func(l: list<list<u8>>, o: option<option<string>>, t: tuple<u8, tuple<string>, list<char>>);
    import b: func() -> result<u8, string>; import c: func() -> result<_, string>; import d: func() -> result<u8>;
    export e: func(x: result) -> result<list<option<u8>>, tuple<u8, u8>>; }`,
  'every definition': `package local:demo@1.2.3;
    interface types {
      record empty-ish { one: u8 } record nested { inner: empty-ish, %list: list<nested-alias> } type nested-alias = empty-ish;
      variant choice { none, some(nested), many(list<choice-alias>) } type choice-alias = option<u8>;
      enum level { low, high } flags rights { read, write, %own } type bytes = list<u8>; type pair = tuple<level, rights>;
      f: func(a: nested, b: choice, c: level) -> pair; g: func(b: bytes) -> option<rights>;
    }
    world it { import types; export again: interface { use types.{nested, choice as picked, pair}; h: func(n: nested, p: picked) -> pair; } }`,
  resources: `package local:demo@0.1.0;
    interface store {
      resource bucket { constructor(name: string); get: func(key: string) -> option<string>; open: static func(name: string) -> result<bucket, string>; copy: func(other: borrow<bucket>) -> bucket; }
      resource bare; hold: func(b: bare) -> bare; all: func() -> list<bucket>; look: func(b: borrow<bucket>);
    }
    interface user { use store.{bucket}; fill: func(b: bucket) -> tuple<bucket, bucket>; peek: func(b: borrow<bucket>); }
    world it { import store; import user; }`,
  'exported resources': `package local:demo@0.1.0;
    interface store { resource bucket { constructor(name: string); get: func(key: string) -> option<string>; } merge: func(a: bucket, b: borrow<bucket>) -> bucket; }
    interface user { use store.{bucket}; fill: func(b: bucket); }
    world it { export store; export user; }`,
  'imported and exported': `package local:demo@0.1.0;
    interface store { resource bucket { constructor(name: string); size: func() -> u32; } record item { name: string } first: func(b: borrow<bucket>) -> item; }
    world it { import store; export store; }`,
  'types of the world': `package local:demo@2.0.0-rc.1;
    interface shapes { record point { x: f64, y: f64 } move: func(p: point) -> point; }
    world it { use shapes.{point, point as spot}; type names = list<string>; record pair { a: point, b: spot } enum side { left, right }
      resource handle { constructor(n: names); flip: func(s: side) -> pair; }
      import draw: func(p: pair, h: borrow<handle>); export area: func(p: pair, n: names) -> f64; }`,
  keywords: `package local:demo;
    interface %interface { resource %resource { %list: func(%string: u8); } enum %enum { %flags, %static, %use } record %record { %type: u8, %func: string, %world: %enum } type %future = u8; %import: func(%export: %record) -> %enum; }
    world it { import %interface; export %interface; export %package: func(%with: bool); }`,
  names: `package a-b:c-d-e@0.0.1;
    interface URL-parser { type HTTP-header = string; parse-URL: func(a-URL: HTTP-header, x1y2: u8) -> HTTP-header; }
    world it { import URL-parser; export run-XML-2: func(); }`,
  packages: `package local:demo@1.0.0;
    interface one { use other:lib/types@0.3.1.{thing}; use other:lib/types@0.4.0.{thing as newer}; f: func(a: thing) -> newer; }
    world it { import one; export other:lib/plugin@0.3.1; }
    package other:lib@0.3.1 { interface types { record thing { a: u8 } } interface plugin { use types.{thing}; run: func(t: thing) -> u8; } }
    package other:lib@0.4.0 { interface types { record thing { a: u8, b: u8 } } }`,
  'same interface twice': `package local:demo;
    interface store { resource bucket { get: func(key: string) -> option<string>; } open: func(name: string) -> bucket; }
    world it { import first: store; import second: store; export mine: store; }`,
  'chain of names': `package local:demo;
    interface a { record t { x: u8 } type u = t; type v = u; } interface b { use a.{v}; type w = v; type z = list<w>; } interface c { use b.{w, z}; f: func(w: w, z: z); }
    world it { import c; export d: interface { use c.{z as zz}; g: func() -> zz; } }`,
  asynchronous: `package local:demo@0.1.0;
    interface feed { resource source { constructor(); next: async func() -> option<string>; all: static async func() -> stream<u8>; }
      type key = list<u8, 32>; read: async func(n: u32) -> future<result<string, error-context>>; quiet: func(s: stream, f: future) -> key; table: func() -> map<string, u32>; }
    world it { import feed; export run: async func() -> u32; }`,
  command: `package local:demo;
    world it { import wasi:cli/environment@0.2.3; import wasi:cli/exit@0.2.3; import wasi:cli/stdout@0.2.3; import wasi:clocks/monotonic-clock@0.2.3;
      import wasi:filesystem/types@0.2.3; import wasi:filesystem/preopens@0.2.3; export wasi:cli/run@0.2.3; }
    ${WASI}`,
};

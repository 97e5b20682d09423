// More of WIT as text: what a component no longer shows (include, gates, comments, aliases of a file), and every refusal.
import type { WasmErrorCode } from '@plugmark/wasm';

/** Name -> a document with the world \`it\`. */
export const MORE_WORLDS: Readonly<Record<string, string>> = {
  'comments and gates': `// first
/// docs with "quotes" { and braces
package local:demo@0.1.0; /* a /* nested */ comment */
@since(version = 0.1.0)
interface a { @since(version = 0.1.0) @deprecated(version = 0.1.0) f: func(); @unstable(feature = more) record r { x: u8, } }
@since(version = 0.1.0-rc.1+b.2) world it { @since(version = 0.1.0) import a; @unstable(feature = more-of-it) export g: func(r: string,); }`,
  include: `package local:demo;
    interface shared { record t { x: u8 } f: func(t: t); }
    world base { import shared; import log: func(s: string); export run: func() -> u8; }
    world more { include base with { log as write, run as start } import log: func(n: u32); }
    world it { include more; import shared; export stop: func(); }`,
  'use at the top': `package local:demo;
    use other:lib/types@1.0.0; use other:lib/types@1.0.0 as kinds; use here as there;
    interface here { use types.{t}; use kinds.{t as u}; f: func(a: t, b: u); }
    world it { import there; }
    package other:lib@1.0.0 { interface types { type t = list<u8>; } }`,
  'types in any order': `package local:demo;
    interface a { f: func(c: c); record c { b: b, z: option<a> } variant b { one(a), two } type a = tuple<d, d>; enum d { x } }
    world it { import a; export a; }`,
  'resources by other names': `package local:demo;
    interface a { resource r { constructor(n: u8) -> result<r, string>; m: func(o: borrow<r>, p: own<r>); } type also = r; take: func(r: also, b: borrow<also>); }
    interface b { use a.{r as s, also}; f: func(s: s, t: borrow<also>) -> list<s>; }
    world it { import b; }`,
  'exports take types from exports': `package local:demo;
    interface types { resource r; record t { x: u8 } make: func() -> r; }
    interface user { use types.{r, t}; f: func(r: r, t: t); }
    interface far { use user.{t}; g: func(t: t); }
    world it { export far; export user; export types; import user; }`,
  'interfaces under other names': `package local:demo;
    interface a { resource r { m: func(); } f: func() -> r; }
    world it { import one: a; import two: interface { use a.{r}; g: func(r: borrow<r>); } export mine: a; import a; }`,
};

export interface WitCase {
  readonly says: string;
  readonly text: string;
  /** The world that is asked for, where there are several. */
  readonly world?: string;
  readonly code: WasmErrorCode;
}

const inWorld = (body: string): string => `package a:b;\nworld it { ${body} }\n`;
const inInterface = (body: string): string => `package a:b;\ninterface i { ${body} }\nworld it { import i; }\n`;
const chain = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join('\n');

export const WIT_CASES: Readonly<Record<string, WitCase>> = {
  empty_fail: { says: 'An empty file names no package.', text: '', code: 'WIT_SYNTAX' },
  'no-package_fail': { says: 'A world without a package has no full name.', text: 'world it { }', code: 'WIT_SYNTAX' },
  'not-wit_fail': { says: 'Another format altogether.', text: '{"world": "it"}', code: 'WIT_SYNTAX' },
  unclosed_fail: { says: 'The file ends inside a world.', text: 'package a:b;\nworld it {', code: 'WIT_SYNTAX' },
  'comment-without-end_fail': {
    says: 'A comment in a comment is closed once.',
    text: `/* /* */ ${inWorld('')}`,
    code: 'WIT_SYNTAX',
  },
  'keyword-as-name_fail': {
    says: 'A keyword is a name only behind a percent sign.',
    text: inWorld('import record: func();'),
    code: 'WIT_SYNTAX',
  },
  label_fail: { says: 'A word of a name is in one case.', text: inWorld('import aB: func();'), code: 'WIT_SYNTAX' },
  underscore_fail: { says: 'A name has no underscore.', text: inWorld('import a_b: func();'), code: 'WIT_SYNTAX' },
  version_fail: { says: 'A version has three parts.', text: 'package a:b@1.0;\nworld it {}', code: 'WIT_SYNTAX' },
  semicolon_fail: { says: 'A function ends with a semicolon.', text: inWorld('import f: func()'), code: 'WIT_SYNTAX' },
  'result-of-nothing_fail': {
    says: 'A result in angle brackets has a type.',
    text: inWorld('import f: func() -> result<_>;'),
    code: 'WIT_SYNTAX',
  },
  'type-unfinished_fail': {
    says: 'A list needs the type of its items.',
    text: inWorld('import f: func(a: list);'),
    code: 'WIT_SYNTAX',
  },
  length_fail: {
    says: 'The length of a list fits a whole number.',
    text: inWorld('import f: func(a: list<u8, 99999999999999999999>);'),
    code: 'WIT_SYNTAX',
  },
  direction_fail: {
    says: 'A character that turns the text around stands in a comment.',
    text: `package a:b;\n// harmless \u202e }\nworld it {}`,
    code: 'WIT_SYNTAX',
  },
  invisible_fail: {
    says: 'A character without width stands in a comment.',
    text: `package a:b; // x\u200by\nworld it {}`,
    code: 'WIT_SYNTAX',
  },
  control_fail: {
    says: 'An escape character stands in the text.',
    text: 'package a:b;\u001b[2K world it {}',
    code: 'WIT_SYNTAX',
  },
  homoglyph_fail: {
    says: 'A letter that looks like another is no letter of a name.',
    text: inWorld('import l\u043eg: func();'),
    code: 'WIT_SYNTAX',
  },
  prototype_fail: {
    says: 'The name of an object’s prototype is no name here.',
    text: inWorld('import __proto__: func();'),
    code: 'WIT_SYNTAX',
  },
  'world-missing_fail': {
    says: 'The package has no world.',
    text: 'package a:b;\ninterface i { }\n',
    code: 'WIT_NAME_UNKNOWN',
  },
  'worlds-several_fail': {
    says: 'The package has two worlds and none was asked for.',
    text: 'package a:b;\nworld one { }\nworld two { }\n',
    code: 'WIT_NAME_UNKNOWN',
  },
  'interface-unknown_fail': {
    says: 'The world imports an interface that is not there.',
    text: inWorld('import missing;'),
    code: 'WIT_NAME_UNKNOWN',
  },
  'package-unknown_fail': {
    says: 'The world imports an interface of a package that no file has.',
    text: inWorld('import wasi:io/streams@0.2.0;'),
    code: 'WIT_NAME_UNKNOWN',
  },
  'version-other_fail': {
    says: 'The package is there in another version.',
    text: `${inWorld('import c:d/e@0.2.0;')}package c:d@0.1.0 { interface e { } }`,
    code: 'WIT_NAME_UNKNOWN',
  },
  'type-unknown_fail': {
    says: 'A parameter has a type that is not there.',
    text: inWorld('import f: func(a: constructor-of-things);'),
    code: 'WIT_NAME_UNKNOWN',
  },
  'use-unknown_fail': {
    says: 'A type is taken from an interface that does not have it.',
    text: `package a:b;\ninterface i { type t = u8; }\nworld it { use i.{t, to-string}; }`,
    code: 'WIT_NAME_UNKNOWN',
  },
  'include-rename-unknown_fail': {
    says: 'An include renames what the other world does not have.',
    text: 'package a:b;\nworld base { }\nworld it { include base with { f as g } }',
    code: 'WIT_NAME_UNKNOWN',
  },
  'interface-twice_fail': {
    says: 'Two interfaces have one name.',
    text: 'package a:b;\ninterface i { }\ninterface i { }\nworld it { }',
    code: 'WIT_NAME_TWICE',
  },
  'type-twice_fail': {
    says: 'Two types of an interface have one name.',
    text: inInterface('type t = u8; enum t { a }'),
    code: 'WIT_NAME_TWICE',
  },
  'function-twice_fail': {
    says: 'Two functions of an interface have one name.',
    text: inInterface('f: func(); f: func(a: u8);'),
    code: 'WIT_NAME_TWICE',
  },
  'function-as-type_fail': {
    says: 'A function and a type have one name.',
    text: inInterface('type t = u8; t: func();'),
    code: 'WIT_NAME_TWICE',
  },
  'field-twice_fail': {
    says: 'Two fields of a record have one name.',
    text: inInterface('record r { a: u8, a: u8 }'),
    code: 'WIT_NAME_TWICE',
  },
  'parameter-twice_fail': {
    says: 'Two parameters have one name.',
    text: inWorld('import f: func(a: u8, a: u8);'),
    code: 'WIT_NAME_TWICE',
  },
  'import-twice_fail': {
    says: 'Two imports have one plain name.',
    text: inWorld('import f: func(); import f: interface { }'),
    code: 'WIT_NAME_TWICE',
  },
  'include-clash_fail': {
    says: 'Two included worlds have one plain name.',
    text: 'package a:b;\nworld one { import f: func(); }\nworld two { import f: func(); }\nworld it { include one; include two; }',
    world: 'it',
    code: 'WIT_NAME_TWICE',
  },
  'use-twice_fail': {
    says: 'A type is taken under a name that is there already.',
    text: 'package a:b;\ninterface i { type t = u8; }\nworld it { use i.{t}; type t = u8; }',
    code: 'WIT_NAME_TWICE',
  },
  'borrow-of-record_fail': {
    says: 'Only a resource can be borrowed.',
    text: inInterface('record r { a: u8 } f: func(r: borrow<r>);'),
    code: 'WIT_KIND',
  },
  'import-of-world_fail': {
    says: 'A world is included, not imported.',
    text: 'package a:b;\nworld base { }\nworld it { import base; }',
    world: 'it',
    code: 'WIT_KIND',
  },
  'include-of-interface_fail': {
    says: 'An interface is imported, not included.',
    text: 'package a:b;\ninterface i { }\nworld it { include i; }',
    code: 'WIT_KIND',
  },
  'type-of-itself_fail': {
    says: 'A record holds itself.',
    text: inInterface('record r { next: option<r> }'),
    code: 'WIT_CYCLE',
  },
  'types-in-a-circle_fail': {
    says: 'Two types need each other.',
    text: inInterface('type a = list<b>; type b = list<a>;'),
    code: 'WIT_CYCLE',
  },
  'interfaces-in-a-circle_fail': {
    says: 'Two interfaces take types from each other.',
    text: 'package a:b;\ninterface i { use j.{t}; type u = t; }\ninterface j { use i.{u}; type t = u8; }\nworld it { import i; }',
    code: 'WIT_CYCLE',
  },
  'worlds-in-a-circle_fail': {
    says: 'Two worlds include each other.',
    text: 'package a:b;\nworld it { include other; }\npackage a:c { world x { include a:b/it; } }\nworld other { include a:c/x; }',
    world: 'it',
    code: 'WIT_CYCLE',
  },
  'nested-types_fail': {
    says: 'A type is nested deeper than is read.',
    text: inWorld(`import f: func(a: ${'list<'.repeat(101)}u8${'>'.repeat(101)});`),
    code: 'WASM_LIMIT',
  },
  'chain-of-types_fail': {
    says: 'Types need each other in a chain longer than is followed.',
    text: inInterface(chain(200, (n) => `type t${n} = ${n === 199 ? 'u8' : `list<t${n + 1}>`};`)),
    code: 'WASM_LIMIT',
  },
  'chain-of-interfaces_fail': {
    says: 'Interfaces use each other in a chain longer than is followed.',
    text: `package a:b;\n${chain(200, (n) => `interface i${n} { ${n === 199 ? 'type t = u8;' : `use i${n + 1}.{t};`} }`)}\nworld it { import i0; }`,
    code: 'WASM_LIMIT',
  },
  'chain-of-worlds_fail': {
    says: 'Worlds include each other in a chain longer than is followed.',
    text: `package a:b;\n${chain(200, (n) => `world w${n} { ${n === 199 ? '' : `include w${n + 1};`} }`)}`,
    world: 'w0',
    code: 'WASM_LIMIT',
  },
  'first-in-braces_fail': {
    says: 'The file has a package in braces and none of its own.',
    text: 'package a:b { world it { } }',
    code: 'WIT_SYNTAX',
  },
};

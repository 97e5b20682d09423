// layer-check: a Hielements library that checks dependencies between files against layers. It works on its arguments alone and
// reads no file; the workspace path it is handed is ignored.

import { listText, quote } from '../guest/json-text';
import { JsonKind, JsonValue, parseJson } from '../guest/json-value';
import { Layers } from './layers';

export { alloc, dealloc } from '../guest/allocation';

/** Text lent to the host until the next call. */
let answer: usize = 0;

export function library_name(): usize {
  return lend('"layers"');
}

/** `layer_of [layers, path]`: the name of the layer a path belongs to, or null. */
export function library_call(name: usize, args: usize, _workspace: usize): usize {
  __collect();
  if (readText(name) != 'layer_of') return lend(failed('the library has one function, layer_of'));
  const list = readList(args, 2);
  const layers = list !== null ? Layers.from(list.items[0]) : null;
  if (list === null || layers === null || !list.items[1].isText()) return lend(failed('layer_of takes [layers, path]'));
  const index = layers.indexOf(list.items[1].text);
  return lend(`{"ok":${index < 0 ? 'null' : quote(layers.names[index])}}`);
}

/** `respects_layers [layers, dependencies]`, each dependency a pair [from, to] of paths. */
export function library_check(name: usize, args: usize, _workspace: usize): usize {
  __collect();
  if (readText(name) != 'respects_layers') return lend(checkError('the library has one check, respects_layers'));
  const list = readList(args, 2);
  const layers = list !== null ? Layers.from(list.items[0]) : null;
  if (list === null || layers === null || list.items[1].kind != JsonKind.List) {
    return lend(checkError('respects_layers takes [layers, dependencies]'));
  }
  return lend(checkDependencies(layers, list.items[1].items));
}

function checkDependencies(layers: Layers, dependencies: JsonValue[]): string {
  const violations: string[] = [];
  for (let i = 0; i < dependencies.length; i++) {
    const pair = dependencies[i].items;
    if (pair.length != 2 || !pair[0].isText() || !pair[1].isText()) return checkError('a dependency is a pair of paths');
    const from = layers.indexOf(pair[0].text);
    const to = layers.indexOf(pair[1].text);
    if (from >= 0 && to > from) {
      violations.push(quote(`${pair[0].text} (${layers.names[from]}) depends on ${pair[1].text} (${layers.names[to]})`));
    }
  }
  if (violations.length == 0) return '{"status":"pass"}';
  const noun = violations.length == 1 ? 'dependency goes' : 'dependencies go';
  return `{"status":"fail","message":"${violations.length} ${noun} upwards","violations":${listText(violations)}}`;
}

function failed(reason: string): string {
  return `{"error":${quote(reason)}}`;
}

function checkError(reason: string): string {
  return `{"status":"error","message":${quote(reason)}}`;
}

/** The text inside a JSON string; empty when it is something else. */
function readText(pointer: usize): string {
  const value = parseJson(nulTerminated(pointer));
  return value !== null && value.isText() ? value.text : '';
}

function readList(pointer: usize, length: i32): JsonValue | null {
  const value = parseJson(nulTerminated(pointer));
  return value !== null && value.kind == JsonKind.List && value.items.length == length ? value : null;
}

function nulTerminated(pointer: usize): string {
  let length: usize = 0;
  while (load<u8>(pointer + length) != 0) length++;
  return String.UTF8.decodeUnsafe(pointer, length);
}

function lend(json: string): usize {
  if (answer != 0) heap.free(answer);
  const length = String.UTF8.byteLength(json, true);
  answer = heap.alloc(<usize>length);
  String.UTF8.encodeUnsafe(changetype<usize>(json), json.length, answer, true);
  return answer;
}

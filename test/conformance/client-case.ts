// case.json as a runner sees it: which files the server answers with in each step, what the client is asked, and whether its answer is
// the expected one. No Node in here.
import { CLIENT_ERROR_CODES } from '@plugmark/client';
import { type FileJson, type FilesJson, fileFromJson, type ServedFile } from '../client-vectors/served-file.ts';
import type { ClientAnswer, ClientRequest } from './client-command.ts';

export type Trees = Readonly<Record<string, FilesJson>>;

interface CaseStep extends Omit<ClientRequest, 'id' | 'state' | 'root'> {
  readonly root?: { readonly served: string } | { readonly file: Exclude<FileJson, null> };
  readonly serve?: { readonly tree: string; readonly files: FilesJson };
  readonly expect: { readonly result: object } | { readonly code: string };
}

export interface ClientCaseFile {
  readonly schemaVersion: 1;
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly requires?: readonly string[];
  readonly steps: readonly CaseStep[];
}

/** `otherCode`: refused, as it must be, but with another code than the specification's. */
export type CaseOutcome = 'pass' | 'otherCode' | 'fail' | 'unsupported';

export interface CaseResult {
  readonly name: string;
  readonly outcome: CaseOutcome;
  /** What was answered in the step that ended the case; absent when it passed. */
  readonly detail?: string;
}

export type Served = ReadonlyMap<string, ServedFile>;

/** Serves `files` from now on, asks the client, returns its answer. */
export type Ask = (files: Served, request: Omit<ClientRequest, 'id' | 'state'>) => Promise<ClientAnswer>;

/** The files of each step: an overlay replaces the one before, and none leaves the server as it was. */
export async function runCase({ name, steps }: ClientCaseFile, trees: Trees, ask: Ask): Promise<CaseResult> {
  let files: Served = filesOf(trees['base'] ?? {});
  for (const [number, { serve, root, expect, ...request }] of steps.entries()) {
    if (serve !== undefined) files = overlaid(filesOf(trees[serve.tree] ?? {}), serve.files);
    const bytes = root === undefined ? {} : { root: rootOf(root, files) };
    const answer = await ask(files, { ...request, ...bytes });
    const outcome = judge(expect, answer);
    if (outcome !== 'pass') return { name, outcome, detail: `step ${number + 1}: ${JSON.stringify(answer)}` };
  }
  return { name, outcome: 'pass' };
}

/** A tree is read once, however many cases begin with it. */
const read = new WeakMap<FilesJson, Served>();

function filesOf(json: FilesJson): Served {
  const known = read.get(json) ?? overlaid(new Map(), json);
  read.set(json, known);
  return known;
}

function overlaid(tree: Served, json: FilesJson): Served {
  const files = new Map(tree);
  for (const [path, file] of Object.entries(json))
    if (file === null) files.delete(path);
    else files.set(path, fileFromJson(file));
  return files;
}

function rootOf(root: NonNullable<CaseStep['root']>, files: Served): string {
  const file = 'served' in root ? files.get(root.served) : fileFromJson(root.file);
  if (!(file instanceof Uint8Array)) throw new Error('a case ships a root that is no file');
  return base64(file);
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function judge(expected: CaseStep['expect'], answer: ClientAnswer): CaseOutcome {
  if ('unsupported' in answer) return 'unsupported';
  if ('code' in expected) {
    if (!('error' in answer)) return 'fail';
    if (answer.error.code === expected.code) return 'pass';
    // A code of one's own is no refusal: a crash that was caught must not pass for one.
    return Object.hasOwn(CLIENT_ERROR_CODES, answer.error.code) ? 'otherCode' : 'fail';
  }
  return 'result' in answer && includes(answer.result, expected.result) ? 'pass' : 'fail';
}

/** Whether `actual` says all of `expected`: members it has beyond that are its own. Lists agree in length and order. */
export function includes(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, i) => includes(actual[i], item))
    );
  if (typeof expected !== 'object' || expected === null) return actual === expected;
  if (typeof actual !== 'object' || actual === null) return false;
  return Object.entries(expected).every(([key, value]) => includes((actual as Record<string, unknown>)[key], value));
}

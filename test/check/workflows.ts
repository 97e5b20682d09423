// What every file below .github must keep, whoever edits it: a workflow is the one place where a pull request from a
// stranger meets a token. Reads the YAML, so that a rule cannot be passed by quoting or by a flow mapping.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { filesBelow } from './repository-files.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One line per violation, `path: what is wrong`. */
export function workflowViolations(root: string): string[] {
  const files = filesBelow(root, '.github').filter((path) => /\.ya?ml$/.test(path));
  return files.flatMap((path) => {
    const document = parse(readFileSync(join(root, path), 'utf8')) as Json;
    const complaints = [
      ...(COMPLAINTS.find(([folder]) => path.startsWith(folder))?.[1](document) ?? []),
      ...steps(document),
    ];
    return complaints.map((complaint) => `${path}: ${complaint}`);
  });
}

const COMPLAINTS: readonly (readonly [string, (document: Json) => string[]])[] = [
  ['.github/workflows/', (document) => [...topLevel(document), ...jobs(document)]],
  ['.github/ISSUE_TEMPLATE/config', () => []],
  ['.github/ISSUE_TEMPLATE/', form],
];

function topLevel(document: Json): string[] {
  const workflow = isObject(document) ? document : {};
  const { permissions, on } = workflow;
  const complaints: string[] = [];
  if (!isObject(permissions) || Object.keys(permissions).length > 0) {
    complaints.push('needs `permissions: {}` at the top; each job asks for what it uses');
  }
  const triggers = isObject(on) ? Object.keys(on) : [on].flat();
  for (const trigger of ['pull_request_target', 'workflow_run']) {
    if (triggers.includes(trigger))
      complaints.push(`must not run on ${trigger}: it hands a stranger's pull request our token`);
  }
  return complaints;
}

/** Every line of a workflow is one that runs the same anywhere: a clean install, or one command of ours. */
const COMMANDS = /^(?:npm ci|\.ci\/run|npx --no-install plugmark [a-z][\w ./="$-]*)$/;

function jobs(document: Json): string[] {
  const { jobs: all, on } = isObject(document) ? document : {};
  const triggers = isObject(on) ? Object.keys(on) : [on].flat();
  return Object.entries(isObject(all) ? all : {}).flatMap(([name, job]) => {
    if (!isObject(job)) return [];
    const { permissions, steps: list, environment } = job;
    // None are said at the top, so that a job without its own has none.
    const writes = isObject(permissions)
      ? Object.values(permissions).some((level) => level !== 'read')
      : permissions !== undefined;
    const lines = (Array.isArray(list) ? list : []).flatMap((step) => (isObject(step) ? [step['run']] : []));
    const foreign = lines.filter(
      (line) =>
        line !== undefined && !(typeof line === 'string' && (line.includes('${{') || COMMANDS.test(line.trim()))),
    );
    const ours = lines.filter((line) => typeof line === 'string' && line.trim() !== 'npm ci');
    const text = JSON.stringify(job);
    return [
      ...(job['timeout-minutes'] === undefined ? [`job ${name} has no timeout-minutes`] : []),
      ...foreign.map((line) => `job ${name} runs \`${line}\`, which is no single command of ours`),
      ...(ours.length > 1 ? [`job ${name} runs more than one command`] : []),
      ...(permissions === undefined ? [`job ${name} does not say its permissions`] : []),
      ...(writes && triggers.includes('pull_request') ? [`job ${name} may write, for a pull request of anybody`] : []),
      // What a pull request left in a cache would be run with the token.
      ...(writes && (/actions\/cache@/.test(text) || keepsCache(list))
        ? [`job ${name} may write and uses a cache`]
        : []),
      ...(text.includes('secrets.') && environment === undefined
        ? [`job ${name} has a secret outside an environment`]
        : []),
    ];
  });
}

/** setup-node keeps one by itself where package.json names a package manager. */
function keepsCache(list: Json | undefined): boolean {
  return (Array.isArray(list) ? list : []).some((step) => {
    const { uses, with: inputs } = isObject(step) ? step : {};
    if (typeof uses !== 'string' || !uses.startsWith('actions/setup-node@')) return false;
    return !isObject(inputs) || inputs['package-manager-cache'] !== false || inputs['cache'] !== undefined;
  });
}

const FORM_PARTS = new Set(['markdown', 'input', 'textarea', 'dropdown', 'checkboxes']);

/** What GitHub needs of an issue form; it shows nothing at all of one that is wrong. */
function form(document: Json): string[] {
  const { name, description, body } = isObject(document) ? document : {};
  const parts = Array.isArray(body) ? body.filter(isObject) : [];
  const ids = parts.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  const asks = parts.filter(({ type }) => type !== 'markdown');
  return [
    ...(typeof name === 'string' && typeof description === 'string' ? [] : ['needs a name and a description']),
    ...(asks.length === 0 ? ['asks for nothing'] : []),
    ...(new Set(ids).size < asks.length ? ['needs an id of its own for each question'] : []),
    ...parts.flatMap(({ type, attributes }) => {
      const { label, value } = isObject(attributes) ? attributes : {};
      if (typeof type !== 'string' || !FORM_PARTS.has(type)) return [`has a part of the kind ${String(type)}`];
      return typeof (type === 'markdown' ? value : label) === 'string' ? [] : [`has a ${type} without words`];
    }),
  ];
}

/** Visits every mapping: steps, jobs that call a reusable workflow, and composite actions. */
function steps(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(steps);
  if (!isObject(value)) return [];
  const complaints = Object.values(value).flatMap(steps);
  const { uses, run } = value;
  if (typeof uses === 'string' && !uses.startsWith('./') && !/@[0-9a-f]{40}$/.test(uses)) {
    complaints.push(`\`uses: ${uses}\` is not pinned to a commit of 40 hex digits`);
  }
  if (typeof run === 'string' && run.includes('${{')) {
    complaints.push('has `${{ }}` inside `run`, where its text becomes shell: pass it through `env`');
  }
  if (typeof uses === 'string' && uses.startsWith('actions/checkout@') && !keepsNoToken(value)) {
    complaints.push('checks out without `persist-credentials: false`, which leaves the token on disk');
  }
  return complaints;
}

function keepsNoToken(step: { [key: string]: Json }): boolean {
  const { with: inputs } = step;
  return isObject(inputs) && inputs['persist-credentials'] === false;
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
    const complaints = [...(path.startsWith('.github/workflows/') ? topLevel(document) : []), ...steps(document)];
    return complaints.map((complaint) => `${path}: ${complaint}`);
  });
}

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

// What every file below .github must keep, whoever edits it: a workflow is the one place where a pull request from a
// stranger meets a token. Reads the YAML, so that a rule cannot be passed by quoting, an anchor or a flow mapping.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './repository-files.ts';
import { readWorkflow } from './workflow-document.ts';
import { WORKFLOW_RULES, type WorkflowFile } from './workflow-rules.ts';

export interface WorkflowViolation {
  readonly rule: string;
  readonly complaint: string;
}

/** One line per violation, `path: what is wrong [rule]`. */
export function workflowViolations(root: string): string[] {
  const files = filesBelow(root, '.github').filter((path) => /\.ya?ml$/i.test(path));
  return files.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const found = kindOf(path) === undefined ? unreadable(text) : violationsIn(text, kindOf(path) ?? 'workflow');
    return found.map(({ rule, complaint }) => `${path}: ${complaint} [${rule}]`);
  });
}

/** Issue forms and Dependabot run nothing; they only have to be read. */
function kindOf(path: string): WorkflowFile['kind'] | undefined {
  if (path.startsWith('.github/workflows/')) return 'workflow';
  return /\/action\.ya?ml$/i.test(path) ? 'action' : undefined;
}

const unreadable = (text: string): WorkflowViolation[] =>
  readWorkflow(text).problems.map((complaint) => ({ rule: 'yaml', complaint }));

export function violationsIn(text: string, kind: WorkflowFile['kind']): WorkflowViolation[] {
  const document = readWorkflow(text);
  // Of what cannot be read for certain nothing else is said.
  if (document.problems.length > 0) return unreadable(text);
  const file = { ...document, kind };
  return Object.entries(WORKFLOW_RULES).flatMap(([rule, check]) =>
    check(file).map((complaint) => ({ rule, complaint })),
  );
}

// What the buttons do. Everything of the client is asked for through one object; every refusal has a code, which the page shows.
import { browserStore, ClientError, type ListedPlugin, openPlugins } from '@plugmark/client';
import { askInDialog, element } from './consent-screen.ts';
import { RECORDING } from './recording.ts';
import type { HostRules, RunAnswer } from './run-instance.ts';
import { runPlugin } from './run-plugin.ts';

/** Compiled in by bundle.ts: what the application trusts, and what words a capability. */
declare const ROOT_BASE64: string;
declare const PROFILE: HostRules & { readonly limits: { readonly callMilliseconds: number } };

const now = (): Date => new Date();
const plugins = openPlugins({
  url: new URL('../', location.href).href,
  root: Uint8Array.from(atob(ROOT_BASE64), (char) => char.charCodeAt(0)),
  host: { id: 'ddalab', api: '1.0.0' },
  profile: PROFILE,
  // A page has neither files nor programs to give.
  policy: { capabilities: { filesystem: 'refuse', shell: 'refuse', 'read:channel_data': 'ask' } },
  store: browserStore({ name: 'ddalab-plugins', now }),
  fetch: (...request) => fetch(...request),
  now,
  consent: askInDialog,
});

const one = <T extends HTMLElement>(selector: string): T => document.querySelector(selector) as T;
const status = one('#status');

function say(text: string, isRefusal = false): void {
  status.textContent = text;
  status.classList.toggle('refused', isRefusal);
}

/** One thing at a time, and what happened is said in the end. */
async function act(doing: string, work: () => Promise<string>): Promise<void> {
  say(`${doing} ...`);
  try {
    const done = await work();
    await showInstalled();
    say(done);
  } catch (error) {
    say(error instanceof ClientError ? `Refused: ${error.code}` : `Failed: ${String(error)}`, true);
    if (!(error instanceof ClientError)) throw error;
  }
}

async function install(request: string): Promise<string> {
  const outcomes = await plugins.install(request);
  return outcomes.map(({ plugin, version }) => `${plugin} ${version} is installed.`).join(' ');
}

async function update(): Promise<string> {
  const outcomes = await plugins.update();
  return (
    outcomes.map(({ plugin, from, to, state }) => `${plugin} ${from} to ${to}: ${state}.`).join(' ') ||
    'Nothing is installed.'
  );
}

async function run(plugin: string): Promise<string> {
  const { bytes, grants, sha256 } = await plugins.load(plugin);
  const { imports, limits, fuelSchedule } = PROFILE;
  const request = {
    bytes,
    grants: grants.map(({ id }) => id),
    profile: { imports, limits, fuelSchedule },
    channels: RECORDING,
    options: {},
  };
  const answer: RunAnswer = await runPlugin(request, limits.callMilliseconds);
  await plugins.ran(sha256, { code: answer.ending === 'ok' ? 'OK' : answer.ending });
  one('#output').textContent = JSON.stringify(answer, null, 2);
  const without = answer.refused.length === 0 ? '' : ` It was refused ${answer.refused.join(', ')}.`;
  return `${plugin} ended: ${answer.ending}.${without}`;
}

function entry({ plugin, version, tier, grants }: ListedPlugin): HTMLElement {
  const button = element('button', { type: 'button' }, `Run ${plugin}`);
  button.addEventListener('click', () => act(`Running ${plugin}`, () => run(plugin)));
  const about = element(
    'span',
    {},
    `${plugin} ${version} (${tier})`,
    element('small', {}, `May: ${grants.join(', ') || 'nothing'}`),
  );
  return element('li', { className: 'line' }, about, button);
}

async function showInstalled(): Promise<void> {
  one('#plugins').replaceChildren(...(await plugins.list()).map(entry));
}

one('#install').addEventListener('submit', (event) => {
  event.preventDefault();
  const request = one<HTMLInputElement>('#request').value.trim();
  void act(`Installing ${request}`, () => install(request));
});
one('#update').addEventListener('click', () => act('Looking for updates', update));
await showInstalled();

// The desk of /verify/ and of the saved verify.html. It only asks and shows; scripts/verify-chain.ts and the client verify.

import { chainVerdict, HONEST_CLAIM, SAVED_CLAIM } from '../data/chain-verdict.ts';
import { chainMarkup, verdictMarkup } from '../markup/chain-markup.ts';
import { el } from '../markup/element.ts';
import { part, takeFiles } from './page-parts.ts';
import { show } from './show.ts';
import { type ChainRequest, verifyChain } from './verify-chain.ts';

const desk = part<HTMLFormElement>('desk');
const [pluginInput, fileInput] = [part<HTMLInputElement>('plugin'), part<HTMLInputElement>('file')];
const [registryInput, rootInput] = [part<HTMLInputElement>('registry'), part<HTMLInputElement>('root')];
const [status, result, chain, after] = [part('status'), part('result'), part('chain'), part('after')];
const data = JSON.parse(part('registry-data').textContent ?? '') as {
  /** Where pages and registry are the same site, the address the visitor came by. */
  readonly url: string;
  readonly root: string;
  readonly isSaved: boolean;
};
const own = data.isSaved ? data.url : new URL(part('verify').dataset['base'] ?? '/', location.href).href;

let asked = 0;

function start(): void {
  const query = new URLSearchParams(location.search);
  registryInput.value = query.get('registry') ?? own;
  pluginInput.value = query.get('plugin') ?? '';
  if (registryInput.value !== own) part<HTMLDetailsElement>('elsewhere').open = true;
  desk.hidden = false;
  takeFiles(fileInput, desk, (file) => {
    pluginInput.value = '';
    verify(file);
  });
  desk.addEventListener('submit', (event) => {
    event.preventDefault();
    verify(pluginInput.value.trim() === '' ? fileInput.files?.[0] : undefined);
  });
  // Asked for by a link of this site. A registry that is named in an address is never fetched from without a person's act.
  if (pluginInput.value !== '' && registryInput.value === own) verify(undefined);
}

async function verify(file: File | undefined): Promise<void> {
  const plugin = pluginInput.value.trim();
  if (file === undefined && plugin === '') return say('Name a plugin, or drop a file.');
  const url = registryInput.value.trim();
  const root = rootInput.files?.[0];
  if (root === undefined && url !== own)
    return say('Another registry needs its own root.json: without it nothing can be checked.');
  const mine = ++asked;
  show(result, undefined);
  after.hidden = true;
  desk.querySelector('button')?.setAttribute('disabled', '');
  say('Checking …');
  try {
    const request: ChainRequest = {
      url,
      root: root === undefined ? fromBase64(data.root) : new Uint8Array(await root.arrayBuffer()),
      subject: file === undefined ? { plugin } : { file: new Uint8Array(await file.arrayBuffer()) },
    };
    const outcome = await verifyChain(request, {
      fetch: (...asking) => fetch(...asking),
      now: () => new Date(),
      keyless: () => import('@plugmark/client/sigstore'),
      onChange: (steps) => mine === asked && show(chain, chainMarkup(steps)),
    });
    if (mine !== asked) return;
    const verdict = chainVerdict(outcome);
    show(result, verdictMarkup(verdict));
    show(chain, [el('h2', {}, 'Step by step'), chainMarkup(outcome.steps)]);
    part('claim').textContent = data.isSaved ? SAVED_CLAIM : HONEST_CLAIM;
    part('command').textContent = commandLine(url, file?.name ?? outcome.installed?.sha256);
    after.hidden = false;
    say(verdict.title);
  } catch (error) {
    say(`That could not be checked: ${String(error)}`);
  } finally {
    if (mine === asked) desk.querySelector('button')?.removeAttribute('disabled');
  }
}

/** With a file the command verifies it, without one the whole registry. */
function commandLine(url: string, file: string | undefined): string {
  const named =
    file === undefined ? '' : ` ${/^[\w.][\w.-]*$/.test(file) ? file : `'./${file.replace(/'/g, "'\\''")}'`}`;
  return `npx plugmark verify${named} --registry ${url} --root root.json`;
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

function say(words: string): void {
  status.textContent = words;
}

start();

// Measures this server from the visitor's place. The timestamp is read and shown, not verified: /verify/ does that.

import { sayBytes, sayInstant } from '../data/say-numbers.ts';
import { el } from '../markup/element.ts';
import { fetchOwn, linkFrom, part } from './page-parts.ts';
import { show } from './show.ts';

const desk = part('here');
const link = linkFrom(desk.dataset['base'] ?? '/');
const button = part<HTMLButtonElement>('measure');
const RUNS = 5;
/** What a client calls fresh. */
const FRESH_HOURS = 24;

interface Measured {
  readonly path: string;
  readonly milliseconds: number;
  readonly bytes: number;
  readonly text: string;
}

async function measure(path: string): Promise<Measured> {
  const times: number[] = [];
  let text = '';
  for (let run = 0; run < RUNS; run += 1) {
    const started = performance.now();
    const response = await fetchOwn(link(path), path, { cache: 'no-store' });
    text = await response.text();
    times.push(performance.now() - started);
  }
  const median = times.sort((a, b) => a - b)[RUNS >> 1] ?? 0;
  return { path, milliseconds: Math.round(median), bytes: new TextEncoder().encode(text).length, text };
}

function freshness(timestamp: string): string {
  const { expires } = (JSON.parse(timestamp) as { signed: { expires: string } }).signed;
  const left = (Date.parse(expires) - Date.now()) / 3_600_000;
  if (!(left > 0)) return `stale: the signature ended ${sayInstant(expires)}, and clients choose nothing new`;
  const word = left > 72 - FRESH_HOURS ? 'fresh' : 'aging';
  return `${word}: signed until ${sayInstant(expires)}, ${Math.floor(left)} hours from now by this machine’s clock`;
}

async function run(): Promise<void> {
  button.disabled = true;
  part('status').textContent = 'Measuring …';
  try {
    const measured: Measured[] = [];
    for (const path of JSON.parse(desk.dataset['paths'] ?? '[]') as string[]) measured.push(await measure(path));
    part('status').textContent = `The timestamp is ${freshness(measured[0]?.text ?? '')}.`;
    const head = ['File', 'Size', `Time, median of ${RUNS}`].map((words) => el('th', { scope: 'col' }, words));
    const rows = measured.map(({ path, bytes, milliseconds }) =>
      el('tr', {}, el('th', { scope: 'row' }, path), el('td', {}, sayBytes(bytes)), el('td', {}, `${milliseconds} ms`)),
    );
    show(part('result'), el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows)));
  } catch (error) {
    part('status').textContent = `That could not be measured: ${String(error)}`;
  } finally {
    button.disabled = false;
  }
}

button.hidden = false;
button.addEventListener('click', () => void run());

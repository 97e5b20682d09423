// The desk of /analyse/: takes a file, hands it to the analyser in a worker, shows what comes back. What stands in a file is text
// from a stranger and reaches the page only as text nodes. Nothing here opens a connection, and the page's policy forbids it.

import source from 'standalone:workers/analyse-worker';
import type { AnalysisReport, HostProfile, Policy } from '@plugmark/schemas';
import { analysedFile, hostFits } from '../data/analysed-file.ts';
import { releaseWorkflow } from '../data/release-workflow.ts';
import { sayBytes } from '../data/say-numbers.ts';
import { suggestedManifest } from '../data/suggested-manifest.ts';
import { analysedMarkup, fitsMarkup } from '../markup/analysed-markup.ts';
import type { AnalyseAnswer, AnalyseRequest, FileAnalysis } from '../workers/analyse-worker.ts';
import { blobWorker } from './blob-worker.ts';
import { linkFrom, part, saveLink, takeFiles } from './page-parts.ts';
import { show } from './show.ts';

/** Of what a page may hold in memory twice; the command line takes more. */
const MAX_BYTES = 256 * 1024 * 1024;

interface Data {
  readonly profiles: readonly HostProfile[];
  readonly policy: Policy;
  /** Of the registry. */
  readonly repository?: string;
}

const desk = part('analyse');
const link = linkFrom(desk.dataset['base'] ?? '/');
const form = part<HTMLFormElement>('analyse').querySelector('form') as HTMLFormElement;
const [hostInput, fileInput] = [part<HTMLSelectElement>('host'), part<HTMLInputElement>('file')];
const [status, result, take] = [part('status'), part('result'), part('take')];
const data = JSON.parse(part('profiles').textContent ?? '') as Data;
const titles = new Map(data.profiles.map(({ host, title }) => [host, title]));

let worker: Worker | undefined;
let chosen: File | undefined;

function start(): void {
  const asked = new URLSearchParams(location.search).get('host') ?? '';
  if (titles.has(asked)) hostInput.value = asked;
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  takeFiles(fileInput, form, (file) => {
    chosen = file;
    analyse(file);
  });
  hostInput.addEventListener('change', () => {
    history.replaceState(null, '', hostInput.value === '' ? location.pathname : `?host=${hostInput.value}`);
    if (chosen !== undefined) analyse(chosen);
  });
}

async function analyse(file: File): Promise<void> {
  worker?.terminate();
  show(result, undefined);
  take.hidden = true;
  if (file.size > MAX_BYTES) {
    say(`${file.name} has ${sayBytes(file.size)}; this page takes ${sayBytes(MAX_BYTES)}. plugmark check takes more.`);
    return;
  }
  say(`Reading ${file.name} …`);
  const profiles = data.profiles.filter(({ host }) => hostInput.value === '' || host === hostInput.value);
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const answer = await ask({ name: file.name, bytes, profiles, policy: data.policy });
    if ('problem' in answer) say(`The analyser stopped: ${answer.problem}`);
    else showAnalyses(file.name, answer.analyses);
  } catch (error) {
    say(`${file.name} could not be read: ${String(error)}`);
  }
}

function ask(request: AnalyseRequest): Promise<AnalyseAnswer> {
  const started = blobWorker(source);
  worker = started;
  return new Promise((done) => {
    started.onmessage = ({ data: answer }: MessageEvent<AnalyseAnswer>) => {
      started.terminate();
      done(answer);
    };
    started.onerror = ({ message }) => done({ problem: message });
    started.postMessage(request);
  });
}

function showAnalyses(name: string, analyses: readonly FileAnalysis[]): void {
  const fits = hostFits(
    analyses.map(({ report }) => report),
    titles,
  );
  const best = analyses.find(({ report }) => report.host?.id === fits[0]?.id);
  const profile = data.profiles.find(({ host }) => host === fits[0]?.id);
  if (best === undefined || profile === undefined) {
    say('The analyser gave no answer.');
    return;
  }
  const file = analysedFile(name, best.report, profile);
  show(result, [analyses.length > 1 && fitsMarkup(fits), analysedMarkup(file, link)]);
  for (const anchor of result.querySelectorAll<HTMLAnchorElement>('#fits a'))
    anchor.addEventListener('click', chooseHost);
  showExports(name, best, profile);
  say(`${name} was analysed here; nothing left this page.`);
}

/** The table's links name a host; following one keeps the file. */
function chooseHost(event: MouseEvent): void {
  event.preventDefault();
  const { search } = new URL((event.currentTarget as HTMLAnchorElement).href);
  hostInput.value = new URLSearchParams(search).get('host') ?? '';
  hostInput.dispatchEvent(new Event('change'));
}

function showExports(name: string, { report, json, sarif }: FileAnalysis, profile: HostProfile): void {
  const manifest = suggestedManifest(name, profile, report);
  // How it is built is not in the file: the line to write first.
  const workflow = releaseWorkflow({ repository: data.repository, build: './build.sh', artifact: name });
  const links = [
    saveLink('analysis.json', 'application/json', json),
    saveLink('analysis.sarif', 'application/sarif+json', sarif),
    ...(isReadable(report) ? [saveLink('plugin.yaml', 'application/yaml', manifest)] : []),
    ...(workflow === undefined ? [] : [saveLink('release.yml', 'application/yaml', workflow)]),
  ];
  part('downloads').replaceChildren(
    ...links.map((anchor) => {
      const item = document.createElement('li');
      item.append(anchor);
      return item;
    }),
  );
  part('manifest').textContent = manifest;
  part('workflow').textContent = workflow ?? '';
  part('workflow-of-registry').hidden = workflow === undefined;
  part('command').textContent = `npx plugmark check ${shellWord(name)} --host ${profile.host} --json`;
  take.hidden = false;
}

const isReadable = ({ facts }: AnalysisReport): boolean => facts !== undefined;

/** A name as one word of a shell, whatever stands in it. */
const shellWord = (name: string): string => (/^[\w.][\w.-]*$/.test(name) ? name : `'./${name.replace(/'/g, "'\\''")}'`);

function say(words: string): void {
  status.textContent = words;
}

start();

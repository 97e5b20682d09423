// The desk of /diff/: two versions of a plugin side by side. It reads the plain JSON of this site, which the page says.

import { AnalysisReport, type DocumentRelease, HostProfile, PackageDocument, parseJson } from '@plugmark/schemas';
import { type ReportPair, releaseDiff } from '../data/release-diff.ts';
import { diffMarkup } from '../markup/diff-markup.ts';
import { fetchOwn, linkFrom, part } from './page-parts.ts';
import { readSigner } from './read-signer.ts';
import { show } from './show.ts';

const form = part<HTMLFormElement>('diff');
const link = linkFrom(form.dataset['base'] ?? '/');
const [plugin, before, after] = [
  part<HTMLInputElement>('plugin'),
  part<HTMLSelectElement>('a'),
  part<HTMLSelectElement>('b'),
];
const [status, result] = [part('status'), part('result')];
let known: PackageDocument | undefined;

async function fetchFile(path: string): Promise<Uint8Array> {
  const response = await fetchOwn(link(path), path);
  return new Uint8Array(await response.arrayBuffer());
}

async function open(id: string): Promise<PackageDocument> {
  if (!/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)) throw new Error('a plugin is publisher/name');
  if (known?.plugin === id) return known;
  const path = `v1/plugins/${id}.json`;
  known = parseJson(PackageDocument, await fetchFile(path), path);
  return known;
}

function fill({ releases }: PackageDocument, a: string | null, b: string | null): void {
  const versions = releases.map(({ release }) => release.version);
  for (const select of [before, after])
    select.replaceChildren(...versions.map((version) => new Option(version, version)));
  after.value = b !== null && versions.includes(b) ? b : (versions[0] ?? '');
  before.value = a !== null && versions.includes(a) ? a : (versions[1] ?? versions[0] ?? '');
}

async function compare(): Promise<void> {
  const document = await open(plugin.value.trim());
  const [left, right] = [before.value, after.value].map((version) =>
    document.releases.find(({ release }) => release.version === version),
  );
  if (left === undefined || right === undefined) throw new Error('one of the versions is not there');
  const hosts = await Promise.all(right.analysis.map(({ host }) => hostProfile(host)));
  const reports = new Map<string, ReportPair>();
  for (const { host } of right.analysis) {
    const [one, other] = await Promise.all([reportOf(left, host), reportOf(right, host)]);
    if (one !== undefined && other !== undefined) reports.set(host, { before: one, after: other });
  }
  const [signedBefore, signedAfter] = await Promise.all([
    readSigner(document, left, fetchFile),
    readSigner(document, right, fetchFile),
  ]);
  const diff = releaseDiff({
    document,
    before: left,
    after: right,
    hosts: new Map(hosts.map((profile) => [profile.host, profile])),
    reports,
    signers: { before: signedBefore, after: signedAfter },
  });
  show(result, diffMarkup(diff, link));
  const address = new URLSearchParams({ plugin: document.plugin, a: before.value, b: after.value });
  history.replaceState(null, '', `?${address}`);
  status.textContent = `${diff.verdict.title}.`;
}

async function hostProfile(host: string): Promise<HostProfile> {
  const path = `v1/hosts/${host}.json`;
  return parseJson(HostProfile, await fetchFile(path), path);
}

async function reportOf(
  { analysis, attestations }: DocumentRelease,
  host: string,
): Promise<AnalysisReport | undefined> {
  const reference = attestations.analyses[analysis.findIndex((summary) => summary.host === host)];
  if (reference === undefined || reference.pack !== undefined) return undefined;
  const path = `attestations/${reference.sha256}.json`;
  return parseJson(AnalysisReport, await fetchFile(path), path);
}

function attempt(work: () => Promise<void>): void {
  status.textContent = 'Comparing …';
  show(result, undefined);
  work().catch((error: unknown) => {
    status.textContent = `That could not be compared: ${error instanceof Error ? error.message : String(error)}`;
  });
}

function start(): void {
  form.hidden = false;
  const query = new URLSearchParams(location.search);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(async () => {
      if (known?.plugin !== plugin.value.trim()) fill(await open(plugin.value.trim()), null, null);
      await compare();
    });
  });
  for (const select of [before, after]) select.addEventListener('change', () => attempt(compare));
  plugin.value = query.get('plugin') ?? '';
  if (plugin.value === '') return;
  attempt(async () => {
    fill(await open(plugin.value), query.get('a'), query.get('b'));
    await compare();
  });
}

start();

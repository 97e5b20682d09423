// What a synthetic registry contains, before anything is signed: who publishes what, in which versions, and what became of them. A
// function of the seed and the counts; a plugin's own facts depend on its number only.
import { type Random, randomNamed } from './random.ts';

export interface PlannedPublisher {
  readonly id: string;
  readonly title: string;
  readonly algorithm: 'ed25519' | 'ecdsa-p256';
  readonly verified: boolean;
}

export type Fate = 'active' | 'deprecated' | 'yanked' | 'quarantined' | 'revoked';

export interface PlannedRelease {
  readonly version: string;
  readonly publishedAt: Date;
  readonly fate: Fate;
}

export interface PlannedPlugin {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly host: (typeof HOSTS)[number];
  readonly capabilities: readonly string[];
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly readme: string;
  /** Ascending. */
  readonly releases: readonly PlannedRelease[];
  /** A weakness in the first release, mended in the last. */
  readonly advisory: boolean;
}

export interface Plan {
  readonly publishers: readonly PlannedPublisher[];
  readonly plugins: readonly PlannedPlugin[];
}

export interface PlanOptions {
  readonly plugins: number;
  /** Of each plugin. */
  readonly releases: number;
  readonly seed: string;
  readonly now: Date;
}

export const HOSTS = ['ddalab', 'conductor', 'hielements'] as const;

/** What plugins of each host ask for, common wishes first. */
const WISHES: Readonly<Record<(typeof HOSTS)[number], readonly (readonly string[])[]>> = {
  ddalab: [
    ['read:channel_data', 'write:results'],
    ['read:channel_data', 'write:results', 'ui:panel'],
    ['read:channel_data', 'network'],
  ],
  conductor: [[], ['network'], ['filesystem'], ['subprocess']],
  hielements: [['read:workspace'], [], ['read:workspace', 'write:workspace']],
};

const METHODS = 'spectral fractal wavelet adaptive sparse robust kernel phase cross multi fast local'.split(' ');
const SUBJECTS = 'entropy coherence filter detector mapper scaler layers cycles chords tempo graph summary'.split(' ');
const PLACES = 'north river cedar amber quiet copper lunar harbour maple granite violet summit'.split(' ');
const GROUPS = 'lab works tools studio institute collective'.split(' ');
const CATEGORIES = ['analysis', 'architecture', 'music', 'signal-processing', 'statistics', 'visualisation'];
const SENTENCES = [
  'It reads one window at a time and keeps nothing between calls.',
  'Results are written in the units of the input.',
  'Missing samples are skipped and counted.',
  'The defaults are those of the method’s first description.',
  'It takes time proportional to the length of its input.',
  'An empty input gives an empty result.',
];

const PLUGINS_A_PUBLISHER = 5;
const DAY_MS = 86_400_000;
const YEARS_MS = 2 * 365 * DAY_MS;
/** Old enough for every client’s waiting time. */
const YOUNGEST_MS = 3 * DAY_MS;

export function planRegistry({ plugins, releases, seed, now }: PlanOptions): Plan {
  const publishers = Array.from({ length: Math.ceil(plugins / PLUGINS_A_PUBLISHER) }, (_, i) => planPublisher(seed, i));
  const planned = Array.from({ length: plugins }, (_, i) => {
    const random = randomNamed(`${seed} plugin ${i}`);
    // Each publisher has one; the rest crowd at the first ones, as in every registry.
    const owner = i < publishers.length ? i : Math.floor(publishers.length * random.next() ** 3);
    return planPlugin({ random, number: i, publisher: (publishers[owner] as PlannedPublisher).id, releases, now });
  });
  return { publishers, plugins: planned };
}

function planPublisher(seed: string, number: number): PlannedPublisher {
  const random = randomNamed(`${seed} publisher ${number}`);
  const [place, group] = [random.pick(PLACES), random.pick(GROUPS)];
  return {
    id: `${place}-${group}-${number + 1}`,
    title: `${capital(place)} ${group} ${number + 1}`,
    algorithm: number % 3 === 2 ? 'ecdsa-p256' : 'ed25519',
    // The first one always and the second never, so that small registries have both tiers.
    verified: number === 0 || (number > 1 && random.chance(0.3)),
  };
}

interface PluginTurn {
  readonly random: Random;
  readonly number: number;
  readonly publisher: string;
  readonly releases: number;
  readonly now: Date;
}

function planPlugin({ random, number, publisher, releases, now }: PluginTurn): PlannedPlugin {
  const [method, subject] = [random.pick(METHODS), random.pick(SUBJECTS)];
  const host = random.pick(HOSTS);
  const title = `${capital(method)} ${subject} ${number + 1}`;
  const summary = `Computes the ${method} ${subject} of what ${host} gives it.`;
  const text = SENTENCES.filter(() => random.chance(0.6)).join(' ');
  return {
    id: `${publisher}/${method}-${subject}-${number + 1}`,
    title,
    summary,
    host,
    // Squared: the common wish first.
    capabilities: WISHES[host][Math.floor(WISHES[host].length * random.next() ** 2)] ?? [],
    categories: [random.pick(CATEGORIES)],
    keywords: [method, subject],
    readme: `# ${title}\n\n${summary}\n\n${text}\n\n## Use\n\nAdd it in ${host}, choose an input, read the result.\n`,
    releases: planReleases(random, releases, now),
    advisory: releases > 1 && random.chance(0.01),
  };
}

function planReleases(random: Random, count: number, now: Date): PlannedRelease[] {
  const ages = Array.from({ length: count }, () => YOUNGEST_MS + random.next() * YEARS_MS).sort((a, b) => b - a);
  let [major, minor, patch] = [random.chance(0.5) ? 1 : 0, 1 + random.below(3), 0];
  return ages.map((age, i) => {
    const step = random.next();
    if (i > 0 && step < 0.08) [major, minor, patch] = [major + 1, 0, 0];
    else if (i > 0 && step < 0.5) [minor, patch] = [minor + 1, 0];
    else if (i > 0) patch += 1;
    // Never the newest: every plugin stays installable.
    const fate = i === count - 1 ? 'active' : planFate(random);
    return { version: `${major}.${minor}.${patch}`, publishedAt: wholeSecond(now.getTime() - age), fate };
  });
}

/** Taken back is the exception, and the harder the rarer. */
function planFate(random: Random): Fate {
  const draw = random.next();
  if (draw < 0.002) return 'revoked';
  if (draw < 0.004) return 'quarantined';
  if (draw < 0.02) return 'yanked';
  return draw < 0.06 ? 'deprecated' : 'active';
}

const wholeSecond = (time: number): Date => new Date(Math.floor(time / 1000) * 1000);
const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

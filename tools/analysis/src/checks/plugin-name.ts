import { type Check, findingsOf, NO_RELEASE, type RawFinding } from '../check.ts';
import { compareVersions } from '../compare-versions.ts';
import type { KnownNames } from '../known-names.ts';
import { looksAlike } from '../name-distance.ts';

/** Devices of Windows, which no file or folder can be named after (Naming Files, Paths, and Namespaces). */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;
export const isWindowsDevice = (name: string): boolean => DEVICE.test(name);

/** The name works on every system. */
export const nameForm: Check = ({ release }) =>
  release === undefined ? NO_RELEASE : findingsOf(devices(release.plugin));

const devices = (plugin: string): RawFinding[] =>
  plugin
    .split('/')
    .filter(isWindowsDevice)
    .map((name) => ({ ruleId: 'name.windows-reserved', facts: { name } }));

/** Everything that speaks against a name that somebody wants to take. */
export const nameFindings = (plugin: string, names: KnownNames, mostEdits: number): RawFinding[] => [
  ...devices(plugin),
  ...reserved(plugin, names),
  ...similar(plugin, names, mostEdits),
];

/** A new name is free and cannot be taken for another. Names that are already listed were looked at when they came. */
export const nameFree: Check = ({ release, names, policy }) => {
  if (release === undefined) return NO_RELEASE;
  if (names === undefined) return { outcome: 'notApplicable', reason: 'names are compared when a release is proposed' };
  if (names.listed.includes(release.plugin)) return { outcome: 'pass' };
  return findingsOf([
    ...reserved(release.plugin, names),
    ...similar(release.plugin, names, policy.thresholds.nameDistance),
  ]);
};

const halves = (plugin: string): readonly [string, string] => {
  const slash = plugin.indexOf('/');
  return [plugin.slice(0, slash), plugin.slice(slash + 1)];
};

function reserved(plugin: string, { reserved: { publishers, plugins }, listed }: KnownNames): RawFinding[] {
  const [publisher, name] = halves(plugin);
  const known = listed.some((other) => halves(other)[0] === publisher);
  return [
    ...(known || !Object.hasOwn(publishers, publisher)
      ? []
      : [{ name: publisher, reason: publishers[publisher] ?? '' }]),
    ...(Object.hasOwn(plugins, name) ? [{ name, reason: plugins[name] ?? '' }] : []),
  ].map((facts) => ({ ruleId: 'name.reserved', facts }));
}

/** Names of other publishers' plugins, and of publishers when this one is new. A publisher's own plugins may resemble each other. */
function similar(plugin: string, { listed }: KnownNames, mostEdits: number): RawFinding[] {
  const [publisher, name] = halves(plugin);
  const others = listed.filter((other) => halves(other)[0] !== publisher);
  const plugins = others.filter((other) => looksAlike(name, halves(other)[1], mostEdits));
  const isNew = others.length === listed.length;
  const publishers = isNew
    ? [...new Set(others.map((other) => halves(other)[0]))].filter((other) => looksAlike(publisher, other, mostEdits))
    : [];
  return [
    ...(plugins.length === 0 ? [] : [{ name, names: plugins.slice(0, MOST_NAMES) }]),
    ...(publishers.length === 0 ? [] : [{ name: publisher, names: publishers.slice(0, MOST_NAMES) }]),
  ].map((facts) => ({ ruleId: 'name.similar', facts }));
}
const MOST_NAMES = 100;

/** The version is above the last one. */
export const versionAbove: Check = ({ release, previous }) => {
  if (release === undefined) return NO_RELEASE;
  if (previous === undefined) return { outcome: 'notApplicable', reason: 'there is no earlier release' };
  const { version } = release;
  if (compareVersions(version, previous.version) > 0) return { outcome: 'pass' };
  return { findings: [{ ruleId: 'version.not-above', facts: { version, previous: previous.version } }] };
};

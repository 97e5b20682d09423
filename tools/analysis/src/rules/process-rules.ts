// Rules of process plugins: the zip they come in, its manifest, and what nobody can say of them. Spread into RULES.

import type { Finding } from '@plugmark/schemas';
import { PROCESS_SENTENCE } from '@plugmark/schemas';
import { error, type Rule, remark, review } from './rule.ts';

/** `lib/x.py: the same name as another entry`. */
const entry = ({ path, problem }: Finding['facts']): string =>
  path === undefined ? String(problem) : `${path}: ${problem}`;

export const PROCESS_RULES = {
  'zip.malformed': error('integrity', {
    needs: 'zip',
    title: 'The file is not a well-formed zip',
    why: 'What cannot be read cannot be unpacked the same way by everyone.',
    fix: 'Make the archive again with a common tool, e.g. `zip -rX plugin.zip .` or Python’s `zipfile`.',
    say: entry,
  }),
  'zip.ambiguous': error('security', {
    needs: 'zip',
    title: 'Two programs could read two different archives',
    why: 'Unpackers differ in which of two headers, names or directories they believe, so what was looked at may not be what is installed.',
    fix: 'Make the archive in one go from files on disk, not from a pipe: nothing before or after it, no zip64, names in ASCII or marked as UTF-8 (`zip -UN=UTF8`).',
    say: entry,
  }),
  'zip.content-mismatch': error('integrity', {
    needs: 'zip',
    title: 'A file in the archive is not what its header says',
    why: 'Size and checksum are how an unpacker notices damage; some do not look.',
    fix: 'Make the archive again.',
    say: entry,
  }),
  'zip.path-unsafe': error('security', {
    needs: 'zip',
    title: 'A name in the archive that is not safe to unpack',
    why: 'Such a name can write outside the plugin’s folder, become another file on another system, or look like another name.',
    fix: 'Use relative names with forward slashes, of visible characters, that Windows allows too.',
    say: entry,
  }),
  'zip.path-duplicate': error('security', {
    needs: 'zip',
    title: 'Two entries of the archive become one file',
    why: 'The later one replaces the earlier, on every system or on those that fold case or accents: what was looked at is not what runs.',
    fix: 'Give each file a name of its own, whatever its case.',
    say: entry,
  }),
  'zip.special-file': error('security', {
    needs: 'zip',
    title: 'The archive holds more than files and folders',
    why: 'A link leads out of the plugin’s folder when it is unpacked; devices and set-user-id files have no place in a plugin.',
    fix: 'Put the files themselves into the archive (`zip` without `-y`).',
    say: entry,
  }),
  'zip.encrypted': error('security', {
    needs: 'zip',
    title: 'The archive is encrypted',
    why: 'Nobody can look at what they cannot unpack.',
    fix: 'Make the archive without a password.',
    say: entry,
  }),
  'zip.method-unsupported': error('abi-compatibility', {
    needs: 'zip',
    title: 'A file is packed by a method not every unpacker has',
    why: 'Stored and deflated are the two that all of them read alike.',
    fix: 'Use the default method of your tool, which is deflate.',
    say: entry,
  }),
  'zip.too-large': error('resource-limit', {
    needs: 'zip',
    title: 'The archive unpacks to more than is read',
    why: 'A small archive can fill a disk.',
    fix: 'Leave out what the plugin does not need; load large data from elsewhere.',
    say: entry,
  }),
  'process.manifest-missing': error('abi-compatibility', {
    needs: 'zip',
    title: 'The archive has no plugin.json at its top',
    why: 'The host reads there what the plugin is and which file to start.',
    fix: 'Pack what is in the folder, not the folder: `cd plugin && zip -rX ../plugin.zip .`.',
    say: ({ instead }) => (instead === undefined ? 'no plugin.json' : `no plugin.json at the top; there is ${instead}`),
  }),
  'process.manifest-invalid': error('abi-compatibility', {
    needs: 'zip',
    title: 'plugin.json is not what the host reads',
    why: 'The host takes name, version, id, capabilities and entry_point, and nothing else.',
    fix: 'Correct the field; the schema process-manifest lists them.',
    say: ({ problem }) => `plugin.json: ${problem}`,
  }),
  'process.manifest-mismatch': error('integrity', {
    needs: 'zip',
    title: 'plugin.json says something else than the release',
    why: 'People see the release; the host sees plugin.json. They must be told the same.',
    fix: 'Write the same id, version and capabilities in both.',
    say: ({ field, actual, expected }) => `${field} is ${actual} in plugin.json and ${expected} in the release`,
  }),
  'process.entry-missing': error('abi-compatibility', {
    needs: 'zip',
    title: 'The program that plugin.json names is not in the archive',
    why: 'The host could not start the plugin.',
    fix: 'Correct entry_point; upper and lower case count.',
    say: ({ entry: path }) => `no file ${path}`,
  }),
  'process.opaque-file': remark('quality', {
    needs: 'zip',
    title: 'A file that cannot be read as source',
    why: 'A person reviews a process plugin by reading it; native and compiled code and archives in the archive cannot be read.',
    fix: 'Ship sources, and say in the README where the rest comes from.',
    say: ({ path, kind }) => `${path}: ${kind}`,
  }),
  'process.unbounded': {
    ...review('security', {
      needs: 'zip',
      title: `${PROCESS_SENTENCE}`,
      why: 'It runs as a program of its own. Its bytes do not show what it does, its capabilities are its author’s word, and nothing confines it.',
      fix: 'Nothing to correct: every process plugin is looked at by a person. As a WebAssembly plugin it could be bounded by its imports.',
      say: () => PROCESS_SENTENCE,
    }),
    atLeast: 'review',
  },
} as const satisfies Record<string, Rule>;

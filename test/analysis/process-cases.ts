// The vectors of process plugins: an archive with one thing wrong, and its honest neighbour. `BLESS=1` writes the directories;
// test/analysis/vectors.test.ts runs them.
import { crc32, deflateRun, deflateStored, u16, u32, utf8, type ZipItem, zipArchive } from '../testkit/zip-builder.ts';
import type { AnalysisVector } from './vector.ts';

interface ProcessCase {
  readonly says: string;
  readonly bytes: Uint8Array;
  readonly previous?: Uint8Array;
  /** Besides the process profile. */
  readonly vector?: AnalysisVector;
}

const MANIFEST = {
  name: 'Thing',
  version: '1.1.0',
  id: 'acme/thing',
  capabilities: ['events'],
  entry_point: 'main.py',
};
const manifest = (members: object = {}): ZipItem => ({
  name: 'plugin.json',
  content: `${JSON.stringify({ ...MANIFEST, ...members })}\n`,
});
const main: ZipItem = { name: 'main.py', content: 'import sys\n\nfor line in sys.stdin:\n    print(line, end="")\n' };
const EVENTS = { id: 'events', reason: 'says what it found' };
const RELEASE: AnalysisVector = { release: { capabilities: [EVENTS] } };

const plugin = (...more: readonly ZipItem[]): Uint8Array => zipArchive([manifest(), main, ...more]);
const file = (name: string, content = 'x\n'): ZipItem => ({ name, content });
const nulls = (count: number): Uint8Array => new Uint8Array(count);
/** `flags` for an entry whose sizes stand after its data. */
const STREAMED = 8;

const run = deflateRun(0x61, 4);
const RUN = new Array<number>(1 + 258 * 4).fill(0x61);
const BOMB = 8200;

const honest = plugin();
const end = honest.subarray(honest.length - 22);

/** The local part of an archive of one file. */
const INNER = zipArchive([file('b.py')]).subarray(0, 30 + 4 + 2);

const named = (says: string, name: string): ProcessCase => ({ says, bytes: plugin(file(name)) });

export const PROCESS_CASES: Readonly<Record<string, ProcessCase>> = {
  'process-honest': {
    says: 'A program with its plugin.json and a release that says the same: to be looked at, not refused.',
    bytes: honest,
  },
  'process-bare-file': { says: 'The same archive without a release.', bytes: honest, vector: {} },
  'process-other-tools': {
    says: 'Folders, deflate, sizes after the data, times and owners, names beyond ASCII, an archive comment: what common tools write.',
    bytes: zipArchive(
      [
        { name: 'lib/' },
        { name: 'lib/a.txt', content: RUN, deflated: run, flags: 2 },
        { name: 'lib/b.txt', content: RUN, deflated: run, flags: STREAMED },
        { ...file('lib/c.txt'), extra: [...u16(0x5455), ...u16(5), 3, ...u32(0), ...u16(0x7875), ...u16(3), 1, 1, 0] },
        { ...file('lib/d.txt'), local: { extra: [0, 0] } },
        {
          name: 'lib/e.txt',
          content: 'x\n',
          deflated: deflateStored(utf8('x\n')),
          flags: STREAMED,
          descriptor: [...u32(crc32(utf8('x\n'))), ...u32(7), ...u32(2)],
        },
        file('daten/größe – 大きさ.txt'),
        { ...file('from-windows.txt'), attributes: 0x20 },
        manifest(),
        main,
      ],
      { comment: 'made by hand' },
    ),
  },
  'process-empty_fail': { says: 'An archive without entries.', bytes: zipArchive([]) },
  'process-not-a-zip_fail': {
    says: 'A web page where a zip should be.',
    bytes: Uint8Array.from(utf8('<!doctype html>')),
  },
  'process-cut-off_fail': { says: 'The download ended early.', bytes: honest.subarray(0, honest.length - 30) },
  'process-cut-in-comment_fail': {
    says: 'The download ended in the comment.',
    bytes: zipArchive([manifest(), main], { comment: 'made by hand' }).subarray(0, -3),
  },
  'process-count_fail': {
    says: 'The end record counts one entry more than there is.',
    bytes: zipArchive([manifest(), main], { entries: 3 }),
  },
  'process-record_fail': {
    says: 'A record of the directory has no signature.',
    bytes: honest.map((byte, at) => (at === honest.length - 22 - 2 * 46 - 18 ? 0 : byte)),
  },
  'process-extra-field_fail': {
    says: 'An extra field is longer than the space it is given.',
    bytes: plugin({ ...file('a.txt'), extra: [...u16(0x5455), ...u16(40), 0] }),
  },
  'process-deflate_fail': {
    says: 'Compressed data of a kind that deflate does not have.',
    bytes: plugin({ name: 'a.txt', content: 'x', deflated: [7, 0] }),
  },
  'process-two-ends_fail': {
    says: 'A second end record stands in the comment of the first, and both reach the end.',
    bytes: zipArchive([manifest(), main], { comment: [...end] }),
  },
  'process-end-in-comment_fail': {
    says: 'A second end record that only readers who do not measure comments would take.',
    bytes: zipArchive([manifest(), main], { comment: [...end, 1, 2, 3] }),
  },
  'process-bytes-before_fail': {
    says: 'A program before the archive, as self-extracting archives have.',
    bytes: zipArchive([manifest(), main], { before: utf8('#!/bin/sh\n') }),
  },
  'process-bytes-between_fail': {
    says: 'Bytes between two entries that no header covers.',
    bytes: zipArchive([{ ...manifest(), after: [1, 2, 3] }, main]),
  },
  'process-bytes-before-end_fail': {
    says: 'Bytes between the directory and the end record.',
    bytes: zipArchive([manifest(), main], { beforeEnd: [1, 2, 3] }),
  },
  'process-bytes-after_fail': {
    says: 'Bytes after the end record.',
    bytes: zipArchive([manifest(), main], { after: [1, 2, 3] }),
  },
  'process-overlap_fail': {
    says: 'A second file lies inside the content of the first.',
    bytes: zipArchive([
      { name: 'a.bin', content: INNER },
      { ...file('b.py'), headerOffset: 35, hidden: true },
      manifest(),
      main,
    ]),
  },
  'process-zip64_fail': {
    says: 'The sizes stand in a zip64 field, where they could be others.',
    bytes: plugin({ ...file('a.txt'), extra: [...u16(1), ...u16(16), ...u32(9), ...u32(0), ...u32(9), ...u32(0)] }),
  },
  'process-zip64-end_fail': {
    says: 'The number of entries is left to a zip64 record.',
    bytes: zipArchive([manifest(), main], { entries: 0xffff }),
  },
  'process-split_fail': { says: 'The second disk of several.', bytes: zipArchive([manifest(), main], { disk: 1 }) },
  'process-second-name_fail': {
    says: 'An extra field gives the file another name for those who read it.',
    bytes: plugin({
      ...file('a.txt'),
      extra: [...u16(0x7075), ...u16(10), 1, ...u32(crc32(utf8('a.txt'))), ...utf8('b.txt')],
    }),
  },
  'process-name-encoding_fail': {
    says: 'A name of an old code page.',
    bytes: plugin({ name: [0x81, 0x2e, 0x70, 0x79], content: 'x', flags: 0 }),
  },
  'process-name-utf8_fail': {
    says: 'A name that is marked as UTF-8 and is none.',
    bytes: plugin({ name: [0xc3, 0x28], content: 'x', flags: 0x0800 }),
  },
  'process-other-name_fail': {
    says: 'The local header names another file than the directory.',
    bytes: plugin({ ...file('a.py'), local: { name: 'b.py' } }),
  },
  'process-other-size_fail': {
    says: 'The local header names another size than the directory.',
    bytes: plugin({ ...file('a.py'), local: { size: 1 } }),
  },
  'process-other-method_fail': {
    says: 'The local header names another method than the directory.',
    bytes: plugin({ ...file('a.py'), local: { method: 8 } }),
  },
  'process-descriptor_fail': {
    says: 'The sizes after the data are not those of the directory.',
    bytes: plugin({
      name: 'a.txt',
      content: RUN,
      deflated: run,
      flags: STREAMED,
      descriptor: [...u32(0x08074b50), ...u32(1), ...u32(2), ...u32(3)],
    }),
  },
  'process-streamed-stored_fail': {
    says: 'Stored data whose size only the directory knows.',
    bytes: plugin({ ...file('a.txt'), flags: STREAMED }),
  },
  'process-crc_fail': {
    says: 'A file with another checksum than its headers say.',
    bytes: plugin({ ...file('a.txt'), crc: 1 }),
  },
  'process-longer_fail': {
    says: 'A file that unpacks to more than its headers say.',
    bytes: plugin({ name: 'a.txt', content: RUN, deflated: run, size: 100 }),
  },
  'process-shorter_fail': {
    says: 'A file that unpacks to less than its headers say.',
    bytes: plugin({ name: 'a.txt', content: RUN, deflated: run, size: 2000 }),
  },
  'process-data-after-deflate_fail': {
    says: 'Bytes behind the end of the compressed data, inside the entry.',
    bytes: plugin({ name: 'a.txt', content: RUN, deflated: [...run, 1, 2] }),
  },
  'process-path-absolute_fail': named('A path from the root of the disk.', '/etc/cron.d/job'),
  'process-path-drive_fail': named('A path with a drive letter.', 'C:x.py'),
  'process-path-parent_fail': named('A path that leads out of the folder.', '../../.bashrc'),
  'process-path-dots-inside': named('Dots inside names lead nowhere.', 'a..b/.hidden/...c'),
  'process-path-backslash_fail': named('A path that leads out of the folder on Windows.', '..\\..\\start.bat'),
  'process-path-control_fail': named('A line break in a name.', 'a\nb.py'),
  'process-path-nul_fail': named('A null character, at which many programs end the name.', 'main.py\0.txt'),
  'process-path-bidi_fail': named('A mark that turns the direction of the name.', 'main\u202etxt.py'),
  'process-path-invisible_fail': named('A space without width.', 'ma\u200bin.py'),
  'process-path-device_fail': named('A device of Windows, whatever its extension.', 'data/nul.txt'),
  'process-path-device-like': named('Names that only begin like a device.', 'console/nullable.txt'),
  'process-path-dot-at-end_fail': named('A dot at the end, which Windows drops.', 'main.py.'),
  'process-path-empty_fail': named('An empty part of a path.', 'a//b.py'),
  'process-path-nameless_fail': named('An entry without a name.', ''),
  'process-path-long_fail': named('A path longer than Windows takes.', `${'a'.repeat(100)}/${'b'.repeat(100)}`),
  'process-path-deep_fail': named('Seventeen folders.', `${'a/'.repeat(16)}b`),
  'process-duplicate_fail': {
    says: 'Two files of one name: the program that was looked at, and the one that stays.',
    bytes: plugin({ name: 'main.py', content: 'print("other")\n' }),
  },
  'process-duplicate-case_fail': { says: 'Two names that differ in case only.', bytes: plugin(file('Main.PY')) },
  'process-duplicate-accent_fail': {
    says: 'Two spellings of one accented name.',
    bytes: plugin(file('é.py'), file('e\u0301.py')),
  },
  'process-duplicate-sharp-s_fail': {
    says: 'Two names that case folding makes one.',
    bytes: plugin(file('straße.py'), file('STRASSE.py')),
  },
  'process-duplicate-folder_fail': {
    says: 'Two folders that differ in case only.',
    bytes: plugin(file('lib/a.py'), file('LIB/b.py')),
  },
  'process-file-as-folder_fail': { says: 'A file that is also a folder.', bytes: plugin(file('main.py/x.py')) },
  'process-folder-twice-used': {
    says: 'A folder of its own entry with two files.',
    bytes: plugin({ name: 'lib/' }, file('lib/a.py'), file('lib/b.py')),
  },
  'process-symlink_fail': {
    says: 'A symbolic link out of the folder.',
    bytes: plugin({ ...file('data', '/etc/passwd'), attributes: 0xa1ff0000 }),
  },
  'process-fifo_fail': { says: 'A pipe with a name.', bytes: plugin({ ...file('pipe'), attributes: 0x11a40000 }) },
  'process-set-user-id_fail': {
    says: 'A file that runs as its owner.',
    bytes: plugin({ ...file('tool'), attributes: 0x89ed0000 }),
  },
  'process-reparse-point_fail': {
    says: 'A junction of Windows.',
    bytes: plugin({ ...file('data'), attributes: 0x400 }),
  },
  'process-folder-by-attribute_fail': {
    says: 'A folder by its attributes, a file by its name.',
    bytes: plugin({ ...file('data'), attributes: 0x41ed0010 }),
  },
  'process-folder-data_fail': { says: 'A folder with content.', bytes: plugin({ name: 'data/', content: 'x\n' }) },
  'process-executable': {
    says: 'A file that may be run is no special file.',
    bytes: plugin({ ...file('tool.sh', '#!/bin/sh\n'), attributes: 0x81ed0000 }),
  },
  'process-encrypted_fail': { says: 'An encrypted file.', bytes: plugin({ ...file('a.txt'), flags: 1 }) },
  'process-encrypted-aes_fail': {
    says: 'A file encrypted by an extra field.',
    bytes: plugin({ ...file('a.txt'), extra: [...u16(0x9901), ...u16(7), 2, 0, 0x41, 0x45, 3, 0, 0] }),
  },
  'process-method_fail': { says: 'A file packed with LZMA.', bytes: plugin({ ...file('a.txt'), method: 14 }) },
  'process-flags_fail': { says: 'A flag of patched data.', bytes: plugin({ ...file('a.txt'), flags: 0x20 }) },
  'process-bomb_fail': {
    says: 'Fourteen kilobytes that unpack to two megabytes.',
    bytes: plugin({
      name: 'a.bin',
      content: new Uint8Array(1 + 258 * BOMB).fill(0x61),
      deflated: deflateRun(0x61, BOMB),
    }),
  },
  'process-bomb-small': {
    says: 'A small file of one letter packs as well, and fills no disk.',
    bytes: plugin({ name: 'a.bin', content: RUN, deflated: run }),
  },
  'process-file-too-large_fail': {
    says: 'A file that says it has a gigabyte.',
    bytes: plugin({ ...file('a.bin'), size: 1 << 30, packedSize: 2 }),
  },
  'process-total-too-large_fail': {
    says: 'A hundred and twenty-nine files of a megabyte each, by their headers.',
    bytes: plugin(...Array.from({ length: 129 }, (_, i): ZipItem => ({ ...file(`${i}`), size: 1_048_576 }))),
  },
  'process-entries_fail': {
    says: 'More entries than are read.',
    bytes: zipArchive([manifest(), main], { entries: 2001 }),
  },
  'process-manifest-missing_fail': { says: 'No plugin.json.', bytes: zipArchive([main]) },
  'process-manifest-in-folder_fail': {
    says: 'The folder was packed, not what is in it.',
    bytes: zipArchive([
      { ...manifest(), name: 'thing/plugin.json' },
      { ...main, name: 'thing/main.py' },
    ]),
  },
  'process-manifest-case_fail': {
    says: 'Plugin.json is found on some systems only.',
    bytes: zipArchive([{ ...manifest(), name: 'Plugin.json' }, main]),
  },
  'process-manifest-no-json_fail': {
    says: 'A plugin.json with a comment.',
    bytes: zipArchive([{ name: 'plugin.json', content: '{} // to do\n' }, main]),
  },
  'process-manifest-field_fail': {
    says: 'A plugin.json without entry_point.',
    bytes: zipArchive([manifest({ entry_point: undefined }), main]),
  },
  'process-manifest-path_fail': {
    says: 'An entry point outside the archive.',
    bytes: zipArchive([manifest({ entry_point: '../main.py' }), main]),
  },
  'process-manifest-large_fail': {
    says: 'A plugin.json of 70 kilobytes.',
    bytes: zipArchive([{ name: 'plugin.json', content: `{"name":"${'x'.repeat(70_000)}"}` }, main]),
  },
  'process-manifest-nested_fail': {
    says: 'A plugin.json of 30,000 brackets.',
    bytes: zipArchive([{ name: 'plugin.json', content: '['.repeat(30_000) }, main]),
  },
  'process-entry-missing_fail': {
    says: 'The entry point is spelled otherwise than the file.',
    bytes: zipArchive([manifest({ entry_point: 'Main.py' }), main]),
  },
  'process-entry-folder_fail': {
    says: 'The entry point is a folder.',
    bytes: zipArchive([manifest({ entry_point: 'main' }), main, { name: 'main/' }]),
  },
  'process-other-id_fail': {
    says: 'The plugin.json of another plugin than the release.',
    bytes: zipArchive([manifest({ id: 'initech/thing' }), main]),
  },
  'process-other-version_fail': {
    says: 'The version grew in the release and not in plugin.json.',
    bytes: zipArchive([manifest({ version: '1.0.0' }), main]),
  },
  'process-other-capabilities_fail': {
    says: 'The manifest inside asks for more than the release declares.',
    bytes: zipArchive([manifest({ capabilities: ['events', 'network'] }), main]),
  },
  'process-capability-unknown_fail': {
    says: 'A capability that the host does not have.',
    bytes: zipArchive([manifest({ capabilities: ['telepathy'] }), main]),
    vector: { release: { capabilities: [{ id: 'telepathy', reason: 'to know' }] } },
  },
  'process-capability-order': {
    says: 'The same capabilities in another order, one of them with a parameter.',
    bytes: zipArchive([manifest({ capabilities: ['network', 'events', 'network'] }), main]),
    vector: {
      release: {
        capabilities: [EVENTS, { id: 'network', params: { hosts: ['example.org'] }, reason: 'asks a server' }],
      },
    },
  },
  'process-nested-archive': {
    says: 'An archive in the archive is said, and not unpacked.',
    bytes: plugin({ name: 'data.zip', content: [...zipArchive([file('../x')])] }),
  },
  'process-native-code': {
    says: 'A library of machine code is said.',
    bytes: plugin(
      { name: 'lib/fast.so', content: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0] },
      { name: 'lib/old.pyc', content: [0xcb, 0x0d, 0x0d, 0x0a, ...nulls(20)] },
    ),
  },
  'process-native-code_fail': {
    says: 'A policy may ask that every file can be read.',
    bytes: plugin({ name: 'lib/fast.so', content: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0] }),
    vector: { ...RELEASE, policyWith: { rules: { 'process.opaque-file': 'fail' } } },
  },
  'process-policy-note': {
    says: 'A policy cannot make a process less than a matter for a person.',
    bytes: honest,
    vector: { ...RELEASE, policyWith: { rules: { 'process.unbounded': 'note' } } },
  },
  'process-policy-fail_fail': {
    says: 'A policy may refuse all processes.',
    bytes: honest,
    vector: { ...RELEASE, policyWith: { rules: { 'process.unbounded': 'fail' } } },
  },
  'process-exception': {
    says: 'No exception covers that a process is unbounded.',
    bytes: honest,
    vector: {
      ...RELEASE,
      exceptions: [
        {
          ruleId: 'process.unbounded',
          reason: 'we trust it',
          approvedBy: { name: 'a maintainer' },
          since: '2026-01-01T00:00:00Z',
          expires: '2027-01-01T00:00:00Z',
        },
      ],
    },
  },
  'process-widened_fail': {
    says: 'The program became one that its author says uses the network.',
    bytes: zipArchive([manifest({ capabilities: ['events', 'network'] }), main]),
    previous: zipArchive([manifest({ version: '1.0.0' }), main]),
    vector: {
      release: { capabilities: [EVENTS, { id: 'network', reason: 'asks a server' }] },
      previous: { version: '1.0.0', capabilities: [EVENTS] },
      policyWith: { rules: { 'capability.widened': 'fail' } },
    },
  },
  'process-for-core_fail': {
    says: 'A zip for a host of core modules.',
    bytes: honest,
    vector: { ...RELEASE, profile: 'core', release: { capabilities: [] } },
  },
  'process-is-wasm_fail': {
    says: 'A module for a host of processes.',
    bytes: Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
    vector: { release: { capabilities: [] } },
  },
  'process-unsigned_fail': {
    says: 'A process plugin nobody signed.',
    bytes: honest,
    vector: { ...RELEASE, signature: 'missing' },
  },
};

/** What `submission.json` of a case says. */
export const processVector = ({ vector = RELEASE }: ProcessCase): AnalysisVector => ({ profile: 'process', ...vector });

// Files with lists of dependencies as toolchains embed them, made here so that they are the same bytes in every runtime.
import type { CycloneDxOptions } from '@plugmark/analysis';
import { component, section, WasmBuilder } from '../testkit/wasm-builder.ts';
import { zipArchive } from '../testkit/zip-builder.ts';
import { releaseFor } from './vector.ts';

interface CycloneDxCase {
  readonly bytes: () => Uint8Array;
  readonly options?: CycloneDxOptions;
}

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

/** Zlib data in stored blocks: what a compressor makes differs between runtimes. */
export function zlibStored(data: readonly number[]): number[] {
  let [a, b] = [1, 0];
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  const blocks: number[] = [];
  for (let at = 0; at === 0 || at < data.length; at += 65535) {
    const part = data.slice(at, at + 65535);
    const length = [part.length & 0xff, part.length >> 8];
    blocks.push(at + 65535 >= data.length ? 1 : 0, ...length, ...length.map((byte) => byte ^ 0xff), ...part);
  }
  return [0x78, 0x01, ...blocks, b >> 8, b & 0xff, a >> 8, a & 0xff];
}

const GO_START = [0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6];
const GO_END = [0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2];

export const withDepV0 = (content: readonly number[]): Uint8Array =>
  new WasmBuilder().custom('.dep-v0', content).build();
export const withCargo = (value: unknown): Uint8Array => withDepV0(zlibStored(utf8(JSON.stringify(value))));
export const withGo = (text: string, end: readonly number[] = GO_END): Uint8Array =>
  new WasmBuilder()
    .memory({ min: 1 })
    .data(0, utf8('before'))
    .data(64, [...utf8('0w0w\u0000'), ...GO_START, ...utf8(text), ...end])
    .build();

const CARGO = {
  packages: [
    { name: 'acme-thing', version: '1.1.0', source: 'local', dependencies: [1, 2], root: true },
    { name: 'serde', version: '1.0.200', source: 'public', dependencies: [3] },
    { name: 'fft', version: '0.2.0+simd', source: 'git' },
    { name: 'serde_derive', version: '1.0.200', source: 'public', kind: 'build' },
  ],
};

const GO = [
  'path\tgithub.com/acme/thing/cmd/thing',
  'mod\tgithub.com/acme/thing\t(devel)\t',
  'dep\tgolang.org/x/text\tv0.14.0\th1:ScX5w1eTa3QqT8oi6+ziP7dTV1S2+ALU0bI+0zXKWiQ=',
  'dep\tgithub.com/Acme/fft/v2\tv2.0.0\t',
  '=>\tgithub.com/initech/fft/v2\tv2.0.1+incompatible\th1:aaaa=',
  'dep\tgithub.com/acme/local\tv0.0.0\t',
  '=>\t./local\t(devel)\t',
  'build\t-compiler=gc',
  '',
].join('\n');

const producers = {
  language: [['Rust', '']],
  'processed-by': [
    ['rustc', '1.80.0 (051478957 2024-07-21)'],
    ['\u202e<b>', '1'],
  ],
} as const;
const plain = (): Uint8Array => new WasmBuilder().producers(producers).build();
const nested = (): Uint8Array => component(section(1, [...withCargo(CARGO)]), section(1, [...withGo(GO)]));

const release = await releaseFor(plain(), {
  source: { repository: 'https://github.com/acme/thing' },
  version: '1.1.0-rc.1',
});

export const CYCLONEDX_CASES: Readonly<Record<string, CycloneDxCase>> = {
  'no-list': { bytes: plain, options: { name: 'a plugin*.wasm' } },
  release: {
    bytes: plain,
    options: {
      release,
      serialNumber: 'urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79',
      timestamp: '2026-06-01T00:00:00Z',
    },
  },
  cargo: { bytes: () => withCargo(CARGO) },
  go: { bytes: () => withGo(GO) },
  component: { bytes: nested },
  'not-zlib': { bytes: () => withDepV0([1, 2, 3]) },
  'not-a-list': { bytes: () => withCargo({ packages: [{ name: 'a b', version: '1', source: 'local' }] }) },
  'zlib-cut-short': { bytes: () => withDepV0(zlibStored(utf8(JSON.stringify(CARGO))).slice(0, -5)) },
  'zlib-and-more': { bytes: () => withDepV0([...zlibStored(utf8(JSON.stringify(CARGO))), 1, 2, 3]) },
  'zlib-wrong-sum': { bytes: () => withDepV0([...zlibStored(utf8(JSON.stringify(CARGO))).slice(0, -1), 0]) },
  'go-without-end': { bytes: () => withGo(GO, []) },
  process: {
    bytes: () =>
      zipArchive([
        { name: 'lib/größe.txt', content: 'x\n' },
        { name: 'main.py', content: 'print(1)\n' },
        {
          name: 'plugin.json',
          content: '{"name":"T","version":"1.0.0","id":"acme/thing","capabilities":[],"entry_point":"main.py"}',
        },
      ]),
  },
  'process-no-manifest': { bytes: () => zipArchive([]), options: { name: 'a plugin.zip' } },
  'go-hostile': { bytes: () => withGo('mod\t<script>\tv1\t\n') },
};

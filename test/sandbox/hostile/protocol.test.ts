// A child that lies. Whatever it says, the parent ends with runs of a known shape, never believes a message out of turn, and kills it.
import { parse, VectorRun } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { meteringOf } from '../../../tools/sandbox/src/prepare.ts';
import { VectorListener } from '../../../tools/sandbox/src/vector-listener.ts';
import { sandboxHost, vectorOf } from '../sandbox-host.ts';
import { hostileChild, SAY } from './hostile-child.ts';

const NONCE = 'c0ffee';
const profile = sandboxHost();
const vectors = [vectorOf([['run'], ['run']])];

const ENGINE = `let n = 0; const msg = (m) => say({ nonce: '${NONCE}', number: n++, ...m });
msg({ kind: 'engine', v8: '1', node: '1' });`;
const BEGUN = `${ENGINE} msg({ kind: 'begun', vector: 0 });`;
const STARTED = `${BEGUN} msg({ kind: 'started', vector: 0, milliseconds: 1, fuel: 0 });`;
const CALLED = `{ kind: 'called', vector: 0, call: 0, ending: 'ok', output: [1], fuel: 3, hostCalls: 0, milliseconds: 1 }`;
const ENDED = `{ kind: 'ended', vector: 0, ending: 'ok', memorySha256: '0'.repeat(64), hostCallLogSha256: '0'.repeat(64), hostCalls: 0, hostCallLog: [], printed: '', peakMemoryBytes: 0, residentBytes: 0 }`;
const honest = `${STARTED} msg(${CALLED}); msg({ ...${CALLED}, call: 1 }); msg(${ENDED}); msg({ kind: 'done' });`;

interface Lie {
  readonly name: string;
  readonly script: string;
  readonly ending: string;
  readonly detail: RegExp;
  /** Calls that were believed before. */
  readonly calls?: number;
}

const NOT_BELIEVED = /not believed/;
const LIES: readonly Lie[] = [
  {
    name: 'garbage',
    script: `writeSync(1, Buffer.alloc(4096, 7)); wait();`,
    ending: 'crash',
    detail: /longer than any/,
  },
  { name: 'a frame that is no JSON', script: `say('{'); wait();`, ending: 'crash', detail: /a message that is none/ },
  {
    name: 'a frame without end',
    script: `writeSync(1, Buffer.from([0, 0, 0, 127])); for (;;) writeSync(1, Buffer.alloc(65536));`,
    ending: 'crash',
    detail: /longer than any/,
  },
  {
    name: 'bytes that are no UTF-8',
    script: `writeSync(1, Buffer.from([1, 0, 0, 0, 255])); wait();`,
    ending: 'crash',
    detail: /a message that is none/,
  },
  {
    name: 'another nonce',
    script: `say({ nonce: 'x', number: 0, kind: 'engine', v8: '1', node: '1' }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'a message left out',
    script: `${ENGINE} n++; msg({ kind: 'begun', vector: 0 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'a message repeated',
    script: `${BEGUN} msg({ kind: 'begun', vector: 0 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'a member that is not in the schema',
    script: `${ENGINE} msg({ kind: 'begun', vector: 0, verdict: 'pass' }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'an output before the start',
    script: `${BEGUN} msg(${CALLED}); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'the second call first',
    script: `${STARTED} msg({ ...${CALLED}, call: 1 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'more calls than the vector has',
    script: `${STARTED} msg(${CALLED}); msg({ ...${CALLED}, call: 1 }); msg({ ...${CALLED}, call: 2 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
    calls: 2,
  },
  {
    name: 'more fuel than there was',
    script: `${STARTED} msg({ ...${CALLED}, fuel: 5000001 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'more host calls than are allowed',
    script: `${STARTED} msg({ ...${CALLED}, hostCalls: 1001 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'negative fuel',
    script: `${STARTED} msg({ ...${CALLED}, fuel: -1 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'a call that went well without an output',
    script: `${STARTED} msg({ ...${CALLED}, output: undefined }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'a good end after a bad call',
    script: `${STARTED} msg({ ...${CALLED}, ending: 'trap', output: undefined }); msg(${ENDED}); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
    calls: 1,
  },
  {
    name: 'a good end before the calls',
    script: `${STARTED} msg(${ENDED}); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'a vector that is not its own',
    script: `${ENGINE} msg({ kind: 'begun', vector: 1 }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'done before anything was done',
    script: `${ENGINE} msg({ kind: 'done' }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'half a surrogate pair in an output',
    script: `${STARTED} msg({ ...${CALLED}, output: '\\ud800' }); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  {
    name: 'an output nested without end',
    script: `${STARTED} const text = JSON.stringify({ nonce: '${NONCE}', number: n++, ...${CALLED}, output: 0 }); say(text.replace('"output":0', '"output":' + '['.repeat(5000) + ']'.repeat(5000))); wait();`,
    ending: 'crash',
    detail: NOT_BELIEVED,
  },
  { name: 'silence', script: `${STARTED} wait();`, ending: 'timeout', detail: /time was up/ },
  {
    name: 'silence after one answer',
    script: `${STARTED} msg(${CALLED}); wait();`,
    ending: 'timeout',
    detail: /time was up/,
    calls: 1,
  },
  { name: 'an early end', script: `${STARTED} process.exit(0);`, ending: 'crash', detail: /exit code 0/ },
  { name: 'an exit code', script: `${STARTED} process.exit(3);`, ending: 'crash', detail: /exit code 3/ },
  {
    name: 'too much JavaScript memory',
    script: `${STARTED} const all = []; for (;;) all.push(new Array(1e6).fill(all.length));`,
    ending: 'crash',
    detail: /SIG|exit code/,
  },
  {
    name: 'noise on standard error',
    script: `${STARTED} for (let i = 0; i < 2000; i++) writeSync(2, Buffer.alloc(65536, 65)); process.exit(4);`,
    ending: 'crash',
    detail: /exit code 4/,
  },
];

async function hearOut(script: string, milliseconds = 15_000): Promise<VectorRun[]> {
  const listener = new VectorListener({
    nonce: NONCE,
    vectors,
    from: 0,
    metering: meteringOf(profile),
    engine: 0,
    limits: profile.limits,
    wall: () => milliseconds,
  });
  const { end } = await hostileChild(SAY + script, { hear: (frame) => listener.hear(frame) });
  return listener.finish(end).map((run) => parse(VectorRun, run, 'run'));
}

test('a child that keeps to the order is believed', async () => {
  const [run] = await hearOut(honest);
  expect(run).toMatchObject({ ending: 'ok', fuel: 6 });
  expect(run?.calls).toHaveLength(2);
});

test.each(LIES)('$name', async ({ script, ending, detail, calls = 0 }) => {
  const runs = await hearOut(script, ending === 'timeout' ? 400 : undefined);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ ending, detail: expect.stringMatching(detail) });
  expect(runs[0]?.calls).toHaveLength(calls);
  expect(runs[0]?.outputSha256).toBeUndefined();
});

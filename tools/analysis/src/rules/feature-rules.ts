import { error, found, grouped, info, list, type Rule, remark } from './rule.ts';

/** Proposals the file uses, and what keeps its answers from being the same everywhere. */
export const FEATURE_RULES = {
  'wasm.feature-unsupported': error('abi-compatibility', {
    needs: 'host',
    title: 'The file uses what the host’s engine lacks',
    why: 'The engine would refuse the file when it is loaded.',
    fix: 'Build without this feature of WebAssembly.',
    say: (f) => `uses ${f['feature']}; the engine of ${f['host']} does not have it`,
  }),
  'wasm.relaxed-simd': remark('determinism', {
    needs: 'bytes',
    title: 'Vector instructions whose results differ between machines',
    why: 'Relaxed SIMD leaves results to the processor, so the same input can give another answer elsewhere.',
    fix: 'Build without relaxed SIMD where answers have to be the same.',
    say: () => 'uses relaxed SIMD',
  }),
  'wasm.threads': remark('determinism', {
    needs: 'bytes',
    title: 'Shared memory or atomic instructions',
    why: 'With several threads results depend on scheduling, and waiting threads can measure time.',
    fix: 'Build without threads where answers have to be the same.',
    say: () => 'uses shared memory or atomics',
  }),
  'determinism.import': info('determinism', {
    needs: 'host',
    title: 'An import whose answers may differ from call to call',
    why: 'Clocks, random numbers, files, the network and other programs answer differently each time; the host’s profile says which imports do.',
    fix: 'Nothing, if the plugin needs it.',
    say: (f) => `answers of ${found(f)} may differ`,
  }),
  'determinism.nan-bits': info('determinism', {
    needs: 'bytes',
    title: 'The bits of a NaN can reach a result',
    why: 'Engines, and tiers of one engine, choose other bits for the same NaN. The code makes NaNs and has ways to look at bits of floats; whether one meets the other is not followed, so this says that it cannot be excluded.',
    fix: 'plugmark meter --canonicalize-nans makes the bits the same everywhere.',
    say: (f) => `${grouped(f['producing'])} instructions can make a NaN, and its bits can leave: ${list(f['ways'])}`,
  }),
  'determinism.memory-growth': info('determinism', {
    needs: 'host',
    title: 'How far memory grows is not settled by the file',
    why: 'memory.grow fails where the machine decides, unless the file’s own maximum is within what the host gives. Running out then differs from machine to machine.',
    fix: 'Set a maximum within the host’s limit when linking.',
    say: (f) => `memory grows; ${f['maximum']}, and ${f['host']} gives ${grouped(f['expected'])} bytes`,
  }),
  'determinism.table-growth': info('determinism', {
    needs: 'host',
    title: 'How far a table grows is not settled by the file',
    why: 'table.grow fails where the machine decides, unless the file’s own maximum is within what the host gives.',
    fix: 'Set a maximum within the host’s limit when linking.',
    say: (f) => `a table grows; ${f['maximum']}, and ${f['host']} gives ${grouped(f['expected'])} elements`,
  }),
  'determinism.async': info('determinism', {
    needs: 'bytes',
    title: 'A component that waits, or whose types cannot be read',
    why: 'The order in which asynchronous calls, streams and futures complete is the host’s. Where WIT has no words for a type it cannot be seen whether there are any.',
    fix: 'Use synchronous functions where answers have to be the same.',
    say: (f) => `${f['detail']}`,
  }),
} as const satisfies Record<string, Rule>;

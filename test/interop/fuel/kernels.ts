// Small programs whose fuel is interesting: one for every way in which wasmtime's rule could be got wrong.

/** A call with a budget, or bytes that the host puts into memory: at an address, or where the last call said. */
export type Step =
  | { readonly call: string; readonly args: readonly number[]; readonly budget: number }
  | { readonly write: string; readonly at: 'result' | number };

export interface Kernel {
  readonly wat: string;
  readonly steps: readonly Step[];
}

const PLENTY = 1_000_000_000;
const call = (name: string, args: readonly number[] = [], budget: number = PLENTY): Step => ({
  call: name,
  args,
  budget,
});
const each = (name: string, budgets: readonly number[], args: readonly number[] = []): Step[] =>
  budgets.map((budget) => call(name, args, budget));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const run = (body: string, ...steps: readonly Step[]): Kernel => ({
  wat: `(module (memory (export "memory") 1 2) (table 10 20 funcref) (global $g (mut i32) (i32.const 0))
    (type $v (func)) (elem (i32.const 0) $empty) (func $empty)
    (func $boom unreachable) (func (export "run") (param $n i32) (result i32) (local $i i32) (local $j i64)
    ${body} local.get $i))`,
  steps: steps.length > 0 ? steps : [call('run', [0]), call('run', [1]), call('run', [7])],
});

const COUNT_DOWN = 'local.get $n i32.const 1 i32.sub local.tee $n br_if';

export const KERNELS: Readonly<Record<string, Kernel>> = {
  fib: {
    wat: `(module (func $fib (export "fib") (param i32) (result i32)
      local.get 0 i32.const 2 i32.lt_s if (result i32) local.get 0 else
      local.get 0 i32.const 1 i32.sub call $fib local.get 0 i32.const 2 i32.sub call $fib i32.add end))`,
    steps: [call('fib', [10]), call('fib', [20]), ...each('fib', [1, 2, 100, 5000], [12])],
  },
  empty: {
    wat: '(module (func (export "run")))',
    steps: [...each('run', [1, 2, 3, PLENTY])],
  },
  'free-instructions': run('nop nop block nop end loop end i32.const 1 drop'),
  'block-carries-cost': run('block local.get $n drop end local.get $n drop'),
  'block-left-by-branch': run('block local.get $n br_if 0 i32.const 4 local.set $i end'),
  'block-always-left': run('block br 0 end i32.const 4 local.set $i'),
  'dead-code': run('block br 0 i32.const 1 i32.const 2 i32.add drop block end loop br 0 end end'),
  'dead-if': run('block br 0 i32.const 1 if nop else nop end end local.get $n drop'),
  'if-without-else': run('local.get $n if i32.const 3 local.set $i end i32.const 1 drop'),
  'if-else': run('local.get $n if i32.const 3 local.set $i else i32.const 1 drop i32.const 2 drop end'),
  'if-arm-returns': run('local.get $n if local.get $n return end i32.const 8 local.set $i'),
  'else-arm-returns': run('local.get $n if i32.const 2 local.set $i else i32.const 9 return end i32.const 8 drop'),
  'both-arms-return': run('local.get $n if i32.const 2 return else i32.const 9 return end'),
  'if-arm-branches': run('block local.get $n if br 1 else i32.const 1 drop end i32.const 8 drop end'),
  'if-result': run('local.get $n if (result i32) i32.const 1 else i32.const 2 i32.const 3 i32.add end local.set $i'),
  'branch-out-of-function': run('local.get $n local.get $n br_if 0 drop i32.const 3 drop'),
  'branch-table-out': {
    wat: `(module (func (export "run") (param i32) (result i32 i64)
      i32.const 7 i64.const 9 block (param i32 i64) (result i32 i64) local.get 0 br_table 0 1 0 1 end
      i64.const 1 i64.add))`,
    steps: [0, 1, 2, 3, 9].map((n) => call('run', [n])),
  },
  loop: run(`loop ${COUNT_DOWN} 0 end`, call('run', [1]), call('run', [1000]), ...each('run', upTo(40), [5])),
  'nested-loops': run(
    `loop $a i32.const 3 local.set $i loop $b local.get $i i32.const 1 i32.sub local.tee $i br_if $b end ${COUNT_DOWN} $a end`,
    call('run', [20]),
    ...each('run', [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 200], [4]),
  ),
  'loop-never-turned': run('local.get $n drop loop local.get $n drop end local.get $n drop'),
  'loop-with-parameter': run(
    'local.get $n loop (param i32) i32.const 1 i32.sub local.tee $n local.get $n br_if 0 drop end',
    call('run', [5]),
  ),
  'loop-for-ever': run('loop br 0 end', ...each('run', [2, 3, 100, 10_000], [0])),
  'trap-unreachable': run('i32.const 1 drop i32.const 1 drop unreachable'),
  'trap-after-loop': run(`loop ${COUNT_DOWN} 0 end i32.const 1 i32.const 0 i32.div_s local.set $i`, call('run', [100])),
  'trap-in-callee': run('i32.const 1 drop call $boom i32.const 1 drop'),
  'trap-after-call': run('call $empty i32.const 1 i32.const 0 i32.rem_u local.set $i'),
  'trap-out-of-bounds': run('i32.const 5 drop i32.const -4 i32.load local.set $i'),
  'trap-never-in-bounds': run('i32.const 5 drop i32.const 0 i32.load offset=131072 local.set $i i32.const 1 drop'),
  'trap-never-in-bounds-branch': run(
    'block local.get $n br_if 0 i32.const 0 i32.load offset=200000 local.set $i end i32.const 1 drop',
  ),
  'access-at-largest-size': run('i32.const 0 i32.load offset=131068 local.set $i'),
  'trap-in-indirect-call': run(
    'i32.const 1 drop local.get $n call_indirect (type $v) i32.const 1 drop',
    call('run', [0]),
    call('run', [1]),
    call('run', [99]),
  ),
  'call-then-end': run('call $empty'),
  'call-twice': run('call $empty call $empty', ...each('run', upTo(12), [0])),
  'call-in-loop': run(`loop call $empty ${COUNT_DOWN} 0 end`, call('run', [9]), ...each('run', upTo(30), [3])),
  'call-in-block': run('block call $empty local.get $n br_if 0 call $empty end'),
  'call-in-arms': run('local.get $n if call $empty else nop end call $empty'),
  'tail-call': {
    wat: `(module (func $down (export "run") (param i32) (result i32)
      local.get 0 i32.eqz if i32.const 5 return end local.get 0 i32.const 1 i32.sub return_call $down))`,
    steps: [call('run', [0]), call('run', [50]), ...each('run', [10, 20, 30], [9])],
  },
  host: {
    wat: '(module (import "m" "f" (func $f (param i32) (result i32))) (func (export "run") (param i32) (result i32) local.get 0 call $f local.get 0 i32.add))',
    steps: [call('run', [3])],
  },
  'select-and-globals': run(
    'global.get $g i32.const 1 i32.add global.set $g i32.const 1 i32.const 2 local.get $n select local.set $i',
  ),
  'memory-grow': run('i32.const 1 memory.grow drop memory.size local.set $i'),
  'memory-fill': run(
    'i32.const 0 i32.const 1 local.get $n memory.fill',
    call('run', [0]),
    call('run', [1000]),
    call('run', [65536]),
    call('run', [65537]),
    ...each('run', [5, 6, 7, 50, 104, 105, 106, 107, 108, 109], [100]),
  ),
  'memory-copy': run(
    'i32.const 0 i32.const 8 local.get $n memory.copy i32.const 1 drop',
    call('run', [0]),
    call('run', [1000]),
    call('run', [70000]),
  ),
  'memory-copy-constant': run(
    'i32.const 0 i32.const 8 i32.const 128 memory.copy',
    ...each('run', [5, 60, 133, 134, 135, 136, PLENTY], [0]),
  ),
  'memory-copy-large-constant': run(
    'i32.const 0 i32.const 8 i32.const 129 memory.copy',
    ...each('run', [5, 60, 134, 135, 136, 137, PLENTY], [0]),
  ),
  'memory-fill-constant': run(
    'i32.const 0 i32.const 8 i32.const 16 memory.fill',
    ...each('run', [5, 20, 21, 22, 23, 24, PLENTY], [0]),
  ),
  'memory-init': {
    wat: `(module (memory (export "memory") 1) (data $d "0123456789") (func (export "run") (param i32)
      i32.const 0 i32.const 0 local.get 0 memory.init $d) (func (export "drop") data.drop $d))`,
    steps: [call('run', [0]), call('run', [10]), call('run', [11]), call('drop'), call('run', [1]), call('run', [0])],
  },
  'table-fill': run(
    'i32.const 0 ref.null func local.get $n table.fill',
    call('run', [0]),
    call('run', [9]),
    call('run', [11]),
    ...each('run', upTo(16), [5]),
  ),
  'table-copy': run(
    'i32.const 0 i32.const 1 local.get $n table.copy',
    call('run', [0]),
    call('run', [9]),
    call('run', [10]),
  ),
  'table-grow': run(
    'ref.null func local.get $n table.grow local.set $i',
    call('run', [0]),
    call('run', [4]),
    call('run', [400]),
  ),
  'table-init': {
    wat: `(module (table 10 funcref) (func $f) (elem $e func $f $f $f) (func (export "run") (param i32)
      i32.const 0 i32.const 0 local.get 0 table.init $e))`,
    steps: [call('run', [0]), call('run', [3]), call('run', [4])],
  },
  floats: run('f64.const 2 f64.sqrt f64.const 3 f64.mul i32.trunc_sat_f64_s local.set $i'),
  simd: run('i32.const 3 i32x4.splat i32.const 4 i32x4.splat i32x4.add i32x4.extract_lane 2 local.set $i'),
  'atomics-free-arithmetic': run(
    'local.get $n i64.extend_i32_u i64.const 6364136223846793005 i64.mul local.set $j local.get $j i32.wrap_i64 local.set $i',
  ),
  sieve: run(
    `i32.const 2 local.set $i loop $outer local.get $i i32.load8_u i32.eqz if
      local.get $i local.set $n loop $inner local.get $n local.get $i i32.add local.tee $n i32.const 5000 i32.lt_u
      if local.get $n i32.const 1 i32.store8 br $inner end end end
      local.get $i i32.const 1 i32.add local.tee $i i32.const 5000 i32.lt_u br_if $outer end`,
    call('run', [0]),
    ...each('run', [1000, 12_345, 99_999], [0]),
  ),
};

import { grouped, info, list, type Rule, remark, review } from './rule.ts';

/**
 * What the code is made of. Thresholds lie above nearly everything in the corpus; how many hostile modules they miss is not
 * measured, and an author who knows them evades them.
 */
export const CODE_RULES = {
  'code.nop-run': remark('quality', {
    needs: 'bytes',
    title: 'A long run of instructions that do nothing',
    why: 'Compilers leave none; room for patches and hand-made code does. Honest output of Go has some.',
    fix: 'Optimise with wasm-opt.',
    say: (f) => `${grouped(f['run'])} nop instructions in a row`,
  }),
  'code.unreachable-run': remark('quality', {
    needs: 'bytes',
    title: 'A long run of traps',
    why: 'Instructions after a trap never run; so many of them are padding or hand-made.',
    fix: 'Optimise with wasm-opt.',
    say: (f) => `${grouped(f['run'])} unreachable instructions in a row`,
  }),
  'code.branch-table': remark('resource-limit', {
    needs: 'bytes',
    title: 'A very large branch table',
    why: 'Tables of this size come from interpreters and from code made to slow compilers down.',
    fix: 'Nothing, unless loading is slow.',
    say: (f) => `a br_table with ${grouped(f['targets'])} targets`,
  }),
  'code.nesting': remark('resource-limit', {
    needs: 'bytes',
    title: 'Very deep nesting',
    why: 'Compilers that recurse run out of stack on code like this; no file of the corpus is nested as deep.',
    fix: 'Nothing, unless an engine refuses it.',
    say: (f) => `${grouped(f['depth'])} blocks inside each other`,
  }),
  'code.hash-like': remark('security', {
    needs: 'bytes',
    title: 'Long functions that mostly mix bits',
    why: 'Hash functions and ciphers look like this, and so does mining. Honest cryptography fires it, so it never blocks; a miner that is written with care does not fire it, and recall is not measured.',
    fix: 'Nothing, if the plugin hashes or encrypts.',
    say: (f) => `functions ${list(f['functions'])}: more than three in ten instructions shift, rotate or combine bits`,
  }),
  'code.mixing': remark('security', {
    needs: 'bytes',
    title: 'The whole module mostly mixes bits',
    why: 'Of ordinary code a few instructions in a hundred do. Honest cryptography fires it, and so do very small modules, so it never blocks.',
    fix: 'Nothing, if the plugin hashes or encrypts.',
    say: (f) => `${grouped(f['mixing'])} of ${grouped(f['instructions'])} instructions shift, rotate or combine bits`,
  }),
  'code.hash-constants': info('security', {
    needs: 'bytes',
    title: 'Constants of published hash functions',
    why: 'They say what the code computes. Many honest programs hash.',
    fix: 'Nothing.',
    say: (f) => `constants of ${list(f['families'])}`,
  }),
  'code.table-changes': remark('security', {
    needs: 'bytes',
    title: 'The code changes a table of functions',
    why: 'What an indirect call reaches is then decided while the plugin runs.',
    fix: 'Nothing, if the language needs it.',
    say: (f) => `${grouped(f['count'])} instructions change a table`,
  }),
  'wasm.start-function': info('quality', {
    needs: 'bytes',
    title: 'Code runs when the plugin is loaded',
    why: 'The start function runs before the host calls anything. Languages use it to set up globals.',
    fix: 'Nothing; hosts bound it like any other call.',
    say: (f) => `function ${f['function']} is the start function`,
  }),
  'wasm.start-imported': review('security', {
    needs: 'bytes',
    title: 'Loading the plugin calls its host at once',
    why: 'The start function is an import. No toolchain makes such a file.',
    fix: 'Call the host from an export.',
    say: (f) => `the start function is the import ${f['import']}`,
  }),
  'wasm.table-exported': info('security', {
    needs: 'bytes',
    title: 'A table is exported',
    why: 'Whoever loads the plugin can call every function in it and put others there. Whether the host does is in its profile.',
    fix: 'Link without exporting the table, unless the host asks for it.',
    say: (f) => `exports table ${list(f['names'])}`,
  }),
  'wasm.memory-large': remark('resource-limit', {
    needs: 'bytes',
    title: 'A large memory from the start',
    why: 'More than 64 MiB before the first call; hosts that keep many plugins run out.',
    fix: 'Lower the initial memory and let it grow.',
    say: (f) => `starts with ${grouped(f['actual'])} bytes`,
  }),
  'wasm.memory-maximum-large': info('resource-limit', {
    needs: 'bytes',
    title: 'A maximum that bounds nothing',
    why: 'A maximum of 2 GiB or more is a default of the toolchain and says nothing about what the plugin needs.',
    fix: 'Set the maximum to what the plugin needs.',
    say: (f) => `may grow to ${grouped(f['actual'])} bytes`,
  }),
} as const satisfies Record<string, Rule>;

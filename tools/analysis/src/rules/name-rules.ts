import { error, found, info, type Rule, review } from './rule.ts';

/** Names in the file: of imports and exports. */
export const NAME_RULES = {
  'names.hidden': error('security', {
    needs: 'bytes',
    title: 'A name with characters that cannot be seen',
    why: 'Control characters, marks that turn the direction of text and invisible characters make a name look like another. No toolchain writes them.',
    fix: 'Use plain names.',
    say: (f) => `names with such characters, written out: ${found(f)}`,
  }),
  'names.non-ascii': review('security', {
    needs: 'bytes',
    title: 'A name with letters beyond ASCII',
    why: 'Letters of several alphabets look the same, so a name can pass for another. No file of the corpus has one.',
    fix: 'Use ASCII names, or say in the notes what they mean.',
    say: (f) => `names with such letters: ${found(f)}`,
  }),
  'names.minified': info('quality', {
    needs: 'bytes',
    title: 'Import names of one or two letters',
    why: 'Optimisers for the web shorten names, so that nobody can read from them what is imported.',
    fix: 'Build without minifying imports and exports.',
    say: (f) => `all ${f['count']} imports have names such as ${found({ found: f['found'] ?? [] })}`,
  }),
  'wasm.wasi-lookalike': error('security', {
    needs: 'bytes',
    title: 'A module name that resembles WASI’s',
    why: 'A reader takes the import for a system call, and a host may link something else to it. WASI’s own names, and what the host’s profile names, do not count.',
    fix: 'Correct the name of the module that is imported.',
    say: (f) => `imports from ${f['module']}, which resembles ${f['resembles']}`,
  }),
  'wasm.wasi-unknown': error('security', {
    needs: 'bytes',
    title: 'A function that WASI does not have',
    why: 'Under WASI’s name readers expect WASI’s functions; anything else there hides what is called. What the host’s profile names does not count.',
    fix: 'Import it from a module of its own.',
    say: (f) => `imports ${found(f)} from ${f['module']}`,
  }),
} as const satisfies Record<string, Rule>;

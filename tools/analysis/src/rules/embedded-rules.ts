import { found, grouped, info, type Rule, remark, review } from './rule.ts';

/** Other files inside of the file, and what stands beside the code. How much these rules miss is not measured. */
export const EMBEDDED_RULES = {
  'embedded.wasm': remark('security', {
    needs: 'bytes',
    title: 'WebAssembly inside the data',
    why: 'Code that arrives as data is not in the import section and was not analysed; a host that compiles it would run something else than what was checked. Assemblers and test suites hold such bytes too; encoded files are not seen.',
    fix: 'Say in the notes what it is for.',
    say: () => 'the data holds the beginning of a WebAssembly file',
  }),
  'embedded.program': review('security', {
    needs: 'bytes',
    title: 'A program for a processor inside the data',
    why: 'A plugin cannot run it by itself, but can write it where something else does. No honest file of the corpus has one; encoded files are not seen.',
    fix: 'Remove it, or say in the notes what it is for.',
    say: (f) => `the data holds ${found(f)}`,
  }),
  'embedded.archive': remark('security', {
    needs: 'bytes',
    title: 'Compressed files inside the data',
    why: 'Their content is not searched by the rules for texts. Fonts, grammars and the like are honestly kept so.',
    fix: 'Nothing, unless something has to be found in it.',
    say: (f) => `the data holds ${found(f)}`,
  }),
  'embedded.dense': remark('security', {
    needs: 'bytes',
    title: 'Data that looks compressed or encrypted',
    why: 'In a window of 16 KiB every byte value is about as frequent as any other. Its content is not searched by the rules for texts. Compressed tables and models look the same; data that is hidden with care does not.',
    fix: 'Nothing, unless something has to be found in it.',
    say: (f) => `${grouped(f['windows'])} windows of 16 KiB with bytes spread evenly`,
  }),
  'sections.unknown': remark('quality', {
    needs: 'bytes',
    title: 'A large custom section that no known tool writes',
    why: 'Engines ignore custom sections, so anything can be carried in one and read by another program. More than 1 KiB counts; what is in it is not searched.',
    fix: 'Strip it, or say in the notes what it is for.',
    say: (f) => `${found(f)}: ${grouped(f['bytes'])} bytes`,
  }),
  'sections.heavy': remark('quality', {
    needs: 'bytes',
    title: 'Much of the file is in custom sections',
    why: 'More than a tenth of the file is neither code nor data nor debugging information; every user downloads it.',
    fix: 'Strip custom sections with wasm-strip or wasm-opt.',
    say: (f) => `${grouped(f['bytes'])} of ${grouped(f['size'])} bytes`,
  }),
  'sections.debug': info('quality', {
    needs: 'bytes',
    title: 'Debugging information',
    why: 'It makes the file larger and names files and folders of the machine that built it. It also makes the plugin easier to read.',
    fix: 'Strip it, or keep it on purpose.',
    say: (f) => `${grouped(f['bytes'])} bytes of debugging sections`,
  }),
  'sections.source-map': remark('security', {
    needs: 'bytes',
    title: 'The address of a source map',
    why: 'Developer tools fetch it, so opening the plugin in them contacts that address.',
    fix: 'Build without a source map, or with one for debugging only.',
    say: (f) => `sourceMappingURL is ${found(f)}`,
  }),
} as const satisfies Record<string, Rule>;

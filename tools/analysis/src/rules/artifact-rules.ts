import { error, grouped, type Rule } from './rule.ts';

/** The bytes themselves: the ones that are named, of the kind that is named, readable and valid. */
export const ARTIFACT_RULES = {
  'artifact.digest-mismatch': error('integrity', {
    needs: 'manifest',
    title: 'The bytes are not the ones the release names',
    why: 'A release is identified by the sha256 of its artifact; other bytes are another plugin.',
    fix: 'Submit the file that was signed, or sign a new release for this file.',
    say: (f) => `sha256 is ${f['actual']}, the release says ${f['expected']}`,
  }),
  'artifact.size-mismatch': error('integrity', {
    needs: 'manifest',
    title: 'The size is not the one the release names',
    why: 'Clients stop downloading at the named size.',
    fix: 'Make the release again with plugmark sign, which measures the file.',
    say: (f) => `${grouped(f['actual'])} bytes, the release says ${grouped(f['expected'])}`,
  }),
  'artifact.kind-mismatch': error('abi-compatibility', {
    needs: 'host',
    title: 'The kind of artifact is not what the release or the host expects',
    why: 'A host that runs core modules cannot load a component, and the other way round.',
    fix: 'Build for the host’s kind, or correct artifact.kind.',
    say: (f) => `this is a ${f['actual']} artifact; ${f['by']} expects ${f['expected']}`,
  }),
  'artifact.too-large': error('resource-limit', {
    needs: 'host',
    title: 'The file is larger than allowed',
    why: 'Hosts and registries bound what they download and compile.',
    fix: 'Build with size optimisation and strip debug sections.',
    say: (f) => `${grouped(f['actual'])} bytes; ${f['by']} allows ${grouped(f['expected'])}`,
  }),
  'wasm.malformed': error('integrity', {
    needs: 'bytes',
    title: 'The file is not well-formed WebAssembly',
    why: 'What cannot be read cannot be analysed.',
    fix: 'Check that the build finished and that the upload was binary.',
    say: (f) => `${f['problem']} (${f['code']})`,
  }),
  'wasm.invalid': error('integrity', {
    needs: 'bytes',
    title: 'The engine refuses the module',
    why: 'A module that does not validate does not load anywhere.',
    fix: 'Rebuild with a released toolchain; run wasm-validate on the file.',
    say: () => 'WebAssembly.validate answers false',
  }),
} as const satisfies Record<string, Rule>;

// See sigstore-verify. Exit code 0: verified; 1: refused, or a command this adapter does not have (signing needs the network).
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type SigstoreCase, verifyCase } from './sigstore-case.ts';
import { verifyLibraryCase } from './sigstore-library-case.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    staging: { type: 'boolean' },
    bundle: { type: 'string' },
    'certificate-identity': { type: 'string' },
    'certificate-oidc-issuer': { type: 'string' },
    key: { type: 'string' },
    'trusted-root': { type: 'string' },
  },
});
const read = (path: string | undefined): Uint8Array => new Uint8Array(readFileSync(path ?? ''));

function artifact(named: string): SigstoreCase['artifact'] {
  const digest = /^sha256:([0-9a-f]{64})$/.exec(named)?.[1];
  if (digest === undefined || existsSync(named)) return { bytes: read(named) };
  return { sha256: new Uint8Array(Buffer.from(digest, 'hex')) };
}

const [command, named = ''] = positionals;
if (command !== 'verify-bundle' || values.staging === true) {
  process.stderr.write('this adapter verifies bundles of the public instance, or by a trusted root that is given\n');
  process.exit(1);
}
const verify = process.env['PLUGMARK_SIGSTORE_VERIFIER'] === 'library' ? verifyLibraryCase : verifyCase;
const outcome = await verify({
  bundle: read(values.bundle),
  trustedRoot: read(values['trusted-root'] ?? process.env['PLUGMARK_SIGSTORE_TRUSTED_ROOT']),
  artifact: artifact(named),
  key: values.key === undefined ? undefined : readFileSync(values.key, 'utf8'),
  identity: values['certificate-identity'] ?? '',
  issuer: values['certificate-oidc-issuer'] ?? '',
});
process.stderr.write(`${outcome}\n`);
process.exit(outcome === 'accepted' ? 0 : 1);

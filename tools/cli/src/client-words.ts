// What the client's refusals mean to a person at a terminal. The client itself carries no sentences. Codes that are missing here are
// shown by their line in CLIENT_ERROR_CODES with the facts beside it.

import type { ClientErrorCode, ClientErrorDetails } from '@plugmark/client';
import { unreachable, type Words } from './unreachable-words.ts';

type Say = (facts: ClientErrorDetails, cause: unknown) => Words;

const UNSAFE = 'do not use it; tell the registry’s maintainers';
const BY_DIGEST = 'name it by the digest of its manifest; plugmark oci push prints it';
const MISSING_HINTS: Readonly<Record<string, string>> = {
  repository: 'check its name; a private one needs GITHUB_TOKEN',
  artifact: 'check the digest, which is the manifest’s; of a private one plugmark oci pull makes a file',
};
const ASK = 'plugmark verify --registry ... lists every plugin of the registry';

export const CLIENT_WORDS: { readonly [C in ClientErrorCode]?: Say } = {
  NETWORK: unreachable,
  ROOT_INVALID: () => ({
    message: 'the root file is not a root.json signed by its own keys',
    hint: 'give the root.json that your application ships for this registry',
  }),
  METADATA_SIGNATURE: ({ role, signers, threshold }) => ({
    message: `the registry’s ${role} metadata is signed by ${signers} of the ${threshold} keys that your root asks for`,
    hint: 'either this root belongs to another registry, or somebody changed the metadata',
  }),
  METADATA_EXPIRED: ({ role, expires }) => ({
    message: `the registry’s ${role} metadata expired ${expires}`,
    hint: 'the registry has stopped signing, somebody holds updates back, or this clock is wrong',
  }),
  METADATA_LIFETIME: ({ expires }) => ({
    message: `the registry’s timestamp is signed until ${expires}, longer than any may be`,
    hint: 'somebody signs with a key that is not his, or this clock is days behind',
  }),
  METADATA_ROLLBACK: ({ role, trusted, version }) => ({
    message: `the registry serves version ${version ?? 'none'} of its ${role} metadata; version ${trusted} was seen before`,
    hint: 'somebody serves old metadata, or another registry uses the same --store',
  }),
  METADATA_DIGEST: ({ path }) => ({ message: `${path} is not the file that the signed metadata lists`, hint: UNSAFE }),
  METADATA_MALFORMED: ({ path, expected }) => ({
    message: `${path ?? 'a metadata file'} is damaged${expected === undefined ? '' : `: expected ${expected}`}`,
  }),
  FILE_MISSING: ({ path, role }) => ({
    message: `${path ?? `the ${role} metadata`} is not served`,
    hint: 'is this the address of a registry?',
  }),
  TOO_LARGE: ({ url, path, maxBytes }) => ({
    message: `${url ?? path} is longer than the ${maxBytes} bytes it may have`,
    hint: UNSAFE,
  }),
  TARGET_DIGEST: ({ path }) => ({ message: `${path} is not the file that the signed metadata lists`, hint: UNSAFE }),
  REGISTRY_URL: ({ url }) => ({ message: `${url} is not an http or https address` }),
  REQUEST_MALFORMED: ({ request }) => ({
    message: `${request} is not publisher/name or publisher/name@range`,
    hint: 'for example acme/spectral-entropy or acme/spectral-entropy@^1.2',
  }),
  PLUGIN_UNKNOWN: ({ plugin }) => ({ message: `the registry lists no plugin ${plugin}`, hint: ASK }),
  NO_RELEASE: noRelease,
  REVOKED: ({ sha256, reason }) => ({
    message: `the bytes sha256:${sha256} are revoked and must not be loaded${reason === undefined ? '' : `: ${reason}`}`,
  }),
  ARTIFACT_DIGEST: ({ expected, actual }) => ({
    message: `the bytes served are not those of the release\n  expected sha256:${expected}\n  served   sha256:${actual}`,
    hint: UNSAFE,
  }),
  ARTIFACT_MISSING: ({ sha256 }) => ({ message: `the registry does not serve the bytes sha256:${sha256}` }),
  ATTESTATION_DIGEST: ({ expected, actual }) => ({
    message: `a signature or report is not the one that is listed\n  expected sha256:${expected}\n  served   sha256:${actual}`,
    hint: UNSAFE,
  }),
  ATTESTATION_MISSING: ({ sha256 }) => ({
    message: `the registry does not serve the signature or report attestations/${sha256}.json`,
  }),
  SIGNATURE_INVALID: ({ keyId }) => ({
    message: `a signature does not verify with its key ${keyId ?? ''}`.trim(),
    hint: UNSAFE,
  }),
  KEY_UNKNOWN: ({ keyId }) => ({
    message: `signed with a key that the publisher did not register${keyId === undefined ? '' : `: ${keyId}`}`,
    hint: UNSAFE,
  }),
  STATEMENT_MISMATCH: ({ what, actual, expected }) => ({
    message: `the signature is for something else${what === undefined ? '' : `: its ${what} is ${actual ?? 'missing'}, not ${expected}`}`,
    hint: UNSAFE,
  }),
  BUNDLE_KEYLESS: () => ({ message: 'signed through a certificate, and nothing was loaded that checks one' }),
  KEY_WINDOW: ({ keyId, from, to, at }) => ({
    message: `the key ${keyId} was listed from ${from} to ${to}, and ${at === undefined ? 'nothing trusted says when it signed' : `it signed at ${at}`}`,
    hint: 'the publisher can sign the release again with a key that is listed now: plugmark sign <version folder>',
  }),
  IDENTITY_UNLISTED: ({ subject }) => ({
    message: `signed by the workflow ${subject}, and the publisher lists no workflow`,
    hint: UNSAFE,
  }),
  IDENTITY_ISSUER: anotherWorkflow('its token was issued by'),
  IDENTITY_REPOSITORY: anotherWorkflow('it ran in the repository with number'),
  IDENTITY_OWNER: anotherWorkflow('its repository belongs to the owner with number'),
  IDENTITY_WORKFLOW: anotherWorkflow('the file is'),
  IDENTITY_TRIGGER: anotherWorkflow('it ran on'),
  IDENTITY_RUNNER: anotherWorkflow('its machine is'),
  IDENTITY_REF: anotherWorkflow('it ran for'),
  IDENTITY_BUILD_SIGNER: anotherWorkflow('the workflow that signed is'),
  IDENTITY_SUBJECT: anotherWorkflow('the certificate names'),
  IDENTITY_WINDOW: anotherWorkflow('it signed at'),
  STORE: ({ name, errno }, cause) => ({
    message: `${name} cannot be read or written in the store (${errno ?? (cause as NodeJS.ErrnoException | undefined)?.code ?? 'its name is not allowed'})`,
    hint: STORE_HINTS[String(errno)] ?? 'choose another place with --store',
  }),
  STORE_BUSY: ({ holder }) => ({
    message: `another program is changing the same host’s plugins${holder === undefined ? '' : ` (process ${holder})`}`,
    hint: 'wait until it is done and try again',
  }),
  SOURCE_MALFORMED: ({ source }) =>
    String(source).startsWith('oci:')
      ? { message: `${source} is not oci://registry/repository@sha256:...`, hint: BY_DIGEST }
      : {
          message: `${source} is not github:owner/repository or github:owner/repository@tag`,
          hint: 'for example github:octo/lamp or github:octo/lamp@v1.2.0; the address of the repository does as well',
        },
  SOURCE_UNPINNED: ({ source }) => ({
    message: `${source} names a tag, which may be another thing tomorrow`,
    hint: BY_DIGEST,
  }),
  SOURCE_MISSING: ({ what, repository, tag, file, digest }) => ({
    message:
      what === 'artifact'
        ? `${repository} has no ${digest}, or not for everybody`
        : what === 'file'
          ? `${repository} has no ${file} at ${tag}, neither among the files of the release nor in the repository`
          : what === 'release'
            ? `${repository} has no ${tag === undefined ? 'release' : `release ${tag}`}`
            : `there is no ${what} ${tag ?? repository}`,
    hint: MISSING_HINTS[String(what)] ?? 'ask its author to publish one for this host',
  }),
  SOURCE_LIMITED: ({ who, until }) => ({
    message: `${who} answers no more requests from here${until === undefined ? ' for now' : ` until ${until}`}`,
    hint: who === 'GitHub' ? 'wait, or set GITHUB_TOKEN: with a token the limit is higher' : 'wait and try again',
  }),
  SOURCE_REPLACED: ({ repository, expected, actual }) => ({
    message: `${repository} is another repository than the one that was installed from: its number is ${actual}, not ${expected}`,
    hint: 'somebody registered the name anew; find out who before you uninstall the plugin and install from there',
  }),
  SOURCE_MOVED: ({ plugin, tag, what, expected, actual }) => ({
    message: `the release ${tag} of ${plugin} is not what it was: ${what} is ${actual ?? 'missing'}, not ${expected}`,
    hint: 'a release that was changed afterwards is not taken; ask its author, or uninstall it first',
  }),
  SOURCE_CHANGED: ({ plugin, installed, named }) => ({
    message: `${plugin} is installed from ${installed}; ${named} uses the same name`,
    hint: 'uninstall it first if you want the other one: what you allowed to one is not allowed to the other',
  }),
  MANIFEST_MALFORMED: ({ file, field }, cause) => ({
    message:
      field === undefined
        ? `${file}: ${cause instanceof Error ? cause.message : 'it cannot be read'}`
        : `${file}: ${field === '' ? 'it has no fields' : `${field} is missing or wrong`}`,
    hint: 'the fields are described in manifest.schema.json',
  }),
  ARTIFACT_LAYOUT: ({ path }) => ({
    message: `the OCI artifact is not WebAssembly in one layer: ${path} is not as the layout asks`,
    hint: 'images, indexes and artifacts of several files are not plugins; plugmark oci push makes one that is',
  }),
  ARTIFACT_UNREADABLE: ({ file, kind }) => ({
    message:
      kind === undefined
        ? `${file} is neither WebAssembly nor a zip`
        : `${file} begins like a ${kind === 'process' ? 'zip' : 'WebAssembly file'} and cannot be read as one`,
    hint: 'plugmark inspect says more about a file',
  }),
  CONSENT_INCOMPLETE: ({ plugin, unnamed, unknown }) => ({
    message:
      textsOf(unknown).length > 0
        ? `${plugin} has no grant for ${textsOf(unknown).join(', ')}`
        : `the answer does not name ${textsOf(unnamed).join(', ')}, which ${plugin} asks for`,
    hint: 'plugmark permissions shows what it has; a script agrees with --allow and the name of each capability',
  }),
  HOST_UNKNOWN: ({ host }) => ({
    message: `the registry has no profile of the host ${host}`,
    hint: 'check --host; plugmark search --any-host shows which hosts there are',
  }),
  DEPENDENCY_CONFLICT: ({ plugin, wants, versions }) => ({
    message: [
      `no version of ${plugin} suits everybody who needs it`,
      ...textsOf(wants).map((want) => `  ${want}`),
      ...textsOf(versions).map((version) => `  ${version}`),
    ].join('\n'),
    hint: 'ask for other versions, or uninstall one of those who need it',
  }),
  POLICY_REFUSED: ({ plugin, version, rules }) => ({
    message: `the policy does not allow ${plugin} ${version}: ${textsOf(rules).join('; ')}`,
    ...policyHint(textsOf(rules)),
  }),
  CONSENT_REQUIRED: ({ plugin, version, capabilities }) => ({
    message: `somebody has to agree to what ${plugin} ${version} can do${capabilities === undefined ? '' : `: ${textsOf(capabilities).join(', ')}`}`,
    hint: 'plugmark install asks; a script agrees with --allow',
  }),
  CONSENT_DENIED: ({ plugin, version }) => ({
    message: `nobody agreed to what ${plugin} ${version} can do, so nothing was changed`,
    hint: 'a script agrees with --allow and the name of each capability',
  }),
  GRANT_REVOKED: ({ plugin, state, at }) => ({
    message: `what ${plugin} may do ${state === 'expired' ? 'has expired' : 'was taken back'} ${at}`,
    hint: 'plugmark permissions --ask asks again',
  }),
  REVOCATIONS_STALE: ({ seen, maxHours }) => ({
    message: `the last news of revoked plugins is of ${seen ?? 'never'}; at most ${maxHours} hours are accepted`,
    hint: 'connect to the registry once, and check the clock',
  }),
  REGISTRY_CHANGED: ({ expected, actual }) => ({
    message: `this registry calls itself ${actual}; the plugins here come from ${expected}`,
    hint: 'check the address; for another registry use another lockfile',
  }),
  LOCKFILE_MALFORMED: ({ path, what }) => ({
    message: `the lockfile is not in the form in which it is written: ${path ?? ''}${what === undefined ? '' : ` (${what})`}`,
    hint: 'take it from your version control; it is not edited by hand',
  }),
  LOCKFILE_MISMATCH: ({ plugin, what, actual, expected }) => ({
    message: `the lockfile says ${what} ${actual ?? 'nothing'}${plugin === undefined ? '' : ` of ${plugin}`}; verified is ${expected}`,
    hint: 'take it from your version control, or remove the plugin and install it again',
  }),
  PROOF_MISSING: ({ sha256 }) => ({
    message: `nothing here shows how sha256:${sha256} was verified`,
    hint: 'plugmark install --registry ... fetches and verifies what the lockfile names',
  }),
  PROOF_INVALID: ({ sha256, what }) => ({
    message: `what is kept beside sha256:${sha256} does not verify from this root (${what})`,
    hint: 'check --root; plugmark install --registry ... fetches and verifies it anew',
  }),
  NOT_INSTALLED: ({ plugin, sha256 }) => ({
    message: plugin === undefined ? `nothing installed has the digest ${sha256}` : `${plugin} is not installed`,
    hint: 'plugmark list shows what is',
  }),
  ROLLBACK_NONE: ({ plugin }) => ({ message: `no other version of ${plugin} was installed here before` }),
  STILL_NEEDED: ({ plugin, by }) => ({
    message: `${plugin} is needed by ${textsOf(by).join(', ')}`,
    hint: 'uninstall those first; plugmark why shows the way',
  }),
  RUN_LOG_BROKEN: ({ record, path, what }) => ({
    message: `the run log was changed${record === undefined ? '' : ` at record ${record}`}: ${what ?? path}`,
    hint: 'compare it with a copy that was exported before',
  }),
};

function policyHint(rules: readonly string[]): Pick<Words, 'hint'> {
  if (rules.every((rule) => rule.startsWith('undeclared')))
    return { hint: 'with --ask-undeclared it is asked about as a high risk instead' };
  return rules.some((rule) => rule.startsWith('age (-'))
    ? { hint: 'by this clock it is not released yet: check the clock' }
    : {};
}

const STORE_HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room and try again; nothing was installed',
  EDQUOT: 'the disk is full: make room and try again; nothing was installed',
  EROFS: 'the disk cannot be written: choose another place with --store',
  EACCES: 'you may not write there: choose another place with --store',
};

function textsOf(value: ClientErrorDetails[string]): readonly string[] {
  return typeof value === 'object' ? value : value === undefined ? [] : [String(value)];
}

/** What differs, and what the list says instead. */
function anotherWorkflow(what: string): Say {
  return ({ actual, expected }) => ({
    message: `not signed by a workflow that the publisher listed\n  ${what} ${actual ?? 'nobody knows'}\n  listed is ${expected}`,
    hint: UNSAFE,
  });
}

const SHOWN_VERSIONS = 20;

/** Each version with its reason on a line of its own. */
function noRelease({ plugin, reasons }: ClientErrorDetails): Words {
  const all = String(reasons ?? '')
    .split(/; (?=\d+\.\d+\.\d+[^:; ]*: )/)
    .filter((reason) => reason !== '');
  if (all.length === 0) return { message: `${plugin} has no release` };
  const more = all.length > SHOWN_VERSIONS ? [`  and ${all.length - SHOWN_VERSIONS} more`] : [];
  return {
    message: [
      `no release of ${plugin} fits`,
      ...all.slice(0, SHOWN_VERSIONS).map((reason) => `  ${reason}`),
      ...more,
    ].join('\n'),
    hint: 'ask for another range, or name another --host',
  };
}

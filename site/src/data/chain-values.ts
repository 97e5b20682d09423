// What stands in the files a verification has accepted, for people to compare. Shown, never decided on.

import type { InstalledPlugin, PackageDocument } from '@plugmark/client';
import { VERIFIED_LEVELS } from '@plugmark/schemas';
import { sayInstant } from './say-numbers.ts';

export type Values = readonly { readonly name: string; readonly value: string }[];

/** Of the root somebody gave; nothing when it is no JSON, which the client will say. */
export function rootValues(bytes: Uint8Array): Values {
  const { signed, signatures } = readEnvelope(bytes);
  const role = record(record(signed['roles'])['root']);
  const keys = Array.isArray(role['keyids']) ? role['keyids'] : [];
  return [
    ...versionValues(signed),
    ...(keys.length === 0 ? [] : [{ name: 'Keys', value: `${String(role['threshold'])} of ${keys.length} must sign` }]),
    ...keys.slice(0, 5).map((key) => ({ name: 'Key', value: String(key) })),
    ...(signatures === 0 ? [] : [{ name: 'Signatures', value: String(signatures) }]),
  ];
}

/** Of a metadata file the client has verified; of a document, nothing: its own step says it. */
export function metadataValues(name: string, bytes: Uint8Array): Values {
  if (!name.startsWith('metadata/')) return [{ name: 'SHA-256', value: name.slice('targets/'.length) }];
  const { signed, signatures } = readEnvelope(bytes);
  return [...versionValues(signed), { name: 'Signatures', value: String(signatures) }];
}

export function documentValues({ plugin, releases, registry }: PackageDocument): Values {
  return [
    { name: 'About', value: `${plugin}, in ${registry}` },
    { name: 'Releases', value: String(releases.length) },
  ];
}

export function publisherValues({ signer, workflow, signedAt, entries = [] }: InstalledPlugin['publisher']): Values {
  const run = workflow?.run;
  return [
    { name: workflow === undefined ? 'Key' : 'Workflow', value: signer },
    ...(workflow?.issuer === undefined
      ? []
      : [
          {
            name: 'Certificate for',
            value: `${workflow.repository ?? ''} at ${workflow.ref ?? ''}, by ${workflow.issuer}`,
          },
        ]),
    ...(run === undefined ? [] : [{ name: 'Its run', value: run }]),
    ...(signedAt === undefined
      ? []
      : [{ name: 'Signed, by trusted time', value: sayInstant(new Date(signedAt).toISOString()) }]),
    ...entries.map(({ log, logIndex }) => ({ name: 'Public log entry', value: `${logIndex} of ${log}` })),
  ];
}

export function registryValues({ levels }: InstalledPlugin['registry']): Values {
  const known: Readonly<Record<string, string>> = VERIFIED_LEVELS;
  return levels.map((level) => ({ name: 'Confirms', value: known[level] ?? level }));
}

function versionValues(signed: Readonly<Record<string, unknown>>): Values {
  const { version, expires } = signed;
  return [
    ...(typeof version === 'number' ? [{ name: 'Version', value: String(version) }] : []),
    ...(typeof expires === 'string' && !Number.isNaN(Date.parse(expires))
      ? [{ name: 'Good until', value: sayInstant(new Date(expires).toISOString()) }]
      : []),
  ];
}

function readEnvelope(bytes: Uint8Array): {
  readonly signed: Readonly<Record<string, unknown>>;
  readonly signatures: number;
} {
  try {
    const { signed, signatures } = record(JSON.parse(new TextDecoder().decode(bytes)));
    return { signed: record(signed), signatures: Array.isArray(signatures) ? signatures.length : 0 };
  } catch {
    return { signed: {}, signatures: 0 };
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

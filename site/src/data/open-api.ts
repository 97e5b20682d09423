import { FORMATS } from '@plugmark/schemas';
import { API_PATHS, type ApiPath, schemaPath } from './generated-docs.ts';

/** The tree as OpenAPI 3.1: every path a GET of a file. */
export function openApi({ title, url }: { readonly title: string; readonly url: string }): object {
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      description:
        'Static files. What `v1/` holds is verified by nothing but TLS; a client decides on signed files alone.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    paths: Object.fromEntries(API_PATHS.map((path) => [`/${path.path}`, { get: operation(path, url) }])),
  };
}

function operation({ path, says, schema, signed, type = 'application/json' }: ApiPath, url: string): object {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const content = { [type]: { schema: schema === undefined ? {} : { $ref: `${url}${schemaPath(schema)}` } } };
  return {
    operationId: path.replace(/\W+/g, '-').replace(/-$/, ''),
    summary: says,
    description: `Verified by: ${signed}.${schema === undefined ? '' : ` ${FORMATS[schema].title}.`}`,
    ...(names.length === 0
      ? {}
      : { parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })) }),
    responses: { 200: { description: says, content }, 404: { description: 'There is none.' } },
  };
}

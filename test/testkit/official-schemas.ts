// Other people's JSON Schemas as validators, from the npm packages that carry them: SARIF 2.1.0 and CycloneDX 1.6.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type AnySchemaObject } from 'ajv';

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const json = (...path: string[]): AnySchemaObject => JSON.parse(readFileSync(join(...path), 'utf8')) as AnySchemaObject;

/** The problems of a value; empty when it is valid. */
export type Validator = (value: unknown) => readonly string[];

function validator(schema: AnySchemaObject, others: Readonly<Record<string, AnySchemaObject>> = {}): Validator {
  // Both schemas were written for older validators: formats, keywords and patterns are of their time.
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true });
  for (const [id, other] of Object.entries(others)) ajv.addSchema({ ...other, $id: id });
  const validate = ajv.compile(schema);
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** SARIF 2.1.0 as Microsoft's SDK checks it; draft 4, whose `id` Ajv would refuse. */
export function sarifValidator(): Validator {
  const {
    $schema: _,
    id: __,
    ...schema
  } = json(folderOf('@microsoft/jest-sarif'), 'lib/schemas/sarif-2.1.0-rtm.5.json');
  return validator(schema);
}

/** CycloneDX 1.6 with the schemas it refers to. */
export function cycloneDxValidator(): Validator {
  const folder = join(folderOf('@cyclonedx/cyclonedx-library'), 'res/schema');
  const others = ['spdx', 'jsf-0.82'].map((name): [string, AnySchemaObject] => {
    const file = `${name}.SNAPSHOT.schema.json`;
    // Referred to by file name, beside the schema that does; their own ids lack the word.
    return [`http://cyclonedx.org/schema/${file}`, json(folder, file)];
  });
  return validator(json(folder, 'bom-1.6.SNAPSHOT.schema.json'), Object.fromEntries(others));
}

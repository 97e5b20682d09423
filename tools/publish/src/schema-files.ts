import { jsonSchemas } from '@plugmark/schemas';
import { type FileTree, jsonFile } from './file-tree.ts';

let made: FileTree | undefined;

/** The JSON Schemas of every format under their paths in the tree. Made once: they are of the software, not of a registry. */
export function schemaFiles(): FileTree {
  made ??= new Map(Object.entries(jsonSchemas()).map(([name, schema]) => [`schemas/${name}`, jsonFile(schema)]));
  return made;
}

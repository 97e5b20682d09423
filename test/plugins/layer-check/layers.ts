// Layers of a code base: each has a name and path prefixes; they are listed from the lowest to the highest, and a file may
// depend on files of its own layer and of lower ones.

import { JsonKind, JsonValue } from '../guest/json-value';

const NONE: i32 = -1;

export class Layers {
  readonly names: string[] = [];
  private prefixes: string[][] = [];

  /** Layers as `[{"name": "domain", "paths": ["src/domain"]}, ...]`; null when the value is not of this form. */
  static from(value: JsonValue | null): Layers | null {
    if (value === null || value.kind != JsonKind.List || value.items.length == 0) return null;
    const layers = new Layers();
    for (let i = 0; i < value.items.length; i++) {
      const name = value.items[i].get('name');
      const paths = value.items[i].get('paths');
      if (name === null || paths === null || !name.isText() || paths.kind != JsonKind.List) return null;
      layers.names.push(name.text);
      layers.prefixes.push(texts(paths));
    }
    return layers;
  }

  /** Index of the layer with the longest prefix of `path`, on whole segments; -1 when none has one. */
  indexOf(path: string): i32 {
    let best = NONE;
    let bestLength = NONE;
    for (let layer = 0; layer < this.names.length; layer++) {
      for (let i = 0; i < this.prefixes[layer].length; i++) {
        const prefix = this.prefixes[layer][i];
        if (prefix.length > bestLength && contains(prefix, path)) {
          best = layer;
          bestLength = prefix.length;
        }
      }
    }
    return best;
  }
}

function contains(prefix: string, path: string): bool {
  return path == prefix || path.startsWith(prefix.endsWith('/') ? prefix : prefix + '/');
}

function texts(list: JsonValue): string[] {
  const out: string[] = [];
  for (let i = 0; i < list.items.length; i++) if (list.items[i].isText()) out.push(list.items[i].text);
  return out;
}

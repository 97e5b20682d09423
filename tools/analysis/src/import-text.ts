/** An import as people write it: `env.abort`, `wasi:cli/stdout@0.2.0`; empty names, which a file may use to hide, are shown as quotes. */
export function importText({
  module,
  name,
  kind,
}: {
  readonly module: string;
  readonly name: string;
  readonly kind: string;
}): string {
  if (name === '') return shown(module);
  return kind === 'instance' ? `${module}@${name}` : `${shown(module)}.${name}`;
}

const shown = (text: string): string => (text === '' ? '""' : text);

// The Bun that tests may use: the one PLUGMARK_BUN names, or that of `npm ci --prefix test/interop/second-engine`.
import { existsSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { fileURLToPath } from 'node:url';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'x64', arm64: 'aarch64' };
const INSTALLED = fileURLToPath(
  new URL(
    `../interop/second-engine/node_modules/@oven/bun-${platform()}-${ARCHITECTURES[arch()] ?? arch()}/bin/bun`,
    import.meta.url,
  ),
);

/** Undefined where there is none. */
export function installedBun(): string | undefined {
  const named = process.env['PLUGMARK_BUN'] ?? '';
  if (named !== '') return named;
  return existsSync(INSTALLED) ? INSTALLED : undefined;
}

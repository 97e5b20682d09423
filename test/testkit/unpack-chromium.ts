// Unpacks @sparticuz/chromium's archives (argv[2] is its bin folder) into TMPDIR, the only place the package
// can write to; a process of its own, because TMPDIR is read for the whole process.
import { join } from 'node:path';
import { inflate } from '@sparticuz/chromium';

const bin = process.argv[2] ?? '';
await Promise.all(['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((name) => inflate(join(bin, name))));

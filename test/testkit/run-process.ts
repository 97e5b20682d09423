import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a program of this machine prints. Rejects when it fails. */
export async function runProcess(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(file, [...args], { cwd, maxBuffer: 16_777_216 });
  return stdout;
}

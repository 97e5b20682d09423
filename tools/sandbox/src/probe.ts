import { execFile } from 'node:child_process';

const PROBE_MILLISECONDS = 10_000;

/** Whether a command runs here and ends with 0. */
export function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: PROBE_MILLISECONDS, env: commandEnvironment() }, (error) =>
      resolve(error === null),
    );
  });
}

/** What the outer commands need to be found; the child itself gets nothing of it. */
export function commandEnvironment(): Readonly<Record<string, string>> {
  if (process.platform === 'win32') return {};
  return { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin' };
}

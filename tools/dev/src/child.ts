import { spawn } from 'node:child_process';

/** A program run by this very Node. */
export interface ChildCommand {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard output is data for programs; people see its talk on stderr. */
  readonly isQuiet?: boolean;
}

/** The exit code; 1 when it was killed. Signals to us are passed on, so that nothing is left behind. */
export function run({ args, env = {}, isQuiet = false }: ChildCommand, cwd: string): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', isQuiet ? 'ignore' : 'inherit', 'inherit'],
    });
    const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    child.once('error', failed);
    child.once('exit', (code) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      done(code ?? 1);
    });
  });
}

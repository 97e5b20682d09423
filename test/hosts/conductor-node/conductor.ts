// What the host can do, one line a command. Every refusal of the client has a code; the host says it and stops.
import { ClientError } from '@plugmark/client';
import { askInTerminal, type Terminal } from './ask-in-terminal.ts';
import { type OpenHost, openHost } from './open-host.ts';
import { isHealthy, runPlugin } from './run-plugin.ts';

type Command = (host: OpenHost, argument: string, more: string) => Promise<readonly string[]>;

const COMMANDS: Readonly<Record<string, Command>> = {
  search: async ({ plugins }, text) =>
    (await plugins.search(text)).map(({ plugin, summary }) => `${plugin}: ${summary} (not checked yet)`),

  install: async ({ plugins }, request) =>
    (await plugins.install(request)).map(
      ({ plugin, version, tier, grants }) => `installed ${plugin} ${version} (${tier}); may: ${orNothing(grants)}`,
    ),

  run: async ({ plugins, profile }, plugin, params) => [
    JSON.stringify(await runPlugin(plugins, profile, { plugin, params: JSON.parse(params || '{}') })),
  ],

  update: async ({ plugins, profile }) =>
    (await plugins.update(undefined, { health: (candidate) => isHealthy(candidate, profile) })).map(
      ({ plugin, state, from, to, code }) => `${plugin} ${from} -> ${to}: ${state}${code ? ` (${code})` : ''}`,
    ),

  rollback: async ({ plugins }, plugin) => [`back to ${plugin} ${(await plugins.rollback(plugin)).version}`],

  list: async ({ plugins }) =>
    (await plugins.list()).map(
      ({ plugin, version, grants, lastActivity }) =>
        `${plugin} ${version}; may: ${orNothing(grants)}; last used: ${lastActivity ?? 'never'}`,
    ),

  audit: async ({ plugins }) => {
    const { findings, against } = await plugins.audit();
    return [
      `compared with the ${against === 'registry' ? 'registry' : 'last news of the registry'}`,
      ...findings.map(
        ({ severity, plugin, version, kind, reason }) => `${severity}: ${plugin} ${version} ${kind}: ${reason}`,
      ),
    ];
  },
};

const orNothing = (grants: readonly string[]): string => grants.join(', ') || 'nothing';

/** The exit code: 0, 1 where the client refused, 2 where nobody knows what to do. */
export async function conductor(
  home: string,
  [name = '', argument = '', more = '']: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    terminal.print(`commands: ${Object.keys(COMMANDS).join(' ')}`);
    return 2;
  }
  try {
    for (const line of await command(await openHost(home, askInTerminal(terminal)), argument, more))
      terminal.print(line);
    return 0;
  } catch (error) {
    if (error instanceof SyntaxError) {
      terminal.print(`parameters and settings are JSON: ${error.message}`);
      return 2;
    }
    if (!(error instanceof ClientError)) throw error;
    terminal.print(`refused: ${error.code} ${JSON.stringify(error.details)}`);
    return 1;
  }
}

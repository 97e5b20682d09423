// The vectors of the world check and of rules that ask which functions are called: WIT or component text, from which the reference
// tools build the input. `BLESS=1` writes the directories; test/analysis/vectors.test.ts runs them.
import type { HostProfile } from '@plugmark/schemas';
import { COMPONENT_HOST } from '../testkit/host-profile.ts';

/** The world of the host that all of them are held against. */
export const HOST_WIT = `package bench:host@1.2.0;

interface log {
  enum level { low, high }
  resource line { add: func(text: string); }
  write: func(level: level, text: string);
  open: func(level: level) -> line;
  close: func(line: line);
}

interface plugin {
  record point { x: f64, y: f64 }
  variant outcome { none, some(list<point>) }
  run: func(points: list<point>) -> outcome;
  name: func() -> string;
}

world it {
  import log;
  export plugin;
  export version: func() -> u32;
}
`;

const LOG = `interface log {
  enum level { low, high }
  resource line { add: func(text: string); }
  write: func(level: level, text: string);
  open: func(level: level) -> line;
  close: func(line: line);
}`;
const PLUGIN = `interface plugin {
  record point { x: f64, y: f64 }
  variant outcome { none, some(list<point>) }
  run: func(points: list<point>) -> outcome;
  name: func() -> string;
}`;
const WORLD = 'world it { import log; export plugin; export version: func() -> u32; }';

interface Source {
  readonly version?: string;
  readonly log?: string;
  readonly plugin?: string;
  readonly world?: string;
}

/** The host's own document with one part changed. */
const wit = ({ version = '1.2.0', log = LOG, plugin = PLUGIN, world = WORLD }: Source): string =>
  `package bench:host@${version};\n\n${log}\n\n${plugin}\n\n${world}\n`;

export interface WorldCase {
  readonly says: string;
  readonly source: { readonly wit: string } | { readonly text: string };
  /** Members of the profile besides the world. */
  readonly profile: Partial<HostProfile>;
  readonly withoutWorld?: true;
}

const PROFILE: Partial<HostProfile> = {
  exports: COMPONENT_HOST.exports,
  componentImports: COMPONENT_HOST.componentImports,
};
const fits = (says: string, source: Source): WorldCase => ({ says, source: { wit: wit(source) }, profile: PROFILE });

/** One rule for some functions of an interface, another for the rest of it. */
const BY_FUNCTION: Partial<HostProfile> = {
  componentImports: [
    {
      interface: 'bench:host/net',
      functions: ['[method]socket.connect'],
      meaning: { as: 'capability', capability: 'network' },
    },
    { interface: 'bench:host/net', meaning: { as: 'runtime', purpose: 'names sockets' } },
  ],
};
const net = (called: string, through = ''): string => `(component
  (import "bench:host/net" (instance $net
    (export "socket" (type $socket (sub resource)))
    (export "[method]socket.connect" (func (param "self" (borrow $socket))))
    (export "[method]socket.name" (func (param "self" (borrow $socket))))))
  (alias export $net "[method]socket.${called}" (func $called))
  ${through === '' ? '(core func (canon lower (func $called)))' : through}
  (instance $plugin)
  (export "bench:host/plugin" (instance $plugin)))
`;

/** Name of the directory -> case. */
export const WORLD_CASES: Readonly<Record<string, WorldCase>> = {
  'world-fits': fits('A component built for the world of its host.', {}),
  'world-older-and-smaller': fits(
    'Built for an older version: it imports less, exports more, and calls the same types by names of its own.',
    {
      version: '1.0.3',
      log: 'interface log { enum level { low, high } write: func(level: level, text: string); }',
      plugin: `interface plugin {
  type number = f64;
  record place { x: number, y: number }
  type places = list<place>;
  variant answer { none, some(places) }
  type outcome = answer;
  run: func(points: places) -> outcome;
  name: func() -> string;
  extra: func() -> bool;
}`,
    },
  ),
  'world-unused': fits('A component that imports nothing of the world.', {
    world: 'world it { export plugin; export version: func() -> u32; export more: func(); }',
  }),
  'world-export-interface_fail': fits('The interface is exported in a version that breaks with the host’s.', {
    version: '2.0.0',
  }),
  'world-export-function_fail': fits('The interface is exported without a function that the host calls.', {
    plugin: PLUGIN.replace('  name: func() -> string;\n', ''),
  }),
  'world-export-function-of-world_fail': fits('The world’s own function is not exported.', {
    world: 'world it { import log; export plugin; }',
  }),
  'world-export-field_fail': fits('A field of a record has another name.', {
    plugin: PLUGIN.replace('y: f64', 'z: f64'),
  }),
  'world-export-order_fail': fits('The fields of a record are in another order.', {
    plugin: PLUGIN.replace('x: f64, y: f64', 'y: f64, x: f64'),
  }),
  'world-export-deep_fail': fits('Deep inside, behind names, a number is of another size.', {
    plugin: PLUGIN.replace('record point { x: f64', 'type size = f32; record point { x: size'),
  }),
  'world-import-case_fail': fits('A case of an imported enum is missing.', { log: LOG.replace('low, high', 'low') }),
  'world-import-borrow_fail': fits('An imported function is lent the resource that the host takes over.', {
    log: LOG.replace('line: line', 'line: borrow<line>'),
  }),
  'world-import-function_fail': fits('A function is imported that the host’s interface does not have.', {
    log: LOG.replace('write:', 'shout: func(text: string); write:'),
  }),
  'component-function-declared': {
    says: 'The function that reaches the network is declared by the interface and never called.',
    source: { text: net('name') },
    profile: BY_FUNCTION,
    withoutWorld: true,
  },
  'component-function-called_fail': {
    says: 'Core code is given the function that reaches the network.',
    source: { text: net('connect') },
    profile: BY_FUNCTION,
    withoutWorld: true,
  },
  'component-function-passed-on_fail': {
    says: 'The function that reaches the network is handed to a component inside, under another name.',
    source: {
      text: net(
        'connect',
        `(component $inner
    (import "r" (type $r (sub resource)))
    (import "harmless" (func $f (param "self" (borrow $r))))
    (core func (canon lower (func $f))))
  (alias export $net "socket" (type $socket))
  (instance (instantiate $inner (with "r" (type $socket)) (with "harmless" (func $called))))`,
      ),
    },
    profile: BY_FUNCTION,
    withoutWorld: true,
  },
};

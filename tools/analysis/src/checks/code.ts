import type { CodeFacts } from '@plugmark/wasm';
import { type Check, findingsOf, type RawFinding, UNREADABLE } from '../check.ts';
import type { Core } from '../read-artifact.ts';
import type { RuleName } from '../rules.ts';

/** What the code is made of. One finding a rule: of several modules the one where it is most. */
export const codePatterns: Check = ({ module }) => {
  if (!('facts' in module)) return UNREADABLE;
  const { cores } = module;
  return findingsOf([...measured(cores), ...hashing(cores)]);
};

interface Measure {
  readonly ruleId: RuleName;
  readonly fact: string;
  readonly of: (code: CodeFacts) => number;
  readonly from: number;
}

/** Each bound lies above what the corpus shows, and says what that is: the largest value of an honest file. */
const MEASURES: readonly Measure[] = [
  // Go pads with up to a few dozen; no other compiler of the corpus has four in a row.
  { ruleId: 'code.nop-run', fact: 'run', of: ({ longestNopRun }) => longestNopRun, from: 16 },
  // Three in a row in one file of the corpus.
  { ruleId: 'code.unreachable-run', fact: 'run', of: ({ longestUnreachableRun }) => longestUnreachableRun, from: 8 },
  // esbuild has 5,490; all others are below.
  { ruleId: 'code.branch-table', fact: 'targets', of: ({ largestBranchTable }) => largestBranchTable, from: 4097 },
  // esbuild has 3,290.
  { ruleId: 'code.nesting', fact: 'depth', of: ({ deepestNesting }) => deepestNesting, from: 4001 },
  { ruleId: 'code.table-changes', fact: 'count', of: ({ groups }) => groups.tableChanges, from: 1 },
];

function measured(cores: readonly Core[]): RawFinding[] {
  return MEASURES.flatMap(({ ruleId, fact, of, from }): RawFinding[] => {
    const most = mostOf(cores, ({ code }) => of(code));
    const value = most === undefined ? 0 : of(most.code);
    return most === undefined || value < from ? [] : [{ ruleId, facts: { [fact]: value }, ...inCode(most) }];
  });
}

/** Functions of a thousand instructions are too long to mix by chance; below a share of 0.30 are compilers' and codecs' own. */
const HASH_INSTRUCTIONS = 1000;
const HASH_SHARE = 0.3;
/** Of whole modules: ordinary ones are below 0.10, and below a thousand instructions a share says nothing. */
const MODULE_SHARE = 0.15;
/** Three of one family do not stand in a file by chance. */
const FEWEST_CONSTANTS = 3;

function hashing(cores: readonly Core[]): RawFinding[] {
  const findings: RawFinding[] = [];
  const long = cores.flatMap((core) =>
    core.code.mixingFunctions
      .filter(({ instructions, mixing }) => instructions >= HASH_INSTRUCTIONS && mixing > instructions * HASH_SHARE)
      .map((found) => ({ ...found, core })),
  );
  const [first] = long;
  if (first !== undefined) {
    const { offset, core } = first;
    findings.push({
      ruleId: 'code.hash-like',
      facts: { functions: long.map(({ function: index }) => String(index)) },
      location: { offset, section: 'code', function: first.function, ...moduleOf(core) },
    });
  }
  const share = ({ code: { groups, instructions } }: Core): number =>
    instructions < HASH_INSTRUCTIONS ? 0 : groups.mixing / instructions;
  const most = mostOf(cores, share);
  if (most !== undefined && share(most) > MODULE_SHARE) {
    const { instructions, groups } = most.code;
    findings.push({ ruleId: 'code.mixing', facts: { mixing: groups.mixing, instructions }, ...inCode(most) });
  }
  const families = new Set(
    cores.flatMap(({ code }) =>
      Object.entries(code.hashConstants).flatMap(([family, count]) => (count >= FEWEST_CONSTANTS ? [family] : [])),
    ),
  );
  if (families.size > 0) findings.push({ ruleId: 'code.hash-constants', facts: { families: [...families].sort() } });
  return findings;
}

function mostOf(cores: readonly Core[], measure: (core: Core) => number): Core | undefined {
  return cores.reduce<Core | undefined>(
    (most, core) => (most === undefined || measure(core) > measure(most) ? core : most),
    undefined,
  );
}

const moduleOf = ({ index }: Core): { readonly module?: number } => (index === undefined ? {} : { module: index });

function inCode(core: Core): Pick<RawFinding, 'location'> {
  const code = core.facts.sections.find(({ name }) => name === 'code');
  if (code === undefined) return {};
  return { location: { offset: code.offset, length: code.size, section: 'code', ...moduleOf(core) } };
}

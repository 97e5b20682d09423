// The merge rules as a page of Markdown, for people; made from the table, so that it cannot say anything else.

import type { MergeRule } from '../merge/merge-rule.ts';
import { MERGE_RULES } from '../merge/merge-rules.ts';

const EFFECTS = {
  refuse: {
    title: 'Refused',
    about: 'The pull request is not merged as it is. Pushing to its branch has it looked at again.',
  },
  human: {
    title: 'For a person',
    about:
      'A maintainer looks. Where it says so, an approval of exactly this head is the answer; a push takes it back.',
  },
  wait: {
    title: 'A matter of time',
    about: 'Nobody has to do anything. Where it says so, a maintainer’s approval shortens the wait.',
  },
} as const;

export function renderMergeRules(): string {
  const sections = (Object.keys(EFFECTS) as (keyof typeof EFFECTS)[]).flatMap((effect) => {
    const { title, about } = EFFECTS[effect];
    const rules = Object.entries<MergeRule>(MERGE_RULES).filter(([, rule]) => rule.effect === effect);
    return [`## ${title}`, '', about, '', ...rules.flatMap(([id, rule]) => ruleLines(id, rule))];
  });
  return `${[HEAD, ...sections].join('\n').trimEnd()}\n`;
}

const HEAD = `# Merge rules

What may keep a pull request from being merged by itself. Made from \`tools/analysis/src/merge\` by \`npm run generate\`.

The decision is made from the registry as it is on main, from the tree that the merge would make, and from a review of exactly the head
that would be merged. Owners and maintainers are known by the numbers of their accounts. What a pull request says about itself counts
for nothing. A maintainer writes \`/hold\` at the beginning of a comment to stop it, and \`/release\` to let it go on.
`;

/** GitHub's own anchor for \`x.y\` is \`xy\`: the heading is the id. */
function ruleLines(id: string, { title, why, fix, effect, settles }: MergeRule): string[] {
  const approval = effect === 'refuse' ? [] : [`An approval settles it: ${settles ? 'yes' : 'no'}.`, ''];
  return [`### ${id}`, '', `**${title}.** ${why}`, '', `What to do: ${fix}`, '', ...approval];
}

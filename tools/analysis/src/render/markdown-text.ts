// Text of others inside Markdown that GitHub shows. A name is put in a code span, in which nothing is markup, no address becomes
// a link and nobody is mentioned; what would end the span, the table cell or an HTML block is spelled out. Nothing of others is
// ever written outside such a span.

import type { Finding } from '@plugmark/schemas';
import { sayFinding } from '../rules.ts';
import { knownRule } from './rule-page.ts';
import { visible } from './text-columns.ts';

/** Characters of one name, and of one sentence, that are shown. A file may give a name 100,000. */
const NAME = 160;
const SENTENCE = 600;

/** A backtick would end the span, a pipe the table cell even inside it (GFM 4.10); `<` means nothing in a span, but a reader that is not GitHub may take it for a tag. */
const ENDS_SPAN = /[`|<]/g;

/** Any text as a code span on one line. */
export function code(text: string, length: number = NAME): string {
  return `\`${spelled(text, length)}\``;
}

function spelled(text: string, length: number): string {
  const shown = visible(text.slice(0, length + 1)).replace(
    ENDS_SPAN,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
  // Without a visible character the span would not be one; a cut may have split a pair of surrogates.
  if (shown.trim() === '') return '""';
  return shown.length <= length ? shown : `${shown.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Our own words, with what Markdown would act on escaped. */
export function prose(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~&]/g, '\\$&');
}

/** A reason from a report: words where nothing in it could be an address, a mention or a reference; else a code span. */
export function words(text: string): string {
  const harmless = /^(?:[A-Za-z0-9 ,;:’()-]|\.(?= |$))*$/.test(text) && !/[0-9a-f]{7}|:\S|gh-\d/i.test(text);
  return harmless ? prose(text) : code(text, SENTENCE);
}

/** Private characters around a fact; `visible` leaves them in no text. */
const [OPEN, CLOSE] = ['\ue000', '\ue001'];

/**
 * The rule's sentence with every fact as a code span: facts go through the sentence between two marks. Where a rule looks at the
 * facts and would say something else then, and for rules of a later version, all of it becomes one span.
 */
export function findingSentence(finding: Finding): string {
  const say = (facts: Finding['facts']): string => sayFinding({ ...finding, facts });
  return sentenceOf(say, finding.facts, { known: knownRule(finding.ruleId) !== undefined });
}

/** The same for any table of rules. */
export function sentenceOf<F extends Finding['facts']>(
  say: (facts: F) => string,
  facts: F,
  { known }: { readonly known: boolean },
): string {
  const sentence = say(changed(facts, shownFact));
  const marked = say(changed(facts, (text) => (isWord(text) ? text : OPEN + shownFact(text) + CLOSE)));
  const same = marked.replace(/[\ue000\ue001]/g, '') === sentence;
  if (!same || sentence.length > SENTENCE || !known) return code(sentence, SENTENCE);
  // `env` and `abort` are one name, as people write it.
  const [first = '', ...rest] = marked.replace(/\ue001([.@])\ue000/g, '$1').split(OPEN);
  return prose(first) + rest.map(spanThenProse).join('');
}

function spanThenProse(part: string): string {
  const end = part.indexOf(CLOSE);
  return code(part.slice(0, end), SENTENCE) + prose(part.slice(end + 1));
}

// What rules compare facts with, to choose their words.
const WORDS: ReadonlySet<string> = new Set([
  ...['function', 'table', 'memory', 'global', 'tag', 'instance', 'module', 'component', 'type', 'value'],
  ...['core', 'process', 'missing', 'unknown'],
]);
const isWord = (text: string): boolean => WORDS.has(text);
const shownFact = (text: string): string => spelled(text, NAME);

function changed<F extends Finding['facts']>(facts: F, change: (text: string) => string): F {
  const entries = Object.entries(facts).map(([name, value]) => {
    if (typeof value === 'string') return [name, value === '' ? '' : change(value)];
    return [name, Array.isArray(value) ? value.map(change) : value];
  });
  return Object.fromEntries(entries) as F;
}

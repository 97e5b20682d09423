import { ChildAnswer, parseJson, SchemaError } from '@plugmark/schemas';

/** One message of a child, or why it is not believed. Only the next number counts, so that none can be repeated or left out. */
export function readAnswer(
  frame: Buffer,
  { nonce, number }: { readonly nonce: string; readonly number: number },
): ChildAnswer | string {
  let answer: ChildAnswer;
  try {
    answer = parseJson(ChildAnswer, frame, 'child');
  } catch (error) {
    if (error instanceof SchemaError) return 'a message that is none';
    throw error;
  }
  return answer.nonce === nonce && answer.number === number ? answer : 'a message out of turn';
}

/** Text of a child as one line that a report may hold; undefined when nothing is left of it. */
export function reportLine(text: string | undefined, longest: number): string | undefined {
  const clean = text
    ?.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, longest);
  return clean === undefined || clean === '' ? undefined : clean;
}

import { expect, test } from 'vitest';
import { together } from '../../tools/client/src/together.ts';

test('what was begun together has ended when a failure is heard, and the first in the list is the one', async () => {
  const ended: string[] = [];
  const later = async (name: string): Promise<string> => {
    await new Promise((done) => setImmediate(done));
    ended.push(name);
    return name;
  };
  const fail = async (name: string, after: Promise<unknown>): Promise<never> => {
    await after;
    throw new TypeError(name);
  };
  const slow = later('written');
  await expect(together([fail('first', slow), fail('second', Promise.resolve()), slow])).rejects.toThrow('first');
  expect(ended).toEqual(['written']);
  expect(await together([later('a'), undefined, 3])).toEqual(['a', undefined, 3]);
});

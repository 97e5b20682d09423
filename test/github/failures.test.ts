import { describe, expect, test } from 'vitest';
import { type Bench, benchForEach } from './reviewing.ts';

let bench: Bench;
benchForEach((opened) => {
  bench = opened;
});

const release = { plugin: 'acme/thing', version: '1.2.0' };

describe('when GitHub fails', () => {
  test('limits are waited for, gateways are asked again, broken answers are not believed', async () => {
    const { people, github, slept } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    github.faults.push({ kind: 'rateLimit', on: /GET .*\/git\/trees\//, times: 1, retryAfter: 7 });
    github.faults.push({ kind: 'secondaryRateLimit', on: /GET .*\/git\/blobs\//, times: 1, retryAfter: 3 });
    github.faults.push({ kind: 'badGateway', on: /GET .*\/reviews$/, times: 2 });
    github.faults.push({ kind: 'truncated', on: /GET .*\/git\/commits\//, times: 1 });
    github.faults.push({ kind: 'reset', on: /GET .*\/comments$/, times: 1 });
    github.faults.push({ kind: 'slow', on: /GET .*\/pulls$/, times: 1 });
    const { reviewed } = await bench.review();
    expect(reviewed[0]?.decision?.answer).toBe('wait');
    expect(slept).toContain(3000);
    expect(slept.some((delay) => delay >= 7000 && delay <= 9000)).toBe(true);
    expect(github.faults).toEqual([]);
  });

  test('an answer that stays broken is a failure of that pull request, never an empty list', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.submit(await bench.signed({ plugin: 'indie/tool', version: '0.2.0' }), people.bob);
    github.faults.push({ kind: 'truncated', on: /\/pulls\/1\/reviews$/ });
    const { reviewed } = await bench.review();
    expect(reviewed[0]).toMatchObject({ actions: ['failed'] });
    expect(reviewed[1]?.decision?.answer).toBe('wait');
  });

  test('a limit that lasts stops the run', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    github.faults.push({ kind: 'rateLimit', on: /\/pulls\/1$/, retryAfter: 3600 });
    const ended = await bench.run(['review', '--repository', 'plugmark/registry', '--json'], {
      cwd: bench.checkout,
      env: { GITHUB_TOKEN: bench.reviewer },
    });
    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'GITHUB_LIMIT' } });
  });

  test('an answer to the merge that is lost does not lose the merge', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.review();
    bench.later(10);
    github.faults.push({ kind: 'truncated', on: /^PUT .*\/merge$/, times: 1 });
    const { reviewed } = await bench.review();
    expect(reviewed[0]?.merged).toBe(await bench.mainSha());
  });

  test('publishing that does not start does not undo what was merged', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await bench.review();
    bench.later(10);
    github.faults.push({ kind: 'unprocessable', on: /\/dispatches$/, times: 1 });
    const { reviewed } = await bench.review();
    expect(reviewed[0]?.merged).toBe(await bench.mainSha());
    expect(github.state.dispatches).toEqual([]);
  });

  test('a trial merge that is not there yet is waited for', async () => {
    const { people, github } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    github.state.isSlowToTry = true;
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    expect(decision?.answer).toBe('wait');
    expect(decision?.findings.map(({ ruleId }) => ruleId)).toContain('pull.not-tried');
    expect(bench.comments()).toEqual([]);
    expect(bench.slept).toEqual([3000, 3000]);
  });

  test('a checkout that is not main decides nothing', async () => {
    const { people, github, registry } = bench;
    await bench.submit(await bench.signed(release), people.alice);
    await github.push(registry, 'main', new Map([['registry/reserved-names.json', new TextEncoder().encode('{}')]]));
    const ended = await bench.run(['review', '--repository', 'plugmark/registry', '--json'], {
      cwd: bench.checkout,
      env: { GITHUB_TOKEN: bench.reviewer },
    });
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'MAIN_DIFFERS' } });
    expect(bench.comments()).toEqual([]);
  });
});

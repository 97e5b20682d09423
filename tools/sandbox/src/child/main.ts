// The child: reads one request and one artifact, runs every vector, answers in frames, ends. It lives beside hostile code and is
// stopped from outside; it holds nothing, and its parent believes nothing it says.

import { setFlagsFromString } from 'node:v8';
import { textOf } from './faults.ts';
import type { ChildRequest } from './request.ts';
import { runVector, type Start } from './run-vector.ts';
import { componentStarter } from './start-component.ts';
import { coreStarter } from './start-core.ts';
import { Reporter, readFrame } from './wire.ts';

// Before anything of WebAssembly: caps and compiler are the engine's for good.
for (const flag of process.argv.slice(2)) setFlagsFromString(flag);

const request = JSON.parse(new TextDecoder().decode(readFrame())) as ChildRequest;
const reporter = new Reporter(request.nonce);
reporter.send({ kind: 'engine', v8: process.versions.v8, node: process.versions.node });
if (request.task === 'translate') await translateComponent();
else {
  const start = await starter();
  for (const vector of request.vectors) await runVector(request, vector, { start, reporter });
}
reporter.send({ kind: 'done' });

async function starter(): Promise<Start> {
  const artifact = readFrame();
  if (request.component === undefined) return coreStarter(request, artifact);
  const modules = request.component.modules.map(() => readFrame());
  return componentStarter(request, { glue: artifact, modules });
}

/** The translator is large, so it is loaded only where it is needed. */
async function translateComponent(): Promise<void> {
  const { translate } = await import('./translate.ts');
  try {
    const { glue, modules } = await translate(readFrame());
    reporter.send({ kind: 'translated', modules: modules.map(({ name }) => name) });
    for (const bytes of [glue, ...modules.map((module) => module.bytes)]) reporter.bytes(bytes);
  } catch (error) {
    reporter.send({ kind: 'refused', detail: textOf(error).slice(0, 300) });
  }
}

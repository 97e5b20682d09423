// The cases without a process or a socket, for a page and for the mutation run: the same requests, the same answers, a store in memory
// for each state.
import { memoryStore, type TrustStore } from '@plugmark/client';
import { type CaseResult, type ClientCaseFile, runCase, type Served, type Trees } from '../conformance/client-case.ts';
import { answerRequest } from '../conformance/client-command.ts';
import { servedFetch } from '../conformance/served-fetch.ts';

export async function runInProcess(one: ClientCaseFile, trees: Trees): Promise<CaseResult> {
  let served: Served = new Map();
  const fetchServed = servedFetch(() => served);
  const states = new Map<string, TrustStore>();
  const ports = {
    fetch: fetchServed,
    storeOf(state: string): TrustStore {
      const store = states.get(state) ?? memoryStore();
      states.set(state, store);
      return store;
    },
    keyless: () => import('@plugmark/client/sigstore'),
  };
  let id = 0;
  return runCase(one, trees, (files, request) => {
    served = files;
    return answerRequest({ id: ++id, state: one.name, url: 'http://vectors.invalid/', ...request }, ports);
  });
}

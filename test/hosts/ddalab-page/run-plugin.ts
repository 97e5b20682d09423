// A worker for each run, from a `blob:` address so that it keeps the page's policy, and ended when it is done or its time is up. A plugin
// that loops for ever takes a processor for that long and nothing else: the page goes on.
import type { RunAnswer, RunRequest } from './run-instance.ts';

/** The bundled worker.ts; bundle.ts puts it here. */
declare const WORKER_SOURCE: string;

export function runPlugin(request: RunRequest, milliseconds: number): Promise<RunAnswer> {
  const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));
  const worker = new Worker(url);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answer = new Promise<RunAnswer>((done, failed) => {
    worker.onerror = ({ message }) => failed(new Error(`the worker failed: ${message}`));
    worker.onmessage = ({ data }: MessageEvent<'ready' | RunAnswer>) => {
      if (data !== 'ready') return done(data);
      timer = setTimeout(() => done({ ending: 'outOfTime', refused: [] }), milliseconds);
      worker.postMessage(request);
    };
  });
  return answer.finally(() => {
    clearTimeout(timer);
    worker.terminate();
    URL.revokeObjectURL(url);
  });
}

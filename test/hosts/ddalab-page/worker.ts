// In the worker: one request, one run, one answer. `ready` says that the code is there, so that the time of a run is the plugin's own.
import { type RunRequest, runInstance } from './run-instance.ts';

globalThis.onmessage = ({ data }: MessageEvent<RunRequest>) => globalThis.postMessage(runInstance(data));
globalThis.postMessage('ready');

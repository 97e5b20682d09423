export { TRAP_KINDS, type TrapKind } from './child/faults.ts';
export {
  CONFIGURATIONS,
  type Configuration,
  type ConfigurationId,
  DETERMINISM_CONFIGURATIONS,
} from './configurations.ts';
export { SANDBOX_ERROR_CODES, SandboxError, type SandboxErrorCode } from './error.ts';
export { NODE_ONLY_LAYERS } from './layer-stack.ts';
export { LAYERS, type Layer, type LayerId } from './layers.ts';
export type { RunOptions, RunRequest } from './request.ts';
export { runVectors } from './run-vectors.ts';

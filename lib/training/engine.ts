/** Plans and checkpoints of a population of proxies, and the interface that every engine implements. */

import type { DomainTokens, MixturePhase } from './batches';
import type { TrainingOptions } from './options';
import type { ProxyShape } from './shape';

/** One proxy: its mixture and its seed. */
export interface PlannedProxy {
  readonly id: string;
  /** D weights, >= 0, summing to 1: the mixture from its first step on. */
  readonly mixture: Float64Array;
  readonly seed: number;
  /** Later mixtures, by ascending steps; absent when its mixture stays. */
  readonly schedule?: readonly MixturePhase[];
}

/** Everything that determines the result of a population of proxies. */
export interface PopulationPlan {
  readonly shape: ProxyShape;
  readonly training: TrainingOptions;
  readonly proxies: readonly PlannedProxy[];
  /** Training text per domain. */
  readonly tokens: DomainTokens;
}

/** Everything that is saved to resume: parameters and both moments of every proxy, and the step. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** P x N each, N parameters a proxy. */
  readonly parameters: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
}

export type BackendId = 'webgpu' | 'wasm' | 'webgl' | 'cpu';

/**
 * Trains P proxies of one shape as one model with a leading population axis. Proxies are independent:
 * training P together equals training each alone, up to the order of sums.
 */
export interface Engine {
  readonly backend: BackendId;
  /** Steps done. */
  readonly step: number;
  /** Trains one step. */
  advance(): void;
  /** Training loss of the latest step, nats per token: P numbers. Waits for the device. */
  latestLosses(): Promise<Float32Array>;
  /**
   * Mean loss of every proxy on the same validation text.
   *
   * @param windows rows x (context + 1) tokens: inputs and, one further, targets. Begin-of-document
   *   tokens are not counted as targets
   * @returns P losses in nats per byte
   */
  evaluate(windows: Int32Array): Promise<Float64Array>;
  checkpoint(): Promise<Checkpoint>;
  /** @throws RangeError when its sizes are not those of the plan */
  restore(checkpoint: Checkpoint): void;
  dispose(): void;
}

/** Display names of backends. */
export const backendNames: Readonly<Record<BackendId, string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  cpu: 'plain JavaScript',
};

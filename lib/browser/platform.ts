import type { CorporaMethods } from '../analysis/methods';
import type { LoadedCorpora } from '../corpora/types';
import { newId } from '../model/labels';
import type { Client } from '../rpc/client';
import type { FromTrainer, Trainer, TrainerEvents } from '../training/protocol';
import { hasSimd } from '../training/simd/supported';
import type { AdapterInfo, TrainingLibrary, TrainingPlatform } from '../training/state';
import { createWakeLock, jobLocks } from './locks';
import { isLifeMessage, type LifeMessage, lifeEnded } from './worker-life';

/** Maximum number of workers: each holds a copy of the text, and more gain little. */
const maxCores = 16;

/** The training platform of this browser. @param library where trainings of its kind are saved */
export function browserPlatform(
  corpora: () => Client<CorporaMethods>,
  library: TrainingLibrary,
): TrainingPlatform {
  return {
    cores: Math.max(1, Math.min(maxCores, navigator.hardwareConcurrency || 1)),
    hasSimd: hasSimd(),
    start: startWorker,
    adapter: findAdapter,
    library,
    locks: jobLocks,
    load: (id, signal): Promise<LoadedCorpora> =>
      corpora().call('builtIn', { manifest: served(`corpora/${id}/manifest.json`) }, { signal }),
    stayAwake: createWakeLock(),
    newId,
  };
}

function served(path: string): string {
  return new URL(path, document.baseURI).href;
}

function startWorker({ onMessage, onEnd }: TrainerEvents): Trainer {
  const worker = new Worker(new URL('../../workers/train.worker.ts', import.meta.url), {
    type: 'module',
  });
  const closed = new AbortController();
  worker.onmessage = ({ data }: MessageEvent<FromTrainer | LifeMessage>) => {
    if (isLifeMessage(data)) {
      lifeEnded(data.lock, closed.signal).then(
        () => onEnd('the training worker was ended by the browser'),
        // Closed, or locks are refused: then silence is the only sign of death.
        () => {},
      );
    } else onMessage(data);
  };
  worker.onmessageerror = () => onEnd('a message of the training worker could not be read');
  worker.onerror = (event) => {
    // The error is shown on the page, so it is not reported to the console.
    event.preventDefault();
    onEnd(event.message || 'the training worker could not be started');
  };
  return {
    post: (message) => worker.postMessage(message),
    close: () => {
      closed.abort();
      worker.terminate();
    },
  };
}

async function findAdapter(): Promise<AdapterInfo | null> {
  const adapter = await navigator.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) return null;
  const { limits } = adapter;
  const info = infoOf(adapter);
  const name = ['vendor', 'architecture', 'device', 'description']
    .map((part) => info[part])
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
  return {
    name: name || 'unnamed',
    isSoftware: isFallback(adapter) || /swiftshader|llvmpipe|lavapipe|basic render/i.test(name),
    largestBuffer: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  };
}

/** On the adapter in older browsers, on its info in newer ones. */
function isFallback(adapter: GPUAdapter): boolean {
  return adapter.isFallbackAdapter === true || infoOf(adapter).isFallbackAdapter === true;
}

/** Newer than the types that tfjs ships. */
function infoOf(adapter: GPUAdapter): Record<string, unknown> {
  return Object(Reflect.get(adapter, 'info'));
}

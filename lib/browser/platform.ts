import type { LoadedCorpora } from '../corpora/types';
import type { TrainerEvents } from '../proxy/conversation';
import type { FromTrainer } from '../proxy/messages';
import type { Client } from '../rpc/client';
import type { CorporaMethods } from '../rpc/methods';
import { newId } from '../store/new-id';
import type { TrainingLibrary, TrainingPlatform } from '../store/training-platform';
import type { AdapterInfo } from '../store/training-store';
import { createWakeLock, jobLocks } from './locks';

/** More workers than this would each hold a copy of the text for little gain. */
const mostCores = 16;

/** What this browser offers to a training. @param library where trainings of its kind are saved */
export function browserPlatform(
  corpora: () => Client<CorporaMethods>,
  library: TrainingLibrary,
): TrainingPlatform {
  return {
    cores: Math.max(1, Math.min(mostCores, navigator.hardwareConcurrency || 1)),
    wasmPath: served('wasm/'),
    start: startWorker,
    adapter: findAdapter,
    library,
    locks: jobLocks,
    load: (id): Promise<LoadedCorpora> =>
      corpora().call('builtIn', { manifest: served(`corpora/${id}/manifest.json`) }),
    stayAwake: createWakeLock(),
    newId,
  };
}

function served(path: string): string {
  return new URL(path, document.baseURI).href;
}

function startWorker({ onMessage, onEnd }: TrainerEvents) {
  const worker = new Worker(new URL('../../workers/train.worker.ts', import.meta.url), {
    type: 'module',
  });
  worker.onmessage = ({ data }: MessageEvent<FromTrainer>) => onMessage(data);
  worker.onmessageerror = () => onEnd('a message of the training worker could not be read');
  worker.onerror = (event) => {
    // It is told on the page; the console is for what nobody handles.
    event.preventDefault();
    onEnd(event.message || 'the training worker could not be started');
  };
  return {
    post: (message: unknown) => worker.postMessage(message),
    close: () => worker.terminate(),
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

/** Said by the adapter in earlier browsers, by its info in later ones. */
function isFallback(adapter: GPUAdapter): boolean {
  return adapter.isFallbackAdapter === true || infoOf(adapter).isFallbackAdapter === true;
}

/** Later than the types that tfjs brings. */
function infoOf(adapter: GPUAdapter): Record<string, unknown> {
  return Object(Reflect.get(adapter, 'info'));
}

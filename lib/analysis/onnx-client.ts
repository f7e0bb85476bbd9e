import { StageError } from '../model/errors';
import type { Predict } from '../model/job';
import type { OnnxSource } from '../model/regressor';
import { CancelledError, type Client, RemoteError } from '../rpc/client';
import type { OnnxMethods } from './methods';

type Request<K extends keyof OnnxMethods> = Omit<OnnxMethods[K]['request'], 'folder'>;

/** The ONNX worker; it is started on first use, and again after a failure. */
export interface OnnxClient {
  export(request: Request<'export'>): Promise<OnnxMethods['export']['result']>;
  import(request: Request<'import'>): Promise<OnnxMethods['import']['result']>;
  /** Predictions of a model of the current study. */
  readonly predict: Predict;
  close(): void;
}

/** Maximum number of open models; one more restarts the worker. Each may take 64 MB or more. */
const maxOpen = 16;

/**
 * @param start starts the worker
 * @param folder URL that serves onnxruntime-web
 * @param find the file of an imported model by its id; null when the current study has none of that id
 * @param wait timeout for an untrusted model, in ms: a loop in it never ends by itself
 */
export function createOnnxClient(
  start: () => Client<OnnxMethods>,
  folder: () => string,
  find: (model: string) => OnnxSource | null,
  wait = 60_000,
): OnnxClient {
  let client: Client<OnnxMethods> | null = null;
  /** By id: other studies may have other models of the same id. */
  const open = new Map<string, { readonly source: OnnxSource; readonly ready: Promise<null> }>();

  /** Increases whenever the page closes the worker. */
  let generation = 0;

  function restart(): void {
    client?.close();
    client = null;
    open.clear();
  }

  /** Retries a call once when the worker died. */
  async function retryOnce<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = generation;
    try {
      return await work();
    } catch (error) {
      // A worker that died lost its models. A refusal has a stage and is not retried.
      const isLost =
        error instanceof CancelledError || (error instanceof RemoteError && error.stage === null);
      if (isLost && generation === before) return await work();
      throw error;
    }
  }

  async function call<K extends keyof OnnxMethods & string>(
    method: K,
    request: OnnxMethods[K]['request'],
  ): Promise<OnnxMethods[K]['result']> {
    client ??= start();
    const used = client;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new StageError(
            'regression',
            `The ONNX model did not answer within ${wait / 1000} seconds.`,
            'Choose another regressor, or export a smaller model without loops.',
          ),
        );
      }, wait);
    });
    try {
      return await Promise.race([used.call(method, request), timeout]);
    } catch (error) {
      // An untrusted model may have exhausted or broken the runtime that refused it.
      if (client === used) restart();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  function ready(model: string): Promise<null> {
    const source = find(model);
    if (!source) {
      const message = 'The imported model belongs to another study.';
      return Promise.reject(new StageError('regression', message, 'Try again.'));
    }
    const known = open.get(model);
    if (known?.source === source) return known.ready;
    if (!known && open.size >= maxOpen) restart();
    const opening = call('open', { folder: folder(), model, source });
    open.set(model, { source, ready: opening });
    opening.catch(() => {
      if (open.get(model)?.ready === opening) open.delete(model);
    });
    return opening;
  }

  return {
    export: (request) => retryOnce(() => call('export', { ...request, folder: folder() })),
    import: (request) => retryOnce(() => call('import', { ...request, folder: folder() })),
    predict: (model, mixtures) =>
      retryOnce(async () => {
        await ready(model);
        return await call('predict', { model, mixtures });
      }),
    close() {
      generation++;
      restart();
    },
  };
}

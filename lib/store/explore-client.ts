import type { Client } from '../rpc/client';
import type { ExploreMethods } from '../rpc/methods';
import type { Study } from '../study/types';

type CallOptions = Parameters<Client<ExploreMethods>['call']>[2];
export type Explorations = Omit<ExploreMethods, 'load'>;

/** The explore worker, which is started and given the study when it is first asked about it. */
export interface ExploreClient {
  call<K extends keyof Explorations & string>(
    study: Study,
    method: K,
    request: Explorations[K]['request'],
    options?: CallOptions,
  ): Promise<Explorations[K]['result']>;
  close(): void;
}

/** @param start starts the worker */
export function createExploreClient(start: () => Client<ExploreMethods>): ExploreClient {
  let client: Client<ExploreMethods> | null = null;
  let loaded = '';
  return {
    call(study, method, request, options) {
      client ??= start();
      if (loaded !== study.id) {
        loaded = study.id;
        const { id, targets, training, testSets } = study;
        // A worker answers in order: what follows finds the study loaded, or fails for the same reason.
        client.call('load', { id, targets, training, testSets }).catch(() => {
          loaded = '';
        });
      }
      return client.call(method, request, options);
    },
    close() {
      client?.close();
      client = null;
      loaded = '';
    },
  };
}

import type { Study } from '../model/study';
import type { Client } from '../rpc/client';
import { revisionOf } from '../study/identity';
import type { ExploreMethods } from './methods';

type CallOptions = Parameters<Client<ExploreMethods>['call']>[2];
export type Explorations = Omit<ExploreMethods, 'load'>;

/** The explore worker; it is started, and sent a study's data, on first use. */
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
      const revision = revisionOf(study);
      if (loaded !== revision) {
        loaded = revision;
        const { targets, training, testSets } = study;
        // A worker answers in order: later calls find the study loaded, or fail for the same reason.
        client.call('load', { revision, targets, training, testSets }).catch(() => {
          // Another one may have been loaded since.
          if (loaded === revision) loaded = '';
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

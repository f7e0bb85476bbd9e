'use client';

import { useEffect } from 'react';
import { saveBeforeReload } from '../../lib/browser/before-reload';
import { endOpening } from '../../lib/browser/first-paint';
import type { Documents } from '../../lib/library/documents';
import { createDocumentsStore, type DocumentsStore } from '../../lib/library/documents-state';
import { reasonOf } from '../../lib/model/errors';
import { loadCode } from '../../lib/model/load-code';
import type { StudyStore } from '../../lib/session/study-store';

/** The saved studies, and the state of saving. */
export interface DocumentsSession {
  readonly state: DocumentsStore;
  /** Resolves once the last open study is restored; rejects when what saves studies cannot be loaded. */
  readonly ready: Promise<Documents>;
}

/** A documents session, and the functions that make it ready or give it up. */
export interface PendingDocuments extends DocumentsSession {
  readonly settle: (documents: Documents) => void;
  readonly fail: (error: unknown) => void;
}

export function createPendingDocuments(): PendingDocuments {
  let settle: (documents: Documents) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const ready = new Promise<Documents>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  // Perhaps nobody waits; the failure is shown in the state anyway.
  ready.catch(() => {});
  return { state: createDocumentsStore(), ready, settle, fail };
}

/** Saves the page's study; the code that does so loads after hydration. */
export function useDocuments(study: StudyStore, { state, settle, fail }: PendingDocuments): void {
  useEffect(() => {
    let documents: Documents | null = null;
    let isUnmounted = false;
    const first = study.getState().session;
    const save = async () => {
      await documents?.flush();
      const { status, problem } = state.getState();
      if (status === 'failed' && study.getState().session !== first) throw new Error(problem);
    };
    const endSaving = saveBeforeReload(save);
    loadCode(() => import('./save-documents'))
      .then(async ({ saveDocuments }) => {
        if (isUnmounted) return;
        documents = saveDocuments(study, state);
        await documents.start();
        settle(documents);
      })
      .catch((error: unknown) => {
        const problem = reasonOf(error);
        state.setState({ status: 'failed', problem });
        fail(error);
      })
      .finally(endOpening);
    return () => {
      isUnmounted = true;
      // When an error unmounts the page, the last edits are not saved yet.
      void save()
        .catch(() => {})
        .finally(() => {
          endSaving();
          documents?.stop();
        });
    };
  }, [study, state, settle, fail]);
}

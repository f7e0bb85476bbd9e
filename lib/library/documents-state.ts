import { createStore } from 'zustand/vanilla';
import type { DocumentHead, DocumentText } from './document';

/** A document that was deleted, for as long as it can be brought back. */
export interface DeletedDocument {
  readonly head: DocumentHead;
  readonly text: DocumentText;
}

/** Whether what is on view is saved, for the page to say. */
export interface DocumentsState {
  /** `untouched` is what came with the page: there is nothing to save yet. */
  readonly status: 'opening' | 'untouched' | 'unsaved' | 'saving' | 'saved' | 'failed';
  /** Why nothing is saved, when `failed`, or `unsaved` with nothing to save; empty otherwise. */
  readonly problem: string;
  /** What else happened to the study, one sentence, until it is read; empty when nothing. */
  readonly notice: string;
  /** What was deleted on this visit and can be brought back, the latest first. */
  readonly deleted: readonly DeletedDocument[];
  /** How many messages other tabs have sent about any saved study: lists of them are read again. */
  readonly news: number;
}

export type DocumentsStore = ReturnType<typeof createDocumentsStore>;

export function createDocumentsStore() {
  return createStore<DocumentsState>(() => ({
    status: 'opening',
    problem: '',
    notice: '',
    deleted: [],
    news: 0,
  }));
}

/** How saving stands, in a few words. */
export function savingSummary({ status, problem }: DocumentsState): string {
  if (status === 'failed' || (status === 'unsaved' && problem !== '')) {
    return `Not saved: ${problem}`;
  }
  if (status === 'unsaved' || status === 'saving') return 'Saving…';
  return status === 'saved' ? 'Saved' : '';
}

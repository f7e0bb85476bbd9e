'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { download } from '../../lib/browser/files';
import { StageError } from '../../lib/errors';
import type { DocumentHead } from '../../lib/store/document-storage';
import type { Documents } from '../../lib/store/documents';
import { savingInWords } from '../../lib/store/documents-state';
import { useSession, useStores } from '../explorer/stores';
import { forgetPicked } from '../runs/apply-runs';
import { Dialog } from '../ui/dialog';
import { DeletedNotices } from './deleted-notices';
import { DocumentRow } from './document-row';
import { Examples } from './examples';
import { fileNameOf } from './file-name';
import { SaveStudy } from './save-study';

/** The studies that are saved in this browser: to open, rename, duplicate, save as files and delete. */
export default function StudiesDialog({ onClose }: { onClose: () => void }) {
  const { documents, view } = useStores();
  const state = useStore(documents.state);
  const { document: open } = useSession();
  const [heads, setHeads] = useState<readonly DocumentHead[] | null>(null);
  const setDeleted = (change: (before: typeof state.deleted) => typeof state.deleted) =>
    documents.state.setState((before) => ({ deleted: change(before.deleted) }));
  const list = useRef<HTMLUListElement>(null);
  const [problem, setProblem] = useState('');

  const act = useCallback(
    async (work: (documents: Documents) => Promise<void>) => {
      setProblem('');
      try {
        const ready = await documents.ready;
        try {
          await work(ready);
        } finally {
          setHeads(await ready.list());
        }
      } catch (error) {
        setProblem(inWords(error));
        setHeads((before) => before ?? []);
      }
    },
    [documents],
  );

  // What another tab or the autosave changes shows up, too.
  const { status } = state;
  useEffect(() => {
    if (status !== 'opening') void act(async () => {});
  }, [act, status]);

  return (
    <Dialog title="Studies" onClose={onClose}>
      <p className="quiet">
        Your studies are saved in this browser, on this machine. Save those that matter as files,
        too: a browser may clear its storage.
      </p>
      <p>
        {state.status === 'untouched'
          ? 'The study on view came with the page; it is saved once you change it.'
          : savingInWords(state)}
      </p>
      {problem !== '' && (
        <p className="refused" role="alert">
          {problem}
        </p>
      )}
      {heads === null && <p role="status">Looking…</p>}
      {heads?.length === 0 && problem === '' && <p>No study is saved yet.</p>}
      <ul ref={list} tabIndex={-1} className="documents" aria-label="Saved studies">
        {heads?.map((head) => (
          <DocumentRow
            key={head.id}
            head={head}
            isOpen={head.id === open}
            onOpen={() =>
              void act(async (all) => {
                await all.open(head.id);
                forgetPicked(view);
                onClose();
              })
            }
            onRename={(name) => void act((all) => all.rename(head.id, name))}
            onDuplicate={() => void act((all) => all.duplicate(head.id))}
            onSave={() =>
              void act(async (all) => {
                const text = await all.textOf(head.id);
                download(fileNameOf(head.name), 'application/json', text);
              })
            }
            onDelete={() =>
              void act(async (all) => {
                const removed = await all.remove(head);
                setDeleted((before) => [removed, ...before]);
              })
            }
          />
        ))}
      </ul>
      {state.deleted.length > 0 && (
        <DeletedNotices
          deleted={state.deleted}
          onUndo={(one) =>
            void act(async (all) => {
              await all.restore(one);
              setDeleted((before) => before.filter((other) => other !== one));
              list.current?.focus();
            })
          }
        />
      )}
      <div className="button-row">
        <SaveStudy />
        {open !== undefined && (
          <button
            type="button"
            className="button"
            onClick={() =>
              void act(async (all) => {
                await all.leave();
                window.location.assign(window.location.pathname);
              })
            }
          >
            Go to the study that the page comes with
          </button>
        )}
      </div>
      <Examples onOpened={onClose} />
    </Dialog>
  );
}

function inWords(error: unknown): string {
  if (error instanceof StageError) return `${error.message} ${error.advice}`;
  const reason = error instanceof Error ? error.message : String(error);
  return `The saved studies cannot be reached: ${reason}`;
}

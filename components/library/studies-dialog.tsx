'use client';

/**
 * The dialog of saved studies and examples: open, rename, duplicate, save as a file, and delete
 * with undo.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { download } from '../../lib/browser/files';
import type { DocumentHead } from '../../lib/library/document';
import type { Documents } from '../../lib/library/documents';
import { type DeletedDocument, savingSummary } from '../../lib/library/documents-state';
import { StageError } from '../../lib/model/errors';
import { builtInStudies } from '../../lib/study/built-in';
import { examples } from '../../lib/study/examples';
import { forgetPicked } from '../runs/apply-runs';
import { PaperRuns } from '../runs/paper-runs';
import { useSession, useStores } from '../shell/stores';
import { Dialog } from '../ui/dialog';
import { loadBuiltIn } from './load-built-in';
import { reachProblem } from './reach-problem';
import { fileNameOf, SaveStudy } from './save-study';

/** The studies saved in this browser: open, rename, duplicate, save as files and delete them. */
export default function StudiesDialog({ onClose }: { onClose: () => void }) {
  const { documents, view, study: store } = useStores();
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
        setProblem(reachProblem(error));
        setHeads((before) => before ?? []);
      }
    },
    [documents],
  );

  // Saves of this tab are shown, too.
  const { status, news } = state;
  useEffect(() => {
    if (status !== 'opening') void act(async () => {});
  }, [act, status]);

  // Changes by other tabs are shown without clearing the problem of an action here.
  useEffect(() => {
    if (news === 0) return;
    documents.ready
      .then((all) => all.list())
      .then(setHeads)
      .catch((error: unknown) => setProblem(reachProblem(error)));
  }, [documents, news]);

  return (
    <Dialog title="Studies" onClose={onClose}>
      <p className="quiet">
        Your studies are saved in this browser, on this machine. Save those that matter as files,
        too: a browser may clear its storage.
      </p>
      <p>
        {state.status === 'untouched'
          ? 'The open study comes with the page; it is saved once you change it.'
          : savingSummary(state)}
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
                forgetPicked(view, store.getState().session.study);
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

/**
 * The studies deleted in this visit, each with an undo. The newest undo takes the focus, which was
 * on the removed row.
 */
function DeletedNotices({
  deleted,
  onUndo,
}: {
  /** The latest first. */
  deleted: readonly DeletedDocument[];
  onUndo: (one: DeletedDocument) => void;
}) {
  const newest = useRef<HTMLButtonElement>(null);
  const count = useRef(deleted.length);
  useEffect(() => {
    if (deleted.length > count.current) newest.current?.focus();
    count.current = deleted.length;
  }, [deleted]);
  return (
    <div role="status">
      {deleted.map((one, index) => (
        <p key={one.head.id} className="notice">
          {one.head.name} was deleted.{' '}
          <button
            ref={index === 0 ? newest : undefined}
            type="button"
            className="link"
            aria-label={`Undo deleting ${one.head.name}`}
            onClick={() => onUndo(one)}
          >
            Undo deleting
          </button>
        </p>
      ))}
    </div>
  );
}

/** One saved study with its actions. */
function DocumentRow({
  head,
  isOpen,
  onOpen,
  onRename,
  onDuplicate,
  onSave,
  onDelete,
}: {
  head: DocumentHead;
  isOpen: boolean;
  onOpen: () => void;
  onRename: (name: string) => void;
  onDuplicate: () => void;
  onSave: () => void;
  onDelete: () => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const saved = new Date(head.savedAt).toLocaleString('en', {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const actions = [
    { label: 'Rename', run: () => setDraft(head.name) },
    { label: 'Duplicate', run: onDuplicate },
    { label: 'Save as a file', run: onSave },
  ];
  return (
    <li>
      {draft === null ? (
        <span className="document-name">{head.name}</span>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const name = draft.trim();
            setDraft(null);
            if (name !== '' && name !== head.name) onRename(name);
          }}
        >
          <input
            className="field"
            aria-label={`New name of ${head.name}`}
            // biome-ignore lint/a11y/noAutofocus: the field was asked for by the button that it replaces
            autoFocus
            maxLength={200}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          <button type="submit" className="button">
            Rename
          </button>
        </form>
      )}
      <span className="quiet small">
        {isOpen ? 'On view; ' : ''}saved {saved}
      </span>
      <span className="button-row">
        {!isOpen && (
          <button type="button" className="link" onClick={onOpen} aria-label={`Open ${head.name}`}>
            Open
          </button>
        )}
        {actions.map(({ label, run }) => (
          <button
            key={label}
            type="button"
            className="link"
            aria-label={`${label}: ${head.name}`}
            onClick={run}
          >
            {label}
          </button>
        ))}
        {!isOpen && (
          <button
            type="button"
            className="link"
            aria-label={`Delete ${head.name}`}
            onClick={onDelete}
          >
            Delete
          </button>
        )}
      </span>
    </li>
  );
}

/** Example studies: each opens as a new document beside the saved ones. */
function Examples({ onOpened }: { onOpened: () => void }) {
  const { study: store, view } = useStores();
  const [opening, setOpening] = useState('');
  const [problem, setProblem] = useState('');

  async function open({ id, study, set }: (typeof examples)[number]): Promise<void> {
    const found = builtInStudies.find((each) => each.id === study);
    if (!found) return;
    setProblem('');
    setOpening(id);
    try {
      const opened = set(await loadBuiltIn(found));
      store.open(opened);
      forgetPicked(view, store.getState().session.study);
      onOpened();
    } catch (error) {
      const advice = error instanceof StageError ? ` ${error.advice}` : '';
      setProblem(`${error instanceof Error ? error.message : String(error)}${advice}`);
      setOpening('');
    }
  }

  return (
    <section className="examples" aria-labelledby="examples-title">
      <h3 id="examples-title">Examples</h3>
      <p className="quiet">
        Each opens as a study of its own; the open one stays saved.
      </p>
      {problem !== '' && (
        <p className="refused" role="alert">
          {problem}
        </p>
      )}
      <ul className="documents" aria-label="Examples">
        {examples.map((example) => (
          <li key={example.id}>
            <span className="document-name">{example.name}</span>
            <span className="quiet small">{example.look}</span>
            <span className="button-row">
              <button
                type="button"
                className="link"
                aria-label={`Open the example ${example.name}`}
                disabled={opening !== ''}
                onClick={() => void open(example)}
              >
                {opening === example.id ? 'Opening…' : 'Open'}
              </button>
            </span>
          </li>
        ))}
        <li>
          <span className="document-name">The paper’s runs</span>
          <span className="quiet small">
            RegMix’s own 512 proxies of 1M parameters on the Pile’s 17 domains. See rho 0.99 for
            Pile-CC loss, which domains drive it, and the optimum beside the paper’s human mixture;
            then add its 60M and 1B test runs.
          </span>
          <PaperRuns />
        </li>
      </ul>
    </section>
  );
}

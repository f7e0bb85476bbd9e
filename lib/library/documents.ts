/** The saved studies: opening, autosaving, following other tabs, deleting and restoring. */

import { reasonOf, StageError } from '../model/errors';
import { cleanLabel, newId } from '../model/labels';
import type { Session, StudyStore } from '../session/study-store';
import type { OpenedStudy } from '../study/from-runs';
import { asNewStudy } from '../study/identity';
import {
  type DocumentHead,
  type DocumentStorage,
  type DocumentText,
  type NewsChannel,
  parseHead,
  parseNews,
} from './document';
import type { DeletedDocument, DocumentsState, DocumentsStore } from './documents-state';

/** Delay between an edit and its save, in milliseconds. */
const quietMs = 600;

const deletedNotice = 'This study was deleted in another tab; an edit here saves it again.';

/** What documents need of the page; injected for tests. */
export interface DocumentsPlatform {
  readonly storage: DocumentStorage;
  readonly channel: NewsChannel;
  /** Id of the document last open in this browser; null = none. */
  readonly last: { get(): string | null; set(id: string | null): void };
  readonly write: (session: OpenedStudy) => Promise<DocumentText>;
  /**
   * Validates by the schema: storage is as untrusted as a file. @throws StageError or RemoteError when it is
   * invalid
   */
  readonly read: (text: DocumentText) => Promise<OpenedStudy>;
  readonly now: () => number;
  /** Called once, when there is something to lose. */
  readonly persist: () => void;
  /** Calls back after so many milliseconds; returns a function that cancels it. */
  readonly later: (run: () => void, ms: number) => () => void;
}

/** The studies that are saved in this browser. */
export interface Documents {
  /** Opens the document that was last open; does nothing without one or when it cannot be read. */
  start(): Promise<void>;
  /** Documents with a valid head, the latest first. */
  list(): Promise<DocumentHead[]>;
  /** @throws StageError when it cannot be read; nothing changes then */
  open(id: string): Promise<void>;
  /** Opens a study as a new document; the open one stays saved as it is. */
  openAsNew(session: OpenedStudy, name: string): Promise<void>;
  /** As it is stored, readable or not. */
  textOf(id: string): Promise<DocumentText>;
  rename(id: string, name: string): Promise<void>;
  duplicate(id: string): Promise<void>;
  remove(head: DocumentHead): Promise<DeletedDocument>;
  /** Undoes a delete; as a copy when another tab has saved the document again since. */
  restore(deleted: DeletedDocument): Promise<void>;
  /**
   * Saves the open document and clears it as the last open one, so that a reload starts afresh.
   * @throws StageError when it cannot be saved
   */
  leave(): Promise<void>;
  /** Saves pending edits now. */
  flush(): Promise<void>;
  stop(): void;
}

/**
 * Saves the session as a document shortly after each edit, and never overwrites what another tab saved
 * meanwhile. Changes by other tabs are loaded while nothing is unsaved here; otherwise the local session
 * becomes a copy.
 */
export function createDocuments(
  studyStore: StudyStore,
  state: DocumentsStore,
  platform: DocumentsPlatform,
): Documents {
  const { storage, channel, last } = platform;
  const revisions = new Map<string, number>();
  const current = () => studyStore.getState().session;
  /** The session as last saved, or the prerendered one. */
  let saved: Session = current();
  const initialSession = saved;
  /** Per document of this visit, the session as last saved. */
  const savedOf = new Map<string | undefined, Session>();
  /** The session on view whose document another tab deleted, until it is saved again; null = none. */
  let lost: Session | null = null;
  let onView = saved;
  let saving: Promise<void> = Promise.resolve();
  /** One at a time, so that an older read cannot overwrite a newer one. */
  let following: Promise<void> = Promise.resolve();
  let cancelSave: (() => void) | null = null;
  let hasPersisted = false;
  let stopped = false;

  const set = (change: Partial<DocumentsState>) => state.setState(change);

  async function read(id: string): Promise<Session> {
    return { ...(await platform.read(await textOf(id))), document: id };
  }

  async function textOf(id: string): Promise<DocumentText> {
    const text = await storage.text(id);
    if (isText(text)) return text;
    throw new StageError(
      'runs',
      'This study is no longer saved here.',
      'It may have been deleted in another tab.',
    );
  }

  async function heads(): Promise<DocumentHead[]> {
    const all = (await storage.heads()).flatMap((value) => parseHead(value) ?? []);
    return all.sort((a, b) => b.savedAt - a.savedAt);
  }

  async function revisionOf(id: string): Promise<number> {
    return (await heads()).find((head) => head.id === id)?.revision ?? 0;
  }

  /** Shows a session that is already saved. */
  function show(session: Session, revision: number, put: (session: Session) => void): void {
    const { document } = session;
    if (document === undefined) return;
    revisions.set(document, revision);
    saved = session;
    put(session);
    markSaved(current());
    last.set(document);
    set({ status: 'saved', problem: '', notice: '' });
  }

  function markSaved(session: Session): void {
    saved = session;
    lost = null;
    savedOf.set(session.document, session);
  }

  function changed(): void {
    if (stopped) return;
    cancelSave?.();
    cancelSave = null;
    const before = onView;
    onView = current();
    // Another study was opened: save the last edits of the previous one now.
    const isLeft =
      before.document !== onView.document && studyStore.getState().past.at(-1) === before;
    if (isLeft && before !== initialSession) {
      saving = saving.then(() => saveLeft(before));
    }
    if (isSaved(current())) {
      // Undone before it was saved, or back to a state that needs no saving.
      if (state.getState().status !== 'saving') set(savedState());
      return;
    }
    set({ status: 'unsaved', problem: '' });
    cancelSave = platform.later(() => void flush(), quietMs);
  }

  function isSaved(session: Session): boolean {
    return session === saved || session === initialSession;
  }

  /** How a session without edits to save stands. */
  function savedState(): Pick<DocumentsState, 'status' | 'problem'> {
    if (current() === lost) return { status: 'unsaved', problem: 'deleted in another tab' };
    return { status: current().document === undefined ? 'untouched' : 'saved', problem: '' };
  }

  function flush(): Promise<void> {
    cancelSave?.();
    cancelSave = null;
    saving = saving.then(save);
    return saving;
  }

  async function save(): Promise<void> {
    if (stopped || isSaved(current())) return;
    if (current().document === undefined) studyStore.moveDocument(undefined, newId());
    const session = current();
    const id = session.document ?? '';
    set({ status: 'saving' });
    try {
      if (!(await tryPut(id, session, revisions.get(id) ?? 0))) {
        await becomeCopy(session);
        return;
      }
      last.set(id);
      if (!hasPersisted) platform.persist();
      hasPersisted = true;
      markSaved(session);
      set(savedState());
      // Saved again, it is no longer deleted.
      if (state.getState().notice === deletedNotice) set({ notice: '' });
      changed();
    } catch (error) {
      set({ status: 'failed', problem: saveFailure(error) });
    }
  }

  async function saveLeft(session: Session): Promise<void> {
    // It may already have been saved when it was left.
    if (savedOf.get(session.document) === session) return;
    const id = session.document ?? newId();
    if (session.document === undefined) studyStore.moveDocument(undefined, id);
    try {
      const left = { ...session, document: id };
      const base = revisions.get(id) ?? 0;
      if (await tryPut(id, left, base)) savedOf.set(id, left);
      else await becomeCopy(left);
    } catch (error) {
      set({
        notice: `The last edits of “${session.study.name}” are not saved (${saveFailure(error)}). Undo brings them back.`,
      });
    }
  }

  /** Turns a session that could not be saved into a new document; another session may be open by then. */
  async function becomeCopy(session: Session): Promise<void> {
    const copy = newId();
    const name = copyName(session.study.name);
    if (current().document === session.document) {
      studyStore.moveDocument(session.document, copy);
      studyStore.follow((open) => named(open, name));
      await save();
    } else {
      await put(copy, asCopy(session, name), 0);
    }
    // `save` reports its own failure.
    if (!revisions.has(copy)) return;
    set({ notice: 'Another tab changed this study; your version was saved as a copy.' });
  }

  channel.onmessage = ({ data }) => {
    const news = parseNews(data);
    if (!news) return;
    state.setState((before) => ({ news: before.news + 1 }));
    following = following.then(() =>
      news.kind === 'saved' ? follow(news.id, news.revision) : followDelete(news.id),
    );
  };

  async function follow(id: string, revision: number): Promise<void> {
    const before = current();
    if (before.document !== id || before !== saved) return;
    const wasLost = before === lost;
    // A deletion that is undone brings back the revision that is known here.
    if (!wasLost && revision <= (revisions.get(id) ?? 0)) return;
    try {
      // Read the revision first: a text saved in between then counts as a newer change.
      const found = await revisionOf(id);
      const session = await read(id);
      // Edits made meanwhile take precedence: they are saved as a copy.
      if (stopped || current() !== before) return;
      show(session, found, (shown) => studyStore.follow(() => shown));
      set({
        notice: wasLost
          ? 'This study was restored in another tab.'
          : 'Another tab changed this study; this tab shows the change.',
      });
    } catch {
      set({ notice: 'Another tab changed this study in a way that this tab cannot read.' });
    }
  }

  async function followDelete(id: string): Promise<void> {
    // A save under way may come before the deletion or after it: storage tells once it is done.
    await saving;
    const isThere = (await revisionOf(id).catch(() => 0)) > 0;
    if (stopped || isThere || current().document !== id) return;
    set({ notice: deletedNotice });
    if (current() !== saved) return;
    lost = saved;
    set(savedState());
  }

  /** Changes a document; if it is open, by an edit that can be undone. */
  async function change(id: string, edit: (session: OpenedStudy) => OpenedStudy): Promise<void> {
    if (current().document === id) {
      studyStore.edit(edit);
      return flush();
    }
    // Read the revision first, so that a text saved in between is not overwritten.
    const base = await revisionOf(id);
    await put(id, edit(await read(id)), base);
  }

  async function put(id: string, session: OpenedStudy, base: number): Promise<void> {
    if (await tryPut(id, session, base)) return;
    throw new StageError('runs', 'Another tab has changed this study.', 'Try again.');
  }

  /** @returns false when another tab has saved it since `base` */
  async function tryPut(id: string, session: OpenedStudy, base: number): Promise<boolean> {
    const text = await platform.write(session);
    const head = { id, name: session.study.name, revision: base + 1, savedAt: platform.now() };
    if (!(await storage.write(head, text, base))) return false;
    revisions.set(id, head.revision);
    channel.postMessage({ kind: 'saved', id, revision: head.revision });
    return true;
  }

  /** Writes a document that is not stored. @returns false when it is, with another revision */
  async function writeAsIs(head: DocumentHead, text: DocumentText): Promise<boolean> {
    if (!(await storage.write(head, text, 0))) return false;
    channel.postMessage({ kind: 'saved', id: head.id, revision: head.revision });
    return true;
  }

  /** Restores any deleted document, even one that cannot be read and so keeps its inner name. */
  async function restoreAsCopy(head: DocumentHead, text: DocumentText): Promise<void> {
    const id = newId();
    const name = copyName(head.name);
    const session = await platform.read(text).catch(() => null);
    if (session) await put(id, named(session, name), 0);
    else await writeAsIs({ id, name, revision: 1, savedAt: platform.now() }, text);
  }

  async function openLast(): Promise<void> {
    const id = last.get();
    const before = current();
    set({ status: isSaved(before) ? 'untouched' : 'unsaved' });
    if (id === null) return;
    set({ status: 'opening' });
    try {
      const revision = await revisionOf(id);
      const session = revision > 0 ? await read(id) : null;
      // A link or an edit came first: the last document stays available under Studies.
      if (current() !== before) changed();
      if (session === null) reportMissing(id);
      if (stopped || current() !== before) return;
      if (session) show(session, revision, (shown) => studyStore.restart(shown));
      else set({ status: 'untouched' });
    } catch (error) {
      if (current() !== before) changed();
      else set({ status: 'untouched' });
      const isThere = (await revisionOf(id).catch(() => 1)) > 0;
      if (!isThere) reportMissing(id);
      else {
        set({
          notice: `The last study cannot be read; it is still in Studies. ${reasonOf(error)}`,
        });
      }
    }
  }

  /** Reports once that the last open document is gone. */
  function reportMissing(id: string): void {
    if (stopped) return;
    if (last.get() === id) last.set(null);
    set({ notice: 'The last study is no longer saved here.' });
  }

  const unsubscribe = studyStore.subscribe(changed);

  return {
    start() {
      // News that comes meanwhile is followed afterwards.
      following = openLast();
      return following;
    },
    list: heads,
    async open(id) {
      await flush();
      const revision = await revisionOf(id);
      const session = await read(id);
      show(session, revision, (shown) => studyStore.open(shown));
    },
    async openAsNew(session, name) {
      await flush();
      const { study, settings } = named(session, name);
      studyStore.open({ study, settings });
      await flush();
    },
    textOf,
    rename: (id, name) => change(id, (session) => named(session, name)),
    async duplicate(id) {
      if (current().document === id) await flush();
      const { study, settings } = await read(id);
      await put(newId(), asCopy({ study, settings }, copyName(study.name)), 0);
    },
    async remove(head) {
      const text = await textOf(head.id);
      const removed = await storage.remove(head.id);
      channel.postMessage({ kind: 'deleted', id: head.id });
      return {
        head: parseHead(removed?.head) ?? head,
        text: isText(removed?.text) ? removed.text : text,
      };
    },
    async restore({ head, text }) {
      if (await writeAsIs(head, text)) return;
      await restoreAsCopy(head, text);
      set({
        notice: `Another tab has saved “${head.name}”, so the deleted version was restored as a copy.`,
      });
    },
    async leave() {
      await flush();
      if (!isSaved(current())) {
        throw new StageError(
          'runs',
          'The open study is not saved.',
          'Save it as a file first, or wait a moment and try again.',
        );
      }
      last.set(null);
    },
    flush,
    stop() {
      stopped = true;
      cancelSave?.();
      unsubscribe();
      channel.onmessage = null;
      channel.close();
    },
  };
}

function isText(value: unknown): value is DocumentText {
  return typeof value === 'string' || value instanceof Blob;
}

function named({ study, settings }: OpenedStudy, name: string): OpenedStudy {
  return { study: { ...study, name: cleanLabel(name) || study.name }, settings };
}

/** A study with a new id: no two documents share one. */
function asCopy(session: OpenedStudy, name: string): OpenedStudy {
  const { study, settings } = named(session, name);
  return { study: asNewStudy(study, newId), settings };
}

function copyName(name: string): string {
  return `${name.slice(0, 190)} (copy)`;
}

function saveFailure(error: unknown): string {
  const isFull = error instanceof Error && error.name === 'QuotaExceededError';
  return isFull ? 'storage is full' : `storage cannot be used (${reasonOf(error)})`;
}

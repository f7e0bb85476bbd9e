/** The store of the open study and its settings, with undo and redo. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { newId } from '../model/labels';
import type { Settings } from '../model/settings';
import type { OpenedStudy } from '../study/from-runs';
import { asNewStudy } from '../study/identity';

/** A study and its settings: one point in the history. */
export interface Session extends OpenedStudy {
  /** Id of the document that it is saved as; absent for the prerendered session. */
  readonly document?: string;
}

export interface StudyState {
  readonly session: Session;
  /** Sessions to undo to, the latest last. */
  readonly past: readonly Session[];
  /** Sessions that were undone, the next to redo last. */
  readonly future: readonly Session[];
  /** The session before the current gesture (a drag, a burst of key presses); null between gestures. */
  readonly gesture: Session | null;
}

/** The one store that a user changes. A gesture is one step of the history however many edits it makes. */
export interface StudyStore extends StoreApi<StudyState> {
  /**
   * Replaces study and settings; one step of the history, so that opening a file can be undone. Without a
   * document it becomes a new one, and the study gets a new id: what was open stays saved.
   */
  open(session: Session): void;
  /** Changes the open session; it stays the same document. */
  edit(change: (session: OpenedStudy) => OpenedStudy): void;
  /** Applies a change that is not the user's, such as progress of a training: no step of the history. */
  follow(change: (session: OpenedStudy) => OpenedStudy): void;
  /** Starts with a session and an empty history, like a fresh page. */
  restart(session: Session): void;
  /**
   * Moves all sessions of a document, including the history, to another. From undefined, this is the first
   * save; from a document, they become a copy with a new study id.
   */
  moveDocument(from: string | undefined, to: string): void;
  editSettings(change: Partial<Settings>): void;
  beginGesture(): void;
  endGesture(): void;
  undo(): void;
  redo(): void;
}

const historyLength = 200;

export function createStudyStore(initial: Session): StudyStore {
  const store = createStore<StudyState>(() => ({
    session: initial,
    past: [],
    future: [],
    gesture: null,
  }));

  function push(past: readonly Session[], session: Session): readonly Session[] {
    return [...past, session].slice(-historyLength);
  }

  function edit(change: (session: Session) => Session): void {
    store.setState((state) => {
      const session = change(state.session);
      if (session === state.session) return state;
      if (state.gesture) return { session };
      return { session, past: push(state.past, state.session), future: [] };
    });
  }

  function endGesture(): void {
    store.setState((state) => {
      if (!state.gesture) return state;
      if (state.gesture === state.session) return { gesture: null };
      return { gesture: null, past: push(state.past, state.gesture), future: [] };
    });
  }

  return {
    ...store,
    edit: (change) => edit((session) => inDocument(change(session), session.document)),
    follow: (change) =>
      store.setState((state) => {
        const { document } = state.session;
        const session = inDocument(change(state.session), document);
        if (session === state.session) return state;
        return { session, gesture: state.gesture && inDocument(change(state.gesture), document) };
      }),
    restart: (session) => store.setState({ session, past: [], future: [], gesture: null }),
    moveDocument: (from, to) => {
      const copy = newId();
      store.setState((state) => {
        const moved = (session: Session) => {
          if (session.document !== from) return session;
          const { study } = session;
          return {
            ...session,
            document: to,
            study: from === undefined ? study : { ...study, id: copy },
          };
        };
        return {
          session: moved(state.session),
          past: state.past.map(moved),
          future: state.future.map(moved),
          gesture: state.gesture && moved(state.gesture),
        };
      });
    },
    endGesture,
    open: (session) => {
      endGesture();
      edit(() =>
        session.document === undefined
          ? { ...session, study: asNewStudy(session.study, newId), document: newId() }
          : session,
      );
    },
    editSettings: (change) =>
      edit((session) => ({ ...session, settings: { ...session.settings, ...change } })),
    beginGesture: () => {
      endGesture();
      store.setState((state) => ({ gesture: state.session }));
    },
    undo: () => {
      endGesture();
      store.setState((state) => {
        const session = state.past.at(-1);
        if (!session) return state;
        return {
          session,
          past: state.past.slice(0, -1),
          future: [...state.future, state.session],
        };
      });
    },
    redo: () => {
      endGesture();
      store.setState((state) => {
        const session = state.future.at(-1);
        if (!session) return state;
        return {
          session,
          past: push(state.past, state.session),
          future: state.future.slice(0, -1),
        };
      });
    },
  };
}

function inDocument(session: Session, document: string | undefined): Session {
  return session.document === document ? session : { ...session, document };
}

/** The session with one target alone, whatever several it was about. */
export function withTarget(session: OpenedStudy, target: string): OpenedStudy {
  const { settings } = session;
  const objective = { ...settings.objective, kind: 'single' as const };
  return { ...session, settings: { ...settings, target, objective } };
}

'use client';

/** Tables of domains on the page: reading one into the study, and the line that says so, with its undo. */
import { errorMessage } from '../../lib/model/errors';
import { loadCode } from '../../lib/model/load-code';
import type { Session } from '../../lib/session/study-store';
import type { ReadMessage } from '../mixture/read-domains';
import { useSession, useStores, useStudyState } from '../shell/stores';
import { useKeyedState } from '../ui/use-keyed-state';

/** What the last table did. */
interface TableNews extends ReadMessage {
  /** Whether it is still the last step, so that undo is about it. */
  readonly isLast: boolean;
}

interface DomainTables {
  /** null once anything that the last table was about has changed. */
  readonly news: TableNews | null;
  /** Reads a table of domains into the study. @returns whether it was taken; never rejects */
  read(file: File): Promise<boolean>;
  /** The same if the file is one. @returns whether it was, refused ones included; never rejects */
  readIfTable(file: File): Promise<boolean>;
  show(message: ReadMessage | null): void;
}

/** Tables of domains and what is to be said of the last one. */
export function useDomainTables(): DomainTables {
  const { study: store } = useStores();
  const steps = useStudyState(({ past }) => past.length);
  const [told, setTold] = useKeyedState<{ message: ReadMessage; steps: number }>(
    basisOf(useSession()),
  );
  const show = (message: ReadMessage | null) => {
    const { session, past } = store.getState();
    setTold(message && { message, steps: past.length }, basisOf(session));
  };
  const load = () => loadCode(() => import('../mixture/read-domains'));
  return {
    news: told && { ...told.message, isLast: told.steps === steps },
    show,
    read: async (file) => {
      const message = await load().then(
        ({ readDomains }) => readDomains(store, file),
        (error: unknown) => ({ text: errorMessage(error), refused: true }),
      );
      show(message);
      return !message.refused;
    },
    readIfTable: async (file) => {
      // Without the code it may still be runs, and what reads those says what is missing.
      const known = await load().then(
        ({ readIfDomains }) => readIfDomains(store, file),
        () => null,
      );
      if (known !== null) show(known);
      return known !== null;
    },
  };
}

/** What a message about a domain table depends on: it is cleared once any of these changes. */
export function basisOf({ study, settings }: Session): readonly unknown[] {
  return [study.id, study.prior, study.human, settings.constraints];
}

/** What a table did, in one line; to be announced it stands in an element that was there before. */
export function TableLine({ news }: { news: TableNews | null }) {
  const { study: store } = useStores();
  if (news === null) return null;
  return (
    <p className={news.refused ? 'refused' : 'quiet small'}>
      {news.text}{' '}
      {!news.refused && news.isLast && (
        <button type="button" className="link" onClick={store.undo}>
          Undo
        </button>
      )}
    </p>
  );
}

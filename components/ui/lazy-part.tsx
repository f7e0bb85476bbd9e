'use client';

import {
  Component,
  type ComponentType,
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useEffect,
  useState,
} from 'react';
import { saveAll } from '../../lib/browser/before-reload';
/** Parts of the page that load on demand, and what is shown when one fails to load. */
import { reasonOf } from '../../lib/model/errors';
import { loadCode, missingCode } from '../../lib/model/load-code';
import { Dialog } from './dialog';

type Load<Props> = () => Promise<{ readonly default: ComponentType<Props> }>;

const RetryContext = createContext<() => void>(() => {});

/**
 * A component whose code is loaded when it is first drawn; draw it within a `Suspense`. A failed
 * load is retried once, then reported with buttons to try again and to reload the page. React's own
 * `lazy` remembers a failure for good.
 *
 * @param Missing shown after the failure, with the same props
 */
export function lazyPart<Props extends object>(
  load: Load<Props>,
  Missing: ComponentType<Props & { readonly retry: () => void }> = MissingPart,
): ComponentType<Props> {
  let part = begin();

  function begin(): ComponentType<Props> {
    const attempt: ComponentType<Props> = lazy(() =>
      loadCode(load).catch(() => ({ default: MissingHere })),
    );
    // Not before it has been shown: React renders a suspended component from the start, and the
    // load would restart for ever.
    const giveUp = () => {
      if (part === attempt) part = begin();
    };
    function MissingHere(props: Props) {
      const again = use(RetryContext);
      // The next render starts a new load.
      useEffect(() => giveUp, []);
      return (
        <Missing
          {...props}
          retry={() => {
            giveUp();
            again();
          }}
        />
      );
    }
    return attempt;
  }

  return function LazyPart(props: Props) {
    const [Part, setPart] = useState(() => part);
    return (
      <RetryContext value={() => setPart(() => part)}>
        <Part {...props} />
      </RetryContext>
    );
  };
}

/**
 * A dialog whose code is loaded when it opens. Neither a failed load nor an error in it affects
 * more than the dialog.
 *
 * @param title title of the dialog when it cannot be shown itself
 */
export function lazyDialog<Props extends { readonly onClose: () => void }>(
  title: string,
  load: Load<Props>,
): ComponentType<Props> {
  const Part = lazyPart<Props>(load, ({ onClose, retry }) => (
    <Dialog title={title} onClose={onClose}>
      <MissingPart retry={retry} />
    </Dialog>
  ));
  return function LazyDialog(props: Props) {
    return (
      <ErrorBoundary
        show={(problem) => (
          <Dialog title={title} onClose={props.onClose}>
            <div className="notice notice-danger" role="alert">
              <p>
                {title} cannot be shown: {problem}
              </p>
              <p className="quiet">This is a bug in the page. Your study is unchanged.</p>
            </div>
          </Dialog>
        )}
      >
        <Suspense>
          <Part {...props} />
        </Suspense>
      </ErrorBoundary>
    );
  };
}

/** Says that code of the page is missing, and offers to try again or to reload the page. */
export function MissingPart({
  retry,
  children,
}: {
  retry: () => void;
  /** Further text or buttons. */
  children?: ReactNode;
}) {
  return (
    <div className="notice notice-danger" role="alert">
      <p>{missingCode.message}</p>
      <p className="quiet">
        The connection may be down, or the page has changed since you opened it. Your study is
        unchanged, and is saved before the page reloads.
      </p>
      <div className="button-row">
        <ReloadButton />
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
        {children}
      </div>
    </div>
  );
}

interface Props {
  /** The children are rendered again when this changes. */
  readonly resetKey?: string;
  /** Shown instead of children that cannot be rendered, given a description of the problem. */
  readonly show: (problem: string, retry: () => void) => ReactNode;
  readonly children: ReactNode;
}

interface State {
  readonly problem: string | null;
  readonly resetKey: string | undefined;
}

/**
 * Isolates an error in one part from the page and its unsaved edits. React catches render errors by
 * classes only.
 */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { problem: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown) {
    return { problem: reasonOf(error) };
  }

  static getDerivedStateFromProps({ resetKey }: Props, state: State) {
    return resetKey === state.resetKey ? null : { resetKey, problem: null };
  }

  override render() {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return this.props.show(problem, () => this.setState({ problem: null }));
  }
}

/** Reloads the page after saving the study; if saving fails, the reader decides. */
export function ReloadButton() {
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState('');

  async function saveAndReload(): Promise<void> {
    setSaving(true);
    try {
      await saveAll();
      window.location.reload();
    } catch (error) {
      setSaving(false);
      setProblem(reasonOf(error));
    }
  }

  return (
    <>
      {problem === '' ? (
        <button
          type="button"
          className="button primary"
          disabled={isSaving}
          onClick={() => void saveAndReload()}
        >
          Reload the page
        </button>
      ) : (
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Reload without the last edits
        </button>
      )}
      {problem !== '' && (
        <p className="refused" role="alert">
          The last edits are not saved: {problem}
        </p>
      )}
    </>
  );
}

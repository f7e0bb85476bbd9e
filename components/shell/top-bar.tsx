'use client';

/** The bar above every room: study, target, answer, what is not default, and what can be done. */
import { type KeyboardEvent, useState } from 'react';
import { toggleTheme } from '../../lib/browser/first-paint';
import { plural, targetLabel } from '../../lib/model/format';
import { deviationsOf } from '../../lib/session/deviations';
import { nameChange } from '../../lib/session/name-change';
import { withTarget } from '../../lib/session/study-store';
import { SaveMixture } from '../export/save-mixture';
import { SavingState } from '../library/saving-state';
import { ShareButton } from '../share/share-button';
import { lazyDialog } from '../ui/lazy-part';
import { Menu } from '../ui/menu';
import { useActions } from './actions';
import { AnswerStrip } from './answer-strip';
import { DeviationChips } from './deviation-chips';
import { JobPill, useIsTraining } from './job-pill';
import { useGoTo } from './navigation';
import { hrefOf } from './rooms';
import { useSession, useStores, useStudyState, useView } from './stores';

const LessonDialog = lazyDialog('Teach with this study', () => import('../lesson/lesson-dialog'));

/** What is open, its answer, and what is not as by default: above every room. */
export function TopBar() {
  const { openRuns, openStudies } = useActions();
  const { study } = useSession();
  const [isTeaching, setTeaching] = useState(false);
  const hasExport = useView(({ lesson }) => !lesson.hiddenStages.includes('export'));
  const runs = plural(study.training.ids.length, 'run');
  return (
    <header className="bar">
      <Menu
        label={
          <>
            <strong>{study.name}</strong> <span className="quiet">{runs}</span>
          </>
        }
        className="bar-study"
        accessibleLabel={`Study: ${study.name}, ${runs}`}
        items={[
          { label: 'Open runs', onSelect: () => openRuns() },
          { label: 'Studies', onSelect: openStudies },
          { label: 'Teach with this study', onSelect: () => setTeaching(true) },
        ]}
      />
      <TargetChoice />
      <AnswerStrip />
      <Deviations />
      <JobPill />
      <div className="bar-actions">
        {hasExport && <SaveMixture />}
        {hasExport && <a href={hrefOf('export')}>Export</a>}
        <ShareButton label="Share" className="bar-share" />
      </div>
      {isTeaching && <LessonDialog onClose={() => setTeaching(false)} />}
    </header>
  );
}

/** Chips that the bar has room for on a wide screen. */
const mostChips = 2;

/** What stands in for the target while there are several. */
const several = '';

function TargetChoice() {
  const { study, settings } = useSession();
  const { study: store } = useStores();
  const goTo = useGoTo();
  const { kind } = settings.objective;
  const weighted = study.targets.filter(({ id }) => (settings.objective.weights[id] ?? 0) > 0);
  return (
    <label className="bar-target">
      <span className="visually-hidden">Target</span>
      <select
        className="field"
        value={kind === 'single' ? settings.target : several}
        onChange={({ currentTarget: { value } }) => {
          if (value === several) {
            goTo('optimum');
            return;
          }
          store.edit((session) => withTarget(session, value));
        }}
      >
        {study.targets.map((target) => (
          <option key={target.id} value={target.id}>
            {targetLabel(target)}
          </option>
        ))}
        {study.targets.length > 1 && (
          <option value={several}>
            {kind === 'single' ? 'Several targets…' : plural(weighted.length, 'target')}
          </option>
        )}
      </select>
    </label>
  );
}

/** Chips for what is not as by default; behind their number where there are many or little room. */
function Deviations() {
  const found = deviationsOf(useSession());
  const [isOpen, setOpen] = useState(false);
  if (found.length === 0) return null;
  const close = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for the keys of the buttons in it
    <div
      className="deviations"
      data-many={found.length > mostChips || undefined}
      data-open={isOpen || undefined}
      onKeyDown={close}
    >
      <button
        type="button"
        className="chip-count"
        aria-expanded={isOpen}
        aria-label={`${plural(found.length, 'setting')} not as by default`}
        onClick={() => setOpen(!isOpen)}
      >
        {found.length} changed
      </button>
      <DeviationChips found={found} label="Not as by default" />
    </div>
  );
}

/** The line under the bar, beside the rooms: saving, undo, search and the rest. */
export function BarLine() {
  const { find, showKeys } = useActions();
  const { study: store } = useStores();
  const session = useSession();
  const undone = useStudyState((state) => state.past.at(-1));
  const redone = useStudyState((state) => state.future.at(-1));
  // Another page in this tab would end the training.
  const elsewhere = useIsTraining()
    ? { target: '_blank', title: 'In a new tab, so that the training goes on here' }
    : {};
  return (
    <div className="bar-line">
      <SavingState />
      <HistoryButton
        name="Undo"
        step={undone && nameChange(undone, session)}
        keys="Control+Z Meta+Z"
        onPress={store.undo}
      />
      <HistoryButton
        name="Redo"
        step={redone && nameChange(session, redone)}
        keys="Control+Shift+Z Meta+Shift+Z"
        onPress={store.redo}
      />
      <button type="button" className="link" onClick={find} aria-keyshortcuts="Control+K Meta+K">
        Find anything
      </button>
      <ShareButton label="Share" className="link line-share" />
      <nav className="bar-links" aria-label="Pages">
        <a href="/learn" {...elsewhere}>
          Learn
        </a>
        <a href="/guide" {...elsewhere}>
          Guide
        </a>
      </nav>
      <Menu
        label="More"
        accessibleLabel="More"
        items={[
          { label: 'Light or dark', onSelect: toggleTheme },
          { label: 'Keyboard shortcuts', onSelect: showKeys },
        ]}
      />
    </div>
  );
}

/** Undo or redo, which says of what; nothing to press without a step. */
function HistoryButton({
  name,
  step,
  keys,
  onPress,
}: {
  name: string;
  step: string | undefined;
  /** As `aria-keyshortcuts` writes them. */
  keys: string;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="link bar-undo"
      onClick={onPress}
      disabled={step === undefined}
      aria-keyshortcuts={keys}
    >
      {name}
      {step !== undefined && ` ${step}`}
    </button>
  );
}

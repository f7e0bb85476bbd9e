'use client';

import { useId, useMemo, useState } from 'react';
import { longestInline, referenceOf } from '../../lib/share/link-for';
import { isLesson, type Lesson, longestTask, noLesson } from '../../lib/study/lesson';
import { lessonPresets } from '../../lib/study/lesson-presets';
import { ImportedNote } from '../share/imported-note';
import { LinkOrWhyNot } from '../share/made-link';
import { useMadeLink } from '../share/use-made-link';
import { stageList } from '../shell/stage';
import { useSession, useStores, useView } from '../shell/stores';
import { Select, Switch } from '../ui/controls';
import { Dialog } from '../ui/dialog';

const own = 'own';
/** The class works in this stage: it can never be hidden. */
const work = 'challenge';

/** Sets up a lesson: the task, the stages hidden from the class, and the link that opens it. */
export default function LessonDialog({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { view } = useStores();
  const current = useView((state) => state.lesson);
  const presets = useMemo(() => lessonPresets(session), [session]);
  const taskId = useId();
  const [picked, setPicked] = useState(isLesson(current) ? own : presets[0].id);
  const [lesson, setLesson] = useState<Lesson>(() =>
    isLesson(current) ? current : { ...noLesson, hidesAnswer: true, task: presets[0].task },
  );
  const [isInline, setInline] = useState(false);
  const change = (part: Partial<Lesson>) => setLesson((before) => ({ ...before, ...part }));
  const preset = presets.find(({ id }) => id === picked);
  const lent = useMemo(() => {
    // Every student starts without a mixture: the teacher's may be the answer.
    const { attempts: _, ...settings } = (preset ?? session).settings;
    return { study: session.study, settings: { ...settings, yours: null } };
  }, [preset, session]);
  const shared = useMemo(() => ({ ...view.getState(), lesson }), [view, lesson]);
  const made = useMadeLink(lent, shared, isInline);
  const isOwn = referenceOf(session.study) === null;

  return (
    <Dialog title="Teach with this study" onClose={onClose}>
      <p className="prose">
        Students open your link, set mixtures in Your turn and compare them on their own
        leaderboard. Nothing is sent back to you.
      </p>
      <Select
        label="Task"
        value={picked}
        options={[
          ...presets.map(({ id, label }) => ({ value: id, label })),
          { value: own, label: 'A task of your own' },
        ]}
        onChange={(id) => {
          const found = presets.find((each) => each.id === id);
          setPicked(found?.id ?? own);
          if (found) change({ task: found.task });
        }}
      />
      <div className="lesson-text">
        <label htmlFor={taskId}>What the class reads</label>
        <textarea
          id={taskId}
          className="field"
          rows={4}
          maxLength={longestTask}
          value={lesson.task}
          onChange={(event) => change({ task: event.currentTarget.value })}
        />
      </div>
      <Switch
        label="Hide the answer"
        hint="The optimum and all that reveals it, until a student asks."
        checked={lesson.hidesAnswer}
        onChange={(hidesAnswer) => change({ hidesAnswer })}
      />
      <Switch
        label="Large text, for a projector"
        checked={lesson.isPresenting}
        onChange={(isPresenting) => change({ isPresenting })}
      />
      <fieldset className="plain lesson-stages">
        <legend>Stages that are shown</legend>
        {stageList.map(
          ({ id, name }) =>
            id !== work && (
              <label key={id} className="check">
                <input
                  type="checkbox"
                  checked={!lesson.hiddenStages.includes(id)}
                  onChange={(event) => show(id, event.currentTarget.checked)}
                />
                <span>{name}</span>
              </label>
            ),
        )}
      </fieldset>
      {isOwn && (
        <Switch
          label="Put the runs into the link"
          hint={`Your runs are in this tab only. Up to ${longestInline.toLocaleString('en')} characters; whoever has the link has the runs.`}
          checked={isInline}
          onChange={setInline}
        />
      )}
      <ImportedNote session={lent} />
      <LinkOrWhyNot made={made} />
      <div className="button-row">
        <button
          type="button"
          className="button"
          onClick={() => {
            view.setState({ lesson });
            onClose();
          }}
        >
          Show this page that way
        </button>
        {isLesson(current) && (
          <button
            type="button"
            className="button"
            onClick={() => {
              view.setState({ lesson: noLesson });
              onClose();
            }}
          >
            Leave the lesson{current.hidesAnswer && ', which shows the answer'}
          </button>
        )}
      </div>
    </Dialog>
  );

  function show(id: string, is: boolean): void {
    const others = lesson.hiddenStages.filter((each) => each !== id);
    change({ hiddenStages: is ? others : [...others, id] });
  }
}

'use client';

import { useId, useMemo, useState } from 'react';
import { longestInline, referenceOf } from '../../lib/share/link-for';
import { isLesson, type Lesson, longestTask, noLesson } from '../../lib/study/lesson';
import { lessonPresets } from '../../lib/study/lesson-presets';
import { ImportedNote } from '../share/imported-note';
import { LinkOrWhyNot } from '../share/made-link';
import { useMadeLink } from '../share/use-made-link';
import { useRoomPath } from '../shell/navigation';
import { type Room, roomOf, rooms } from '../shell/rooms';
import { type StageId, stageList } from '../shell/stage';
import { useSession, useStores, useView } from '../shell/stores';
import { Select, Switch } from '../ui/controls';
import { Dialog } from '../ui/dialog';

const own = 'own';
/** The class works in this stage: it can never be hidden. */
const work: StageId = 'challenge';
/** Rooms of which something can be hidden. */
const parts = rooms.filter(({ stages }) => stages.length > 0);

/** Sets up a lesson: the task, what is hidden from the class, and the link that opens it. */
export default function LessonDialog({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const { view } = useStores();
  const goTo = useRoomPath();
  const current = useView((state) => state.lesson);
  const presets = useMemo(() => lessonPresets(session), [session]);
  const taskId = useId();
  const [picked, setPicked] = useState(isLesson(current) ? own : presets[0].id);
  const [lesson, setLesson] = useState<Lesson>(() =>
    isLesson(current)
      ? current
      : {
          ...noLesson,
          hidesAnswer: true,
          task: presets[0].task,
          // Guessing comes before weighing the evidence.
          hiddenStages: roomOf('evidence').stages,
        },
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
  const made = useMadeLink(lent, shared, isInline, roomOf('answer').path);
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
        <legend>Rooms that are shown, and their parts</legend>
        {parts.map((room) => (
          <RoomParts key={room.id} room={room} hidden={lesson.hiddenStages} onShow={show} />
        ))}
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
            goTo(roomOf('answer').path);
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

  function show(stages: readonly StageId[], is: boolean): void {
    const others = lesson.hiddenStages.filter((each) => stages.every((stage) => each !== stage));
    change({ hiddenStages: is ? others : [...others, ...stages] });
  }
}

/** A room and its parts as checkboxes; the room's own shows or hides them all. */
function RoomParts({
  room: { name, stages },
  hidden,
  onShow,
}: {
  room: Room;
  /** Ids of the stages that are not shown. */
  hidden: readonly string[];
  onShow: (stages: readonly StageId[], is: boolean) => void;
}) {
  const own = stages.filter((stage) => stage !== work);
  const shown = own.filter((stage) => !hidden.includes(stage));
  const isMixed = shown.length > 0 && shown.length < own.length;
  return (
    <div>
      {own.length < stages.length ? (
        // The class works in it: its parts can be hidden, the room cannot.
        <strong>{name}</strong>
      ) : (
        <label className="check">
          <input
            type="checkbox"
            ref={(box) => {
              if (box) box.indeterminate = isMixed;
            }}
            checked={shown.length === own.length}
            onChange={(event) => onShow(own, event.currentTarget.checked)}
          />
          <strong>{name}</strong>
        </label>
      )}
      <ul>
        {own.map((stage) => (
          <li key={stage}>
            <label className="check">
              <input
                type="checkbox"
                checked={shown.includes(stage)}
                onChange={(event) => onShow([stage], event.currentTarget.checked)}
              />
              <span>{stageList.find(({ id }) => id === stage)?.name}</span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}

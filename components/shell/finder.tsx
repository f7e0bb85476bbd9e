'use client';

/** The command palette: finds a domain, a target, a run, a room, a stage or an action. */
import { Command } from 'cmdk';
import { useEffect, useMemo, useRef, useState } from 'react';
import { toggleTheme } from '../../lib/browser/first-paint';
import { targetLabel } from '../../lib/model/format';
import { withTarget } from '../../lib/session/study-store';
import { Dialog } from '../ui/dialog';
import { useActions } from './actions';
import { useGoTo, useRoom, useRoomPath } from './navigation';
import { hrefOf, isRoomShown, rooms } from './rooms';
import { type StageId, stageList } from './stage';
import { useSession, useStores, useView } from './stores';

interface Entry {
  readonly group: string;
  readonly id: string;
  readonly text: string;
  /** What else it is found by. */
  readonly keywords?: readonly string[];
  readonly act: () => void;
}

/** Most entries of a group that are listed: a study may have tens of thousands of runs. */
const mostListed = 12;

export default function Finder({ onClose }: { onClose: () => void }) {
  const entries = useEntries();
  const [query, setQuery] = useState('');
  const input = useRef<HTMLInputElement>(null);
  // A dialog that opens gives the focus to its first control.
  useEffect(() => input.current?.focus(), []);
  const groups = useMemo(() => matching(entries, query), [entries, query]);
  const choose = ({ act }: Entry) => {
    onClose();
    act();
  };
  return (
    <Dialog title="Find anything" onClose={onClose}>
      <Command label="Find anything" shouldFilter={false} loop className="finder">
        <Command.Input
          ref={input}
          value={query}
          onValueChange={setQuery}
          className="field"
          placeholder="A domain, target, run, room or action"
        />
        <Command.List label="Found">
          <Command.Empty>
            Nothing is called “{query}”. Try part of a name, such as a domain’s.
          </Command.Empty>
          {groups.map(([group, found]) => (
            <Command.Group key={group} heading={group}>
              {found.map((entry) => (
                <Command.Item
                  key={entry.id}
                  value={`${group} ${entry.id}`}
                  onSelect={() => choose(entry)}
                >
                  {entry.text}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

/**
 * The entries with every word of the query, in groups: first those that the query or one of its words names in
 * full, as the number of a run does, then those that begin with it.
 */
function matching(entries: readonly Entry[], query: string): [string, Entry[]][] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Entry[]>();
  const asked = words.join(' ');
  const rank = (entry: Entry): number => {
    const text = entry.text.toLowerCase();
    if (text === asked || words.includes(text)) return 0;
    return words.length > 0 && text.startsWith(words[0]) ? 1 : 2;
  };
  for (const entry of entries) {
    const text = [entry.text, ...(entry.keywords ?? [])].join(' ').toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const group = groups.get(entry.group) ?? [];
    group.push(entry);
    groups.set(entry.group, group);
  }
  return Array.from(groups, ([group, found]) => [
    group,
    found.sort((a, b) => rank(a) - rank(b)).slice(0, mostListed),
  ]);
}

function useEntries(): readonly Entry[] {
  const { study } = useSession();
  const { study: store, view, documents } = useStores();
  const actions = useActions();
  const goTo = useGoTo();
  const room = useRoom();
  const goToRoom = useRoomPath();
  const hiddenStages = useView(({ lesson }) => lesson.hiddenStages);
  const entries: Entry[] = [];
  const isShown = (stage: StageId) => !hiddenStages.includes(stage);
  for (const each of rooms) {
    if (!isRoomShown(each, hiddenStages)) continue;
    const { id, name, path } = each;
    entries.push({ group: 'Rooms', id, text: name, act: () => goToRoom(path) });
  }
  for (const { id, name } of stageList) {
    if (!isShown(id)) continue;
    entries.push({
      group: 'Parts of rooms',
      id,
      text: name,
      keywords: [hrefOf(id)],
      act: () => goTo(id),
    });
  }
  const act = (id: string, text: string, run: () => void, keywords?: readonly string[]) =>
    entries.push({ group: 'Actions', id, text, act: run, keywords });
  act('open', 'Open runs', () => actions.openRuns(), ['upload', 'csv', 'import', 'files']);
  act('studies', 'Studies', actions.openStudies, ['saved', 'examples', 'RegMix']);
  act('undo', 'Undo', store.undo);
  act('redo', 'Redo', store.redo);
  act('theme', 'Light or dark', toggleTheme, ['theme']);
  act('keys', 'Keyboard shortcuts', actions.showKeys);
  act('save', 'Save now', () => {
    // Failures are shown in the line under the bar.
    void documents.ready.then((all) => all.flush()).catch(() => {});
  });
  for (const target of study.targets) {
    entries.push({
      group: 'Targets',
      id: target.id,
      text: targetLabel(target),
      act: () => store.edit((session) => withTarget(session, target.id)),
    });
  }
  // What leads to a stage that a lesson hides is not found.
  const domains = isShown('optimum') ? study.domains : [];
  domains.forEach(({ id, name }, domain) => {
    entries.push({
      group: 'Domains',
      id,
      text: name,
      act: () => {
        view.setState({ hoveredDomain: domain });
        goTo('optimum');
      },
    });
  });
  // Where it is shown: in the table of runs for a reader who explores them, else in the scatter.
  const showRun = (id: string, evaluation: string | null) => {
    const isExploring = room.id === 'explore' && evaluation === null && isShown('runs');
    view.setState({ pickedRun: id, evaluation });
    goTo(isExploring || !isShown('regression') ? 'runs' : 'regression');
  };
  const canShow = isShown('regression') || isShown('runs');
  for (const id of canShow ? study.training.ids : []) {
    const act = () => showRun(id, null);
    entries.push({ group: 'Runs', id, text: id, keywords: ['run'], act });
  }
  for (const { name, ids } of isShown('regression') ? study.testSets : []) {
    for (const id of ids) {
      const act = () => showRun(id, name);
      entries.push({ group: `Runs of ${name}`, id, text: id, keywords: ['run', name], act });
    }
  }
  return entries;
}

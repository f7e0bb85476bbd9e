import type { StageId } from './stage';

/** A part of the page with an address of its own. */
export interface Room {
  readonly id: 'start' | 'answer' | 'evidence' | 'explore' | 'lab';
  readonly name: string;
  readonly path: string;
  /** Title of the window. */
  readonly title: string;
  /** What it shows, in order. */
  readonly stages: readonly StageId[];
}

export type RoomId = Room['id'];

export const rooms: readonly Room[] = [
  {
    id: 'start',
    name: 'Start',
    path: '/',
    title: 'RegMix Explorer: which data mixture should I train on?',
    stages: [],
  },
  {
    id: 'answer',
    name: 'Answer',
    path: '/answer',
    title: 'Answer: the mixture to train on | RegMix Explorer',
    stages: ['optimum', 'limits', 'challenge', 'export'],
  },
  {
    id: 'evidence',
    name: 'Evidence',
    path: '/evidence',
    title: 'Evidence: how far to trust it | RegMix Explorer',
    stages: ['regression', 'trust'],
  },
  {
    id: 'explore',
    name: 'Explore',
    path: '/explore',
    title: 'Explore: what the runs say | RegMix Explorer',
    stages: ['space', 'interactions', 'runs', 'mixtures'],
  },
  {
    id: 'lab',
    name: 'Lab',
    path: '/lab',
    title: 'Lab: train proxies in this tab | RegMix Explorer',
    stages: ['proxies', 'next', 'schedule', 'verify'],
  },
];

const byId = new Map(rooms.map((room) => [room.id, room]));

export function roomOf(id: RoomId): Room {
  const room = byId.get(id);
  if (!room) throw new RangeError(`no room ${id}`);
  return room;
}

/** The room at a path, however the host writes it (`/answer`, `/answer/`, `/answer.html`); null = none. */
export function roomAt(path: string): Room | null {
  const plain = path.replace(/(?:\/index)?\.html$/, '').replace(/\/$/, '');
  return rooms.find((room) => room.path === (plain === '' ? '/' : plain)) ?? null;
}

/** Whether a room shows anything without the stages that a lesson hides. */
export function isRoomShown({ stages }: Room, hidden: readonly string[]): boolean {
  return stages.length === 0 || stages.some((stage) => !hidden.includes(stage));
}

/** The room that shows a stage. */
export function roomOfStage(stage: StageId): Room {
  const room = rooms.find(({ stages }) => stages.includes(stage));
  if (!room) throw new RangeError(`no room shows ${stage}`);
  return room;
}

/** The address of a stage. */
export function hrefOf(stage: StageId): string {
  return `${roomOfStage(stage).path}#${stage}`;
}

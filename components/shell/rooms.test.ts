import { describe, expect, it } from 'vitest';
import { hrefOf, isRoomShown, roomAt, roomOf, roomOfStage, rooms } from './rooms';
import { stageList } from './stage';

describe('rooms', () => {
  it('shows every stage in one room', () => {
    expect(rooms.flatMap(({ stages }) => stages).sort()).toEqual(
      stageList.map(({ id }) => id).sort(),
    );
    for (const { id } of stageList) expect(roomOfStage(id).stages).toContain(id);
  });

  it('finds a room however its host writes the path', () => {
    for (const path of ['/answer', '/answer/', '/answer.html', '/answer/index.html']) {
      expect(roomAt(path)?.id, path).toBe('answer');
    }
    for (const path of ['/', '', '/index.html']) expect(roomAt(path)?.id, path).toBe('start');
    for (const path of ['/learn', '/answer/x', '/answers']) expect(roomAt(path)).toBeNull();
  });

  it('shows a room while one of its stages is not hidden, and the first always', () => {
    expect(isRoomShown(roomOf('evidence'), ['regression'])).toBe(true);
    expect(isRoomShown(roomOf('evidence'), ['trust', 'regression'])).toBe(false);
    expect(isRoomShown(roomOf('start'), ['trust', 'regression'])).toBe(true);
  });

  it('links to a stage in its room', () => {
    expect(hrefOf('verify')).toBe('/lab#verify');
  });
});

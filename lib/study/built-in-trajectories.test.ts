import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrajectory } from '../runs/read-trajectory';
import { builtInStudies } from './built-in';
import { builtInTrajectories, checkpointsOf } from './built-in-trajectories';
import { smallSession } from './session.fixture';

const read = (study: string, name: string) => ({
  name,
  text: readFileSync(join('public', 'studies', study, name), 'utf8'),
});

describe('losses on the way', () => {
  it.each([...builtInTrajectories])(
    'of %s have the checkpoints that are said of them',
    (id, { file, checkpoints }) => {
      const found = builtInStudies.find((each) => each.id === id);
      if (!found) throw new Error(`no study ${id}`);
      const { study } = found.open(found.files.map((name) => read(id, name)));
      expect(readTrajectory(read(id, file), study).steps).toHaveLength(checkpoints);
      expect(checkpointsOf(study)).toBe(checkpoints);
    },
  );

  it('of a study are its own where it has them', () => {
    const { study } = smallSession();
    expect(checkpointsOf(study)).toBe(0);
    const { losses } = study.training;
    const trajectory = { steps: [5, 10], losses: [losses, losses] };
    const training = { ...study.training, trajectory };
    expect(checkpointsOf({ ...study, training })).toBe(2);
    expect(checkpointsOf({ ...study, id: 'languages', training })).toBe(2);
  });
});

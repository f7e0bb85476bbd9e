import { expect, test } from 'vitest';
import { maxStudyBytes } from '../../lib/model/text-kinds';
import { readStudyFile } from './session-text';

test('a study beyond the bound is refused before it is read', async () => {
  const file = new File([], 'large.regmix.json');
  Object.defineProperty(file, 'size', { value: maxStudyBytes + 1 });
  const read = () => {
    throw new Error('it was read');
  };
  Object.defineProperties(file, { text: { value: read }, arrayBuffer: { value: read } });
  await expect(readStudyFile(file)).rejects.toThrow(
    'large.regmix.json has 129 MB; a whole study can have 128 MB.',
  );
});

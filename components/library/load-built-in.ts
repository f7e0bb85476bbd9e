import { StageError } from '../../lib/model/errors';
import type { BuiltInStudy } from '../../lib/study/built-in';
import type { OpenedStudy } from '../../lib/study/from-runs';

/** Opens a built-in study. @throws StageError when its files cannot be loaded */
export async function loadBuiltIn(
  { id, files, open }: BuiltInStudy,
  signal?: AbortSignal,
): Promise<OpenedStudy> {
  const texts = await Promise.all(
    files.map(async (name) => {
      const response = await fetch(new URL(`studies/${id}/${name}`, document.baseURI), { signal });
      if (response.ok) return { name, text: await response.text() };
      throw new StageError(
        'share',
        `This page’s own study “${id}” could not be loaded.`,
        'Check that you are online, and try again.',
      );
    }),
  );
  return open(texts);
}

import type { Study } from './types';

/**
 * The study as one of its own: with another id, and models from elsewhere under other ids, too, since
 * whoever wrote a file may have given a model the id of another one.
 *
 * @param newId makes an id that nothing else has
 */
export function asNewStudy(study: Study, newId: () => string): Study {
  const { imported } = study;
  return {
    ...study,
    id: newId(),
    ...(imported && { imported: imported.map((model) => ({ ...model, id: newId() })) }),
  };
}

/** The study of a stranger's file, without what only this page knows: built-in studies, and its own trainings. */
export function ofStranger(study: Study): Study {
  const { builtIn: _, training: __, ...source } = study.source;
  return { ...study, source };
}

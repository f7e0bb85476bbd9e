import { StageError } from '../errors';
import { parseSession, sessionToJson } from '../study/session-file';
import type { Study } from '../study/types';
import { linkBase } from './base';
import { deflateText, inflateText } from './deflate';
import { damaged } from './errors';
import { studyPrint } from './study-print';

/** What an inline study says of itself; names of the sender's files stay with the sender. */
const source = { kind: 'files', detail: 'Its runs came in the link itself.' } as const;

/**
 * The study as a deflated `.regmix.json` (docs/study-format.md), for a link that carries its runs; without
 * models from elsewhere, for which links have no room.
 */
export function deflateStudy({ imported: _, ...study }: Study): Promise<Uint8Array> {
  const { settings } = linkBase(study, 'inline');
  return deflateText(sessionToJson({ study: { ...study, id: 'linked', source }, settings }));
}

/**
 * @returns the study, with an id made from its runs
 * @throws LinkError when it is none, or too large
 */
export async function inflateStudy(deflated: Uint8Array): Promise<Study> {
  const text = await inflateText(deflated);
  try {
    const {
      study: { imported: _, ...study },
    } = parseSession(text);
    return { ...study, id: `linked-${studyPrint(study).toString(16)}`, source };
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    throw damaged(`the study in it cannot be read (${error.message.replace(/\.$/, '')})`);
  }
}

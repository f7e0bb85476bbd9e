import type { RegressorId } from '../model/regressor';
import { defaultSettings } from '../model/settings';
import type { Study } from '../model/study';
import type { OpenedStudy } from '../study/from-runs';
import { contentOf } from './changes';
import { builtIns, type LinkContent, type SharedView, type StudyReference } from './content';
import { LinkError } from './errors';
import { bounds } from './forms';
import { encodeLink } from './link';
import { deflateStudy, studyPrint } from './study-in-link';

/** Longer addresses are cut by mail and chat programs. */
export const longestInline = 8_000;

/** Where the runs of a study are found by somebody else; null when only in this tab. */
export function referenceOf(study: Study): StudyReference | null {
  // The print makes sure of the runs where the link is opened.
  const id = builtIns.find((known) => known === study.source.builtIn);
  if (id) return { kind: 'built-in', id, print: studyPrint(study) };
  const { addresses, file } = study.source;
  const about = { name: study.name, print: studyPrint(study) };
  if (file) return { kind: 'file', ...about, file };
  return addresses ? { kind: 'addresses', ...about, files: addresses } : null;
}

/** A study in the link itself. Costs a moment; whether it fits shows only in the link's length. */
async function inlineReference(study: Study): Promise<StudyReference> {
  const deflated = await deflateStudy(study);
  if (deflated.length <= bounds.inlineBytes) return { kind: 'inline', deflated };
  throw new LinkError(
    `These runs take ${deflated.length.toLocaleString('en')} bytes, too many for a link.`,
    'Send the study as a file.',
  );
}

/**
 * The address at which the page opens with this session and view.
 *
 * @param base address of the page; its hash does not matter
 * @param options.inline whether runs that are nowhere else may stand in the link: whoever has it has them
 * @throws LinkError when the runs are nowhere else and may not stand in it, or are too many, or
 *   something set about the study is none that a link can say
 */
export async function linkFor(
  session: OpenedStudy,
  view: SharedView,
  base: string,
  { inline = false }: { readonly inline?: boolean } = {},
): Promise<string> {
  const { study, settings } = session;
  const reference = referenceOf(study) ?? (inline ? await inlineReference(study) : null);
  if (!reference) {
    throw new LinkError(
      'The runs of this study are in this tab only.',
      'Put them into the link, or send the study as a file.',
    );
  }
  const shown = { study, settings: { ...settings, regressor: linkedRegressor(session) } };
  return addressOf(contentOf(shown, view, reference), base);
}

/** The regressor that a link names: models from elsewhere are in no link, so the study's usual one stands in. */
export function linkedRegressor({ study, settings }: OpenedStudy): RegressorId {
  return settings.regressor === 'imported' ? defaultSettings(study).regressor : settings.regressor;
}

function addressOf(content: LinkContent, base: string): string {
  return base.replace(/#.*$/s, '') + encodeLink(content);
}

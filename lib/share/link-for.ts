import type { RegressorId } from '../model/regressor';
import { defaultSettings } from '../model/settings';
import type { Study } from '../model/study';
import type { OpenedStudy } from '../study/from-runs';
import { contentOf } from './changes';
import { builtIns, type LinkContent, type SharedView, type StudyReference } from './content';
import { LinkError } from './errors';
import { bounds } from './forms';
import { encodeLink } from './link';
import { deflateStudy, studyFingerprint } from './study-in-link';

/** Longer addresses are cut by mail and chat programs. */
export const longestInline = 8_000;

/** Reference by which others find the runs of a study; null when they are only in this tab. */
export function referenceOf(study: Study): StudyReference | null {
  // The fingerprint verifies the runs when the link is opened.
  const id = builtIns.find((known) => known === study.source.builtIn);
  if (id) return { kind: 'built-in', id, print: studyFingerprint(study) };
  const { addresses, file } = study.source;
  const about = { name: study.name, print: studyFingerprint(study) };
  if (file) return { kind: 'file', ...about, file };
  return addresses ? { kind: 'addresses', ...about, files: addresses } : null;
}

/** A reference that contains the study itself. Takes a moment; only the link's length shows whether it fits. */
async function inlineReference(study: Study): Promise<StudyReference> {
  const deflated = await deflateStudy(study);
  if (deflated.length <= bounds.inlineBytes) return { kind: 'inline', deflated };
  throw new LinkError(
    `These runs take ${deflated.length.toLocaleString('en')} bytes, too many for a link.`,
    'Send the study as a file.',
  );
}

/**
 * The link that opens the page with this session and view.
 *
 * @param base address of the page; its hash does not matter
 * @param options.inline whether the link may contain runs that are nowhere else, and so publish them
 * @throws LinkError when the runs are nowhere else and may not be inlined, or are too many, or a setting
 *   cannot be encoded
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
      'Include them in the link, or send the study as a file.',
    );
  }
  const shown = { study, settings: { ...settings, regressor: linkedRegressor(session) } };
  return addressOf(contentOf(shown, view, reference), base);
}

/**
 * The regressor that a link names: links contain no imported models, so the study's default replaces
 * `imported`.
 */
export function linkedRegressor({ study, settings }: OpenedStudy): RegressorId {
  return settings.regressor === 'imported' ? defaultSettings(study).regressor : settings.regressor;
}

function addressOf(content: LinkContent, base: string): string {
  return base.replace(/#.*$/s, '') + encodeLink(content);
}

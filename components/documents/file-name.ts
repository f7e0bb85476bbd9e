import { sessionFileEnding } from '../../lib/study/session-ending';

/** A file name for a study: its own, without what file systems do not take. */
export function fileNameOf(study: string): string {
  const plain = study.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${Array.from(plain).slice(0, 60).join('') || 'study'}${sessionFileEnding}`;
}

import { newId } from '../../lib/store/new-id';

/** An id that no other study has, of this page or of those that are kept. */
export function newStudyId(): string {
  return `opened-${newId()}`;
}

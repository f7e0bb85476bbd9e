let opened = 0;

/** An id that no other study of this page has. */
export function newStudyId(): string {
  opened++;
  return `opened-${opened}`;
}

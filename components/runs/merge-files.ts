/** What a file is known by before it is read. */
interface Named {
  readonly name: string;
}

/**
 * The files with further ones: one of a name that is there already takes its place, as a corrected
 * file does.
 */
export function mergeFiles<File extends Named>(
  files: readonly File[],
  added: readonly File[],
): File[] {
  const names = new Set(added.map(({ name }) => name));
  return [...files.filter(({ name }) => !names.has(name)), ...added];
}

/** What adding the files would do, for the button that does it. */
export function describeMerge(files: readonly Named[], added: readonly Named[]): string {
  const names = new Set(files.map(({ name }) => name));
  const replaced = [...new Set(added.map(({ name }) => name))].filter((name) => names.has(name));
  if (replaced.length === 0) return 'Add to the files here';
  return `Add, replacing ${replaced.join(', ')}`;
}

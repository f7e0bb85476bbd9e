/** Saves what the page holds; rejects, saying why, where it cannot. */
type Save = () => Promise<void>;

const saves = new Set<Save>();
/** Storage that does not answer for so long will not. */
const savedWithinMs = 5_000;

/** Has something saved before the page is loaded again by a button of its own. @returns what ends that */
export function saveBeforeReload(save: Save): () => void {
  saves.add(save);
  return () => {
    saves.delete(save);
  };
}

/**
 * Saves what is not saved yet.
 *
 * @throws Error when something could not be saved, in words
 */
export async function saveAll(): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('storage does not answer')), savedWithinMs);
  });
  try {
    await Promise.race([Promise.all([...saves].map((save) => save())), late]);
  } finally {
    clearTimeout(timer);
  }
}

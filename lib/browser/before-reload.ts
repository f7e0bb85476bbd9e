/** Saves unsaved state; rejects with the reason when it cannot. */
type Save = () => Promise<void>;

const saves = new Set<Save>();
/** Timeout for saving, in ms. */
const savedWithinMs = 5_000;

/** Registers a save that runs before a button reloads the page. @returns a function that unregisters it */
export function saveBeforeReload(save: Save): () => void {
  saves.add(save);
  return () => {
    saves.delete(save);
  };
}

/**
 * Runs all registered saves.
 *
 * @throws Error with the reason when something could not be saved
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

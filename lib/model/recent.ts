/** Cached values by key: the part of `Map` that caches need. */
export interface Cache<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): unknown;
}

/**
 * A cache of the most recently used values.
 *
 * @param most its capacity, at least 1
 */
export function recentCache<Value>(
  most: number,
): Cache<Value> & { readonly size: () => number; readonly clear: () => void } {
  // Maps iterate in insertion order.
  const values = new Map<string, Value>();
  const cache = {
    size: () => values.size,
    clear: () => values.clear(),
    get(key: string): Value | undefined {
      const value = values.get(key);
      if (value !== undefined) cache.set(key, value);
      return value;
    },
    set(key: string, value: Value): void {
      values.delete(key);
      values.set(key, value);
      for (const oldest of values.keys()) {
        if (values.size <= most) break;
        values.delete(oldest);
      }
    },
  };
  return cache;
}

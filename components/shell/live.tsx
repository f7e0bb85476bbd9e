'use client';

import { useEffect } from 'react';

/**
 * Marks the page once what it is drawn beside responds: before, a click on what was served does nothing. Tests
 * and styles rely on it.
 */
export function Live() {
  useEffect(() => {
    document.documentElement.dataset.live = 'true';
  }, []);
  return null;
}

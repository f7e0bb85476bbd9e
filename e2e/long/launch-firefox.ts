import puppeteer, { type Browser } from 'puppeteer-core';
import { findOrInstallFirefox } from '../../scripts/find-browser';

/**
 * An unmodified Firefox, over WebDriver BiDi (Playwright can only drive its own build); null where there is none and
 * none can be installed.
 */
export async function launchFirefox(): Promise<Browser | null> {
  const executablePath = findOrInstallFirefox();
  if (!executablePath) return null;
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width: 1440, height: 900 },
  });
}

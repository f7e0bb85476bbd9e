import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

/** Names of Chromium or Chrome on various systems. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const firefoxNames = ['firefox-esr', 'firefox'];
const firefoxMacPaths = ['/Applications/Firefox.app/Contents/MacOS/firefox'];

/** Stops a browser's background connections, and starts it without a display, as root too. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Path of an executable Chromium: CHROMIUM_PATH, one that Playwright installed, or the system's.
 * Null when there is none.
 */
function findBrowser(): string | null {
  const candidates = [
    process.env.CHROMIUM_PATH ?? '',
    chromium.executablePath(),
    ...onPath(names),
    ...macPaths,
  ];
  return candidates.find(isExecutable) ?? null;
}

/** Path of an executable Firefox: FIREFOX_PATH, or the system's. Null when there is none. */
function findFirefox(): string | null {
  const candidates = [process.env.FIREFOX_PATH ?? '', ...onPath(firefoxNames), ...firefoxMacPaths];
  return candidates.find(isExecutable) ?? null;
}

/** Possible paths of programs with these names, the first names first. */
function onPath(programs: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return programs.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/**
 * Finds Chromium or installs it: with apt on Debian, elsewhere with Playwright. Throws when neither
 * works.
 */
export function requireBrowser(): string {
  const found = findBrowser();
  if (found) return found;
  for (const install of [
    () => installByApt('chromium', 'fonts-dejavu-core'),
    installByPlaywright,
  ]) {
    try {
      install();
    } catch {
      continue;
    }
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium was found or could be installed. Install Chromium or Chrome, or set CHROMIUM_PATH to its program.',
  );
}

/** Finds Firefox or installs Debian's with apt. Null when neither works. */
export function findOrInstallFirefox(): string | null {
  const found = findFirefox();
  if (found) return found;
  try {
    installByApt('firefox-esr', 'fonts-dejavu-core');
  } catch {
    return null;
  }
  return findFirefox();
}

function installByApt(...packages: string[]): void {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  for (const command of [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', ...packages],
  ]) {
    const [program, ...rest] = [...asRoot, ...command];
    execFileSync(program, rest, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}

function installByPlaywright(): void {
  execFileSync('npx', ['playwright', 'install', 'chromium'], { stdio: 'inherit' });
}

function isExecutable(path: string): boolean {
  if (path === '') return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

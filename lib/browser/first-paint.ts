import { linkPrefix } from '../model/text-kinds';
import { lastStudyFlag, lessonFlag, themeFlag } from './flags';

/**
 * What must be settled before the first paint, by scripts that stand in the page itself, and how the page
 * takes it back later. All of it are attributes of the root element, which the styles look at.
 */

/** Sets the theme: the one chosen last, else the system's, which it then follows. */
const themeScript = `(function () {
  var system = matchMedia('(prefers-color-scheme: dark)');
  function set() {
    var chosen = null;
    try { chosen = localStorage.getItem('${themeFlag.key}'); } catch (error) {}
    if (chosen !== 'light' && chosen !== 'dark') chosen = system.matches ? 'dark' : 'light';
    document.documentElement.dataset.theme = chosen;
  }
  set();
  system.addEventListener('change', set);
})();`;

/** A page that is about to open a study of the reader's own says so. */
const openingScript = `(function () {
  try {
    if (localStorage.getItem('${lastStudyFlag.key}')) document.documentElement.dataset.opening = 'true';
  } catch (error) {}
})();`;

/**
 * A page that may be about to hide its answer shows nothing until that is known, for the answer of the
 * served study stands in it.
 */
const veilScript = `(function () {
  var lesson = null;
  try { lesson = sessionStorage.getItem('${lessonFlag.key}'); } catch (error) {}
  if (lesson || location.hash.indexOf('${linkPrefix}') === 0) document.documentElement.dataset.veiled = 'true';
})();`;

export const firstPaintScript = `${themeScript}${openingScript}${veilScript}`;

/** Switches between light and dark, and remembers the choice where the browser lets it. */
export function toggleTheme(): void {
  const root = document.documentElement;
  const theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  root.dataset.theme = theme;
  themeFlag.set(theme);
}

/** Says no more that a study is about to open. */
export function endOpening(): void {
  delete document.documentElement.dataset.opening;
}

/** Shows what was hidden until it was known whether the page hides its answer. */
export function unveil(): void {
  delete document.documentElement.dataset.veiled;
}

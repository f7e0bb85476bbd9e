'use client';

import { toggleTheme } from '../../lib/browser/first-paint';

const places = [
  { id: 'explorer', name: 'Explorer', href: '/' },
  { id: 'learn', name: 'Learn', href: '/learn' },
  { id: 'guide', name: 'Guide', href: '/guide' },
] as const;

/** The bar of the pages other than the explorer: the current page and links to the others. */
export function SiteBar({ current }: { current: 'learn' | 'guide' }) {
  return (
    <header className="bar site-bar">
      <span className="bar-name">RegMix Explorer</span>
      <nav className="site-places" aria-label="Pages">
        {places.map(({ id, name, href }) => (
          <a key={id} href={href} aria-current={id === current ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <div className="bar-actions">
        <ThemeButton />
      </div>
    </header>
  );
}

/** Links at the end of the page: to the tour, the guide and the licences. */
export function SiteFoot() {
  return (
    <footer className="site-foot">
      <a href="/learn">Learn RegMix in ten steps</a>
      <a href="/guide">Guide: from your corpora to a mixture</a>
      <a href="/licences.txt">Licences</a>
    </footer>
  );
}

/** Switches between light and dark. */
function ThemeButton() {
  return (
    <button type="button" onClick={toggleTheme}>
      Theme
    </button>
  );
}

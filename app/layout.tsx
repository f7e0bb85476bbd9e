import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Offline } from '../components/site/offline';
import { firstPaintScript } from '../lib/browser/first-paint';
import { fontVariables } from './fonts';
import './styles/type.css';
import './styles/base.css';
import './styles/ui.css';
import './styles/ui-controls.css';
import './styles/charts.css';
import './styles/charts-explore.css';
import './styles/charts-parallel.css';
import './styles/explorer.css';
import './styles/stages.css';
import './styles/training.css';
import './styles/site.css';
import './styles/share.css';
import './styles/schedule.css';
import './styles/verify.css';
import './styles/challenge.css';
import './styles/lesson.css';
import './styles/documents.css';
import './styles/forced-colors.css';

export const metadata: Metadata = {
  title: 'RegMix Explorer: which data mixture should I train on?',
  description:
    'Drop the CSVs of your proxy runs and see how well they predict unseen mixtures, which domains matter for the target, and which mixture to train on under your token limits. Nothing leaves the tab.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf7' },
    { media: '(prefers-color-scheme: dark)', color: '#15171b' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme is set before React runs, so the served and the first client markup differ here.
    <html lang="en" className={fontVariables} data-theme="light" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours that must run before the first paint */}
        <script dangerouslySetInnerHTML={{ __html: firstPaintScript }} />
      </head>
      <body>
        {children}
        <Offline />
      </body>
    </html>
  );
}

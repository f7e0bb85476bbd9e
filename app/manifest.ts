import type { MetadataRoute } from 'next';

export const dynamic = 'force-static';

/** Name and appearance of the installed page. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'RegMix Explorer',
    short_name: 'RegMix',
    description: 'Which data mixture should I train on? From proxy runs to the best mixture.',
    start_url: '/',
    display: 'standalone',
    background_color: '#fbfaf7',
    theme_color: '#0a5fa8',
    icons: [
      { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}

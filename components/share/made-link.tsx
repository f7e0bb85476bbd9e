'use client';

import encodeQR from 'qr';
import { useRef, useState } from 'react';
import { copyText, download } from '../../lib/browser/files';
import type { Made } from './use-made-link';

/** Longer links need so many modules that a camera across the room cannot resolve them. */
const longestCode = 1_000;

/** The state of a link: pending, ready, or why there is none. */
export function LinkOrWhyNot({ made }: { made: Made }) {
  switch (made.kind) {
    case 'making':
      return <p role="status">Making the link…</p>;
    case 'made':
      return <MadeLink key={made.url} url={made.url} />;
    case 'refused':
      return (
        <div className="notice" role="status">
          <p>{made.message}</p>
          <p className="quiet">{made.advice}</p>
        </div>
      );
  }
}

/** A link to copy, with its size and its QR code. */
function MadeLink({ url }: { url: string }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const code = useRef<HTMLDivElement>(null);
  const [message, setMessage] = useState('');

  async function copy(): Promise<void> {
    if (await copyText(url)) {
      setMessage('Copied.');
    } else {
      // The keyboard shortcut still works.
      field.current?.select();
      setMessage('This browser does not let the page copy: press Ctrl+C or ⌘C.');
    }
  }

  return (
    <>
      <textarea
        ref={field}
        className="code"
        aria-label="The link"
        readOnly
        rows={4}
        spellCheck={false}
        value={url}
        onFocus={(event) => event.target.select()}
      />
      <div className="button-row">
        <button type="button" className="button primary" onClick={() => void copy()}>
          Copy the link
        </button>
        <span className="quiet" role="status">
          {message} {url.length.toLocaleString('en')} characters
        </span>
      </div>
      {url.length <= longestCode ? (
        <figure className="qr">
          <div ref={code}>
            <QrCode text={url} label="QR code of the link" />
          </div>
          <figcaption className="quiet small">
            For a classroom: the same link, to be read with a camera.{' '}
            <button
              type="button"
              className="link"
              onClick={() =>
                download('regmix-link.svg', 'image/svg+xml', code.current?.innerHTML ?? '')
              }
            >
              Save as SVG
            </button>
          </figcaption>
        </figure>
      ) : (
        <p className="quiet small">
          Too long for a QR code that cameras can read: those hold about{' '}
          {longestCode.toLocaleString('en')} characters.
        </p>
      )}
    </>
  );
}

/** Quiet zone that scanners need around a code, in modules (ISO/IEC 18004). */
const quiet = 4;

/** A text as a QR code, black on white in every theme, as scanners need it. */
function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encodeQR(text, 'raw', { ecc: 'low', border: quiet });
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg
      className="qr-code"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shapeRendering="crispEdges"
      xmlns="http://www.w3.org/2000/svg"
    >
      <rect width="100%" height="100%" fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}

import { pathOf } from './site-files';

/** Inline scripts of a page, as the browser hashes them. */
const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/**
 * The policy of a page.
 *
 * - Scripts: ours, and those in the page by their hashes. No eval, and no WebAssembly: that runs in workers.
 * - Styles: our sheets. Attributes are allowed, since bars and tracks get their lengths by them.
 * - Connections: this site alone. What a user asks for from elsewhere is fetched by a worker (SECURITY.md).
 *
 * @param hash SHA-256 of a text, in base64
 */
export function pagePolicy(html: string, hash: (text: string) => string): string {
  const hashes = [...html.matchAll(inlineScript)].map(([, text]) => `'sha256-${hash(text)}'`);
  return [
    "default-src 'none'",
    `script-src 'self' ${[...new Set(hashes)].join(' ')}`,
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    // Pictures are drawn from blob and data addresses when they are saved.
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
  ].join('; ');
}

/**
 * The policy of workers, set by the response of their script: no document, and connections to
 * https, since workers fetch what a user has agreed to.
 */
const workerPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self' https:",
].join('; ');

/** The page with the policy at the start of its head, before any script. */
export function withPolicy(html: string, policy: string): string {
  const bare = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}"/>`;
  const placed = bare.replace(/<head>/, () => `<head>${meta}`);
  if (placed === bare) throw new Error('a page has no head to put its policy into');
  return placed;
}

/**
 * Headers by path, in the form of `_headers` files.
 *
 * @param policies by path of the page's file
 */
export function headersFile(policies: ReadonlyMap<string, string>): string {
  const lines = [
    '/*',
    '  X-Content-Type-Options: nosniff',
    '  Referrer-Policy: no-referrer',
    '  Cross-Origin-Opener-Policy: same-origin',
    '  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    '',
    '/_next/static/*',
    `  Content-Security-Policy: ${workerPolicy}`,
    '  Cache-Control: public, max-age=31536000, immutable',
    '',
  ];
  for (const [file, policy] of policies) {
    const path = pathOf(file);
    lines.push(path, `  Content-Security-Policy: ${policy}; frame-ancestors 'none'`, '');
  }
  return lines.join('\n');
}

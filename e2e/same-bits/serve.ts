import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { siteHeaders } from '../headers';
import type { Found } from './worker';

/** Where the site's own workers are, so that this one gets their headers. */
const workerPath = '/_next/static/same-bits.js';

/** Serves an empty page and the worker that hashes, each with the headers that the site has there. */
export async function serveSameBits(): Promise<{ url: string; close: () => void }> {
  const rules = await siteHeaders();
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  });
  const server = createServer(({ url = '/' }, response) => {
    const [type, content] =
      url === workerPath
        ? ['text/javascript', outputFiles[0].text]
        : ['text/html', '<!doctype html><title>Same bits</title><link rel="icon" href="data:,">'];
    response.writeHead(200, { ...rules(url), 'Content-Type': type }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** A page of Playwright or of Puppeteer. */
interface AnyPage {
  evaluate<Result>(run: (path: string) => Promise<Result>, path: string): Promise<Result>;
}

/** Runs the worker in the served page. */
export function findSameBits(page: AnyPage): Promise<Found[]> {
  return page.evaluate(
    (path) =>
      new Promise<Found[]>((resolve, reject) => {
        const worker = new Worker(path);
        worker.onmessage = ({ data }: MessageEvent<Found[] | string>) =>
          typeof data === 'string' ? reject(new Error(data)) : resolve(data);
        worker.onerror = ({ message }) => reject(new Error(`the worker failed: ${message}`));
      }),
    workerPath,
  );
}

/** As many as there are of {@link Found}: 23 of the way to the first step and 2 of each size, at least. */
export const leastFound = 33;

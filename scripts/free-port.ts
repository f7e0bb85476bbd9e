import { execFileSync } from 'node:child_process';

const ask =
  "const server = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(server.address().port); server.close(); })";

/** A free port of this machine, so that two checkouts can be tested side by side. */
export function freePort(): number {
  return Number(execFileSync(process.execPath, ['-e', ask], { encoding: 'utf8' }));
}

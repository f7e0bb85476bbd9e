/** Hosts within the user's own network or machine, which a stranger's link must not contact unnoticed. */

/** Names that only a local network or the machine itself resolves. */
const localNames =
  /^(?:[^.]+|(?:.+\.)?(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa))\.?$/i;

/** First numbers of private IPv4 addresses with the number of bits that count (RFC 6890). */
const privateBlocks: readonly (readonly [number, number])[] = [
  [ipv4(0, 0), 8],
  [ipv4(10, 0), 8],
  [ipv4(100, 64), 10],
  [ipv4(127, 0), 8],
  [ipv4(169, 254), 16],
  [ipv4(172, 16), 12],
  [ipv4(192, 168), 16],
];

function ipv4(first: number, second: number, third = 0, fourth = 0): number {
  return ((first * 256 + second) * 256 + third) * 256 + fourth;
}

/** The address as browsers request it: host in lower case and ASCII, no default port, no `..`. */
export function canonicalAddress(url: string): string {
  return new URL(url).href;
}

/** Whether an address leads to this machine or a private network, by its host alone. */
export function isInOwnNetwork(url: string): boolean {
  const { hostname } = new URL(url);
  if (hostname.startsWith('[')) return isPrivateIpv6(hostname.slice(1, -1));
  const parts = hostname.split('.').map(Number);
  if (parts.length === 4 && parts.every((part) => part >= 0 && part <= 255)) {
    const [first, second, third, fourth] = parts;
    return isPrivateIpv4(ipv4(first, second, third, fourth));
  }
  return localNames.test(hostname);
}

function isPrivateIpv4(address: number): boolean {
  return privateBlocks.some(([start, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(start / size);
  });
}

/** @param address as `URL` writes it: in lower case, the longest run of zeros as `::` */
function isPrivateIpv6(address: string): boolean {
  if (address === '::' || address === '::1') return true;
  // IPv4 within IPv6: mapped, or by a gateway (RFC 6052).
  const within = /^(?:::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (within) {
    return isPrivateIpv4(Number.parseInt(within[1], 16) * 65536 + Number.parseInt(within[2], 16));
  }
  const first = Number.parseInt(address.split(':')[0] || '0', 16);
  // Unique local and link-local addresses (RFC 4193, RFC 4291).
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80;
}

/** Sends a message to an address of the web, and to no address inside: of our machine, of the network around it, or of nobody. */
import { lookup } from 'node:dns/promises';
import { request } from 'node:https';
import { BlockList, isIPv6 } from 'node:net';
import type { Outside } from '../../activities/ports.ts';

const ANSWER_MS = 4_000; // a receiver takes note and answers; what it makes of it is its own time
const READ_BYTES = 2_048; // of an answer, which is not looked at

/** Whatever is not a public unicast address: RFC 6890, with what became of it in the registries of IANA. */
const INSIDE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  INSIDE.addSubnet(net, bits, 'ipv4');
const GLOBAL = new BlockList();
GLOBAL.addSubnet('2000::', 3, 'ipv6'); // the only block of global unicast addresses
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  INSIDE.addSubnet(net, bits, 'ipv6'); // of it: tunnels that lead inside, documentation

/** Whether an address is one of the open web. IPv4 in the clothes of IPv6 is none. */
export const isOutside = (address: string): boolean =>
  isIPv6(address) ? GLOBAL.check(address, 'ipv6') && !INSIDE.check(address, 'ipv6') : !INSIDE.check(address, 'ipv4');

export interface OutsideOptions {
  readonly inside?: readonly string[]; // hosts that are let through whatever their address: of a test
  readonly ca?: string; // that vouches for them, as PEM
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/** The message did not arrive, or nobody knows; in words that name no address inside. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';
  constructor(
    readonly code: 'inside' | 'not_sent' | 'not_taken',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const addresses = async (host: string): Promise<readonly string[]> => (await lookup(host, { all: true })).map(({ address }) => address);

/** What is connected to is the address that was looked at: a name that says something else the second time leads nowhere. */
export const outside = ({ inside = [], ca, resolve = addresses }: OutsideOptions = {}): Outside => ({
  async post(url, headers, body) {
    const to = new URL(url);
    const host = to.hostname.replace(/^\[(.*)\]$/, '$1');
    if (to.protocol !== 'https:') throw new OutsideError('inside', `\`${to.origin}\` is not https.`);
    const found = await resolve(host).catch((cause: unknown) => {
      throw new OutsideError('not_sent', `\`${host}\` has no address.`, { cause });
    });
    const [address] = found;
    if (address === undefined || !(inside.includes(host) || found.every(isOutside)))
      throw new OutsideError('inside', `\`${host}\` leads to an address inside; word is sent to the open web alone.`);
    const status = await sent(to, address, { ...headers, 'content-type': 'application/json' }, body, ca);
    if (status < 200 || status > 299) throw new OutsideError('not_taken', `\`${host}\` answered ${status}.`);
  },
});

function sent(to: URL, address: string, headers: Readonly<Record<string, string>>, body: string, ca: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) => reject(new OutsideError('not_sent', `\`${to.hostname}\` did not take it.`, { cause }));
    const asked = request(
      to,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal: AbortSignal.timeout(ANSWER_MS),
        agent: false, // no connection of before, which was looked at then
        ...(ca === undefined ? {} : { ca }),
        lookup: (_host, { all }, done) => (all ? done(null, [{ address, family: isIPv6(address) ? 6 : 4 }]) : done(null, address, isIPv6(address) ? 6 : 4)),
      },
      (answer) => {
        let read = 0;
        answer.on('data', (chunk: Buffer) => void ((read += chunk.length) > READ_BYTES && answer.destroy()));
        answer.on('error', () => undefined); // its status is all that counts
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('error', failed);
    asked.end(body);
  });
}

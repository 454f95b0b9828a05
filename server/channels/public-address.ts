import { lookup as lookUp } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Everything that IANA's special-purpose registries (RFC 6890) keep from the public internet, and multicast. */
const notPublic = new BlockList();
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
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  notPublic.addSubnet(net, bits, 'ipv4');
/** Of IPv6 only global unicast is public; in it documentation, benchmarks, and what wraps an IPv4 address are not. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  notPublic.addSubnet(net, bits, 'ipv6');

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/gu, '').replace(/%.*$/u, '');
  if (isIP(bare) === 4) return !notPublic.check(bare, 'ipv4');
  return isIP(bare) === 6 && globalUnicast.check(bare, 'ipv6') && !notPublic.check(bare, 'ipv6');
}

/** A name leads to an address that is not public. */
export class AddressNotPublic extends Error {
  override readonly name = 'AddressNotPublic';
}

/** Resolves a name for one connection, which is then made to the very address that was looked at: a name cannot change its mind in between. */
export const lookUpPublic: LookupFunction = (host, options, done) => {
  lookUp(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '', 0);
    const inner = addresses.find(({ address }) => !isPublicAddress(address));
    if (inner || addresses.length === 0) return done(new AddressNotPublic('The name leads to an address that is not public.'), '', 0);
    if (options.all) return done(null, addresses);
    const [first] = addresses;
    done(null, first!.address, first!.family);
  });
};

import { RequestFailed } from './errors.ts';

/**
 * Another org answers than the one that a connection is for: nobody is read. Only a person can connect the right one.
 * @param kind what the vendor calls it: "org", "portal"
 */
export const otherOrigin = (kind: string, answered: string, expected: string): RequestFailed =>
  new RequestFailed('unauthorized', kind, { sentence: otherOriginSentence(kind, answered, expected) });

export const otherOriginSentence = (kind: string, answered: string, expected: string): string =>
  `The ${kind} ${answered} of {vendor} answers, and this connection is for ${expected}. Sign in to the right one, or correct the connection.`;

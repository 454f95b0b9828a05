import { createHash, createPublicKey } from 'node:crypto';

export interface HostKey {
  /** As OpenSSH writes it. */
  readonly privateKey: string;
  /** `SHA256:…`, as `ssh-keygen -lf` tells it. */
  readonly fingerprint: string;
}

/** The DER of an Ed25519 private key (RFC 8410 §7) up to its 32 bytes. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A host key that is the same at every start, so that a connection's pin goes on holding. For a simulator on this machine, and no secret. */
export function hostKeyOf(phrase: string): HostKey {
  const seed = createHash('sha256').update(phrase).digest();
  const spki = createPublicKey({ key: privateOf(seed), format: 'pem' }).export({ type: 'spki', format: 'der' });
  const point = spki.subarray(-32);
  const publicBlob = Buffer.concat([string('ssh-ed25519'), string(point)]);
  const secret = Buffer.concat([number(0), number(0), publicBlob, string(Buffer.concat([seed, point])), string('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  // openssh PROTOCOL.key: unencrypted, one key.
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[string('none'), string('none'), string('')],
    ...[number(1), string(publicBlob), string(Buffer.concat([secret, padding]))],
  ]);
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${file.toString('base64').replace(/.{70}/g, '$&\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    fingerprint: `SHA256:${createHash('sha256').update(publicBlob).digest('base64').replace(/=+$/, '')}`,
  };
}

const privateOf = (seed: Buffer): string =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.concat([pkcs8Head, seed]).toString('base64')}\n-----END PRIVATE KEY-----\n`;

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A length and that many bytes (RFC 4251 §5). */
function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as Buffer);
  return Buffer.concat([number(bytes.length), bytes]);
}

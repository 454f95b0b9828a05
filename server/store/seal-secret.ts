import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';

/** What secrets are sealed with. A KeyObject shows nothing of itself in logs, errors and JSON. */
export interface SecretKey {
  /** Tells keys apart, and nothing of the key. */
  readonly id: string;
  readonly key: KeyObject;
}

/** Where a secret belongs; it opens nowhere else. */
export interface SecretPlace {
  readonly workspaceId: string;
  readonly connectionId: string;
  /** As auth.clientSecret. */
  readonly field: string;
}

/** The secret was sealed with another key or for another place, or was changed. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** @param bytes 32 of them */
export function secretKeyOf(bytes: Buffer): SecretKey {
  const id = createHash('sha256').update('seatmatch key id\0').update(bytes).digest('hex').slice(0, 16);
  return { id, key: createSecretKey(bytes) };
}

const boundTo = ({ workspaceId, connectionId, field }: SecretPlace): Buffer =>
  Buffer.from(JSON.stringify(['seatmatch connection 1', workspaceId, connectionId, field]));

/** AES-256-GCM with a new nonce each time: nonce, ciphertext and tag, base64. */
export function sealSecret({ key }: SecretKey, place: SecretPlace, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(boundTo(place));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Throws SecretUnreadable. */
export function openSecret({ key }: SecretKey, place: SecretPlace, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  try {
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(boundTo(place))
      .setAuthTag(bytes.subarray(-tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
  } catch {
    // Without the cause: what OpenSSL says helps nobody.
    throw new SecretUnreadable(`The secret ${place.field} of connection ${place.connectionId} cannot be opened.`);
  }
}

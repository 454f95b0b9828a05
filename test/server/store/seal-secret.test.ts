import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { openSecret, SecretUnreadable, sealSecret, secretKeyOf } from '../../../server/store/seal-secret.ts';

const key = secretKeyOf(randomBytes(32));
const place = { workspaceId: 'w', connectionId: 'c', field: 'auth.clientSecret' };

test('a secret opens where it was sealed, and is sealed differently each time', () => {
  const sealed = sealSecret(key, place, 'sécret ✓');
  expect(openSecret(key, place, sealed)).toBe('sécret ✓');
  expect(sealSecret(key, place, 'sécret ✓')).not.toBe(sealed);
});

test.each([
  ['of another workspace', { workspaceId: 'x' }],
  ['of another connection', { connectionId: 'x' }],
  ['of another field', { field: 'auth.token' }],
])('a sealed secret that was copied into the row %s opens nowhere', (_, other) => {
  expect(() => openSecret(key, { ...place, ...other }, sealSecret(key, place, 'secret'))).toThrow(SecretUnreadable);
});

test('with another key, changed in any byte, or cut off it is refused, and the refusal says nothing of it', () => {
  const sealed = sealSecret(key, place, 'secret');
  expect(() => openSecret(secretKeyOf(randomBytes(32)), place, sealed)).toThrow(SecretUnreadable);
  const bytes = Buffer.from(sealed, 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    expect(() => openSecret(key, place, changed.toString('base64'))).toThrow(SecretUnreadable);
  }
  for (const length of [0, 11, 12, 27, bytes.length - 1])
    expect(() => openSecret(key, place, bytes.subarray(0, length).toString('base64'))).toThrow(SecretUnreadable);
});

test('a key shows itself neither in JSON nor in a log, and its id tells it from others', () => {
  const raw = randomBytes(32);
  const shown = secretKeyOf(raw);
  for (const text of [JSON.stringify(shown), inspect(shown, { depth: 9 })]) {
    expect(text).not.toContain(raw.toString('hex'));
    expect(text).not.toContain(raw.toString('base64'));
  }
  expect(shown.id).toBe(secretKeyOf(raw).id);
  expect(shown.id).not.toBe(key.id);
});

import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, which nobody guesses: their hash needs no salt and no slow function, and is looked up as it is. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a secret that somebody will show again. Found by index or not, the time it takes says nothing of the secret. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

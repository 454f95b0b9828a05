import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The environment cannot be used as it is. The message lists every fault, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/u, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be between ${least} and ${most}`);

const flag = z.enum(['0', '1', 'true', 'false'], { error: 'is neither 1 nor 0' }).transform((value) => value === '1' || value === 'true');

/** A name part, or an address alone: `Seatmatch <seatmatch@example.com>`. Nothing that would end a header's line. */
const sender = z
  .string()
  .regex(
    /^(?:[^<>\p{Cc}"]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/u,
    'is not an address such as Seatmatch <seatmatch@example.com>',
  );

const webAddress = z
  .url({ protocol: /^https?$/u, error: 'is not an address such as https://seatmatch.example.com' })
  .transform((value) => new URL(value).origin);

/** 32 bytes in hex or base64. What was given is never repeated. */
function keyBytes(text: string, context: z.RefinementCtx): Buffer {
  const bytes = /^[0-9a-f]{64}$/iu.test(text)
    ? Buffer.from(text, 'hex')
    : /^[\w+/-]{43}=?$/u.test(text)
      ? Buffer.from(text, 'base64')
      : null;
  if (bytes?.length === 32) return bytes;
  context.addIssue({ code: 'custom', message: 'is not a key: 32 bytes in hex or base64, as openssl rand -base64 32 makes them' });
  return z.NEVER;
}

const environment = z.object({
  PORT: whole(0, 65_535).default(3000),
  SEATMATCH_HOST: z.union([z.ipv4(), z.ipv6()], { error: 'is no address such as 127.0.0.1' }).default('127.0.0.1'),
  SEATMATCH_HEALTH_PORT: whole(0, 65_535).optional(),
  SEATMATCH_DATA: z.string().min(1, 'must not be empty').default('.seatmatch'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//u, 'is not an address such as postgres://user:password@host/database')
    .optional(),
  SEATMATCH_OWNER_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//u, 'is not an address such as postgres://user:password@host/database')
    .optional(),
  SEATMATCH_DEMO: flag.default(true),
  SEATMATCH_UPLOAD_MB: whole(1, 2000).default(1000),
  SEATMATCH_PUBLIC_URL: webAddress.optional(),
  SEATMATCH_LOOPBACK_WEBHOOKS: flag.default(false),
  SEATMATCH_SMTP_HOST: z
    .string()
    .regex(/^[\w.:-]+$/u, 'is not the name of a mail server')
    .optional(),
  SEATMATCH_SMTP_PORT: whole(1, 65_535).optional(),
  SEATMATCH_SMTP_TLS: z.enum(['tls', 'starttls', 'none'], { error: 'is none of tls, starttls, none' }).optional(),
  SEATMATCH_SMTP_USER: z.string().optional(),
  SEATMATCH_SMTP_PASSWORD: z.string().optional(),
  SEATMATCH_SMTP_FROM: sender.optional(),
  SEATMATCH_WATCH: z.string().min(1, 'must not be empty').optional(),
  SEATMATCH_DELIVERY_URL: z.url({ protocol: /^https?$/u, error: 'is not an address such as https://delivery.example.com' }).optional(),
  SEATMATCH_DELIVERY_TOKEN: z.string().optional(),
  SEATMATCH_SCIM_CONNECTION: z.string().optional(),
  SEATMATCH_FILES_CONNECTION: z.string().optional(),
  SEATMATCH_CONFIG: z.string().min(1).optional(),
  SEATMATCH_SECRET_KEY: z.string().transform(keyBytes).optional(),
});

export interface Config {
  /** 0 takes any free port. */
  readonly port: number;
  /** The address to listen on. 0.0.0.0 is for containers: a request still has to name this machine, or the public address. */
  readonly host: string;
  /** Where a worker tells that it is up; null: nowhere. */
  readonly healthPort: number | null;
  /** Directory of the embedded database and the uploaded files, as given. */
  readonly dataDir: string;
  /** A PostgreSQL server of one's own: the address for the program, and the one that owns the tables. Null: the embedded one. */
  readonly database: { readonly appUrl: string; readonly ownerUrl: string } | null;
  readonly demo: boolean;
  readonly largestUploadBytes: number;
  /** Directory that holds the folders schedules may watch. Default: `watched` in the data directory. */
  readonly watchDir: string;
  /** Where people open Seatmatch, for the links in mail; an origin. Null: this machine's own address. */
  readonly publicUrl: string | null;
  /** Signed webhooks may go to this very machine by plain http: for trying them out. */
  readonly loopbackWebhooks: boolean;
  /** The mail server. Null: mail is only kept in the outbox. */
  readonly smtp: SmtpConfig | null;
  /** Where upload files are handed over by themselves. Null: people carry them to Admin Center. */
  readonly delivery: DeliveryConfig | null;
  /** seatmatch.config.yaml, as given. Null: the usual file in the folder that it is started in, where there is one. */
  readonly configFile: string | null;
  /** What the secrets of connections are sealed with, 32 bytes. Null: the embedded database makes a key of its own; else none are kept. */
  readonly secretKey: Buffer | null;
  /** The connection over which plans change LinkedIn. Null: none does. */
  readonly scim: NamedConnection | null;
  /** The connection whose folders take upload files. Null: none does. */
  readonly files: NamedConnection | null;
}

/** A connection of a configuration file, by its name. */
export interface NamedConnection {
  readonly connection: string;
  /** Absent: the usual file in the folder in which the program was started. */
  readonly file?: string;
  /** Holds the secrets that the file refers to. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface DeliveryConfig {
  readonly baseUrl: string;
  readonly token: string;
}

export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** tls: from the first byte. starttls: insisted upon before anything is said. none: for a relay on the same machine. */
  readonly encryption: 'tls' | 'starttls' | 'none';
  readonly auth: { readonly user: string; readonly password: string } | null;
  /** `Name <address>` or an address. */
  readonly from: string;
}

/**
 * Reads the settings of the process. Empty variables count as unset.
 * @throws ConfigError with all faults at once
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const given = withSecrets(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== '')));
  const result = environment.safeParse(given);
  if (!result.success) {
    throw new ConfigError(result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`).join('\n'));
  }
  const smtp = readSmtp(result.data);
  const { PORT, SEATMATCH_DATA, DATABASE_URL, SEATMATCH_OWNER_DATABASE_URL, SEATMATCH_DEMO, SEATMATCH_UPLOAD_MB } = result.data;
  return {
    port: PORT,
    host: result.data.SEATMATCH_HOST,
    healthPort: result.data.SEATMATCH_HEALTH_PORT ?? null,
    dataDir: SEATMATCH_DATA,
    database: DATABASE_URL ? { appUrl: DATABASE_URL, ownerUrl: SEATMATCH_OWNER_DATABASE_URL ?? DATABASE_URL } : null,
    demo: SEATMATCH_DEMO,
    largestUploadBytes: SEATMATCH_UPLOAD_MB * 1_000_000,
    watchDir: result.data.SEATMATCH_WATCH ?? join(SEATMATCH_DATA, 'watched'),
    publicUrl: result.data.SEATMATCH_PUBLIC_URL ?? null,
    loopbackWebhooks: result.data.SEATMATCH_LOOPBACK_WEBHOOKS,
    smtp,
    delivery: readDelivery(result.data),
    configFile: result.data.SEATMATCH_CONFIG ?? null,
    secretKey: result.data.SEATMATCH_SECRET_KEY ?? null,
    scim: named(result.data.SEATMATCH_SCIM_CONNECTION, result.data.SEATMATCH_CONFIG, variables),
    files: readFiles(result.data, variables),
  };
}

/** What is secret may stand in a file that the variable with _FILE names, as containers hand secrets over. An empty one is none, except a database's. */
function withSecrets(given: Record<string, string | undefined>): Record<string, string | undefined> {
  const read = { ...given };
  for (const name of [
    'DATABASE_URL',
    'SEATMATCH_OWNER_DATABASE_URL',
    'SEATMATCH_SMTP_PASSWORD',
    'SEATMATCH_DELIVERY_TOKEN',
    'SEATMATCH_SECRET_KEY',
  ]) {
    const file = given[`${name}_FILE`];
    if (file === undefined || given[name] !== undefined) continue;
    try {
      const secret = readFileSync(file, 'utf8').replace(/\r?\n$/u, '');
      if (secret !== '' || name.endsWith('DATABASE_URL')) read[name] = secret;
    } catch (cause) {
      throw new ConfigError(`${name}_FILE names a file that cannot be read.`, { cause });
    }
  }
  return read;
}

const loopback: readonly string[] = ['localhost', '127.0.0.1', '::1'];

function readSmtp(given: z.infer<typeof environment>): SmtpConfig | null {
  const { SEATMATCH_SMTP_HOST: host, SEATMATCH_SMTP_FROM: from, SEATMATCH_SMTP_USER: user, SEATMATCH_SMTP_TLS: tls } = given;
  if (!host) return null;
  if (!from) throw new ConfigError('SEATMATCH_SMTP_FROM is missing: say who the mail is from, such as Seatmatch <seatmatch@example.com>.');
  const password = given.SEATMATCH_SMTP_PASSWORD;
  if ((user === undefined) !== (password === undefined)) {
    throw new ConfigError('SEATMATCH_SMTP_USER and SEATMATCH_SMTP_PASSWORD (or SEATMATCH_SMTP_PASSWORD_FILE) belong together.');
  }
  if (tls === 'none' && user !== undefined && !loopback.includes(host)) {
    throw new ConfigError('SEATMATCH_SMTP_TLS=none would send the password readable through the network. Use starttls or tls.');
  }
  const port = given.SEATMATCH_SMTP_PORT ?? (tls === 'tls' ? 465 : 587);
  return {
    host,
    port,
    from,
    encryption: tls ?? (port === 465 ? 'tls' : 'starttls'),
    auth: user === undefined || password === undefined ? null : { user, password },
  };
}

function named(
  connection: string | undefined,
  file: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): NamedConnection | null {
  if (connection === undefined) return null;
  return { connection, ...(file === undefined ? {} : { file }), environment: variables };
}

function readFiles(given: z.infer<typeof environment>, variables: Readonly<Record<string, string | undefined>>): NamedConnection | null {
  const files = named(given.SEATMATCH_FILES_CONNECTION, given.SEATMATCH_CONFIG, variables);
  if (files !== null && given.SEATMATCH_DELIVERY_URL)
    throw new ConfigError('Files go one way: set SEATMATCH_FILES_CONNECTION or SEATMATCH_DELIVERY_URL, not both.');
  return files;
}

function readDelivery(given: z.infer<typeof environment>): DeliveryConfig | null {
  const { SEATMATCH_DELIVERY_URL: baseUrl, SEATMATCH_DELIVERY_TOKEN: token } = given;
  if (!baseUrl) return null;
  if (!token) throw new ConfigError('SEATMATCH_DELIVERY_TOKEN (or SEATMATCH_DELIVERY_TOKEN_FILE) belongs to SEATMATCH_DELIVERY_URL.');
  return { baseUrl, token };
}

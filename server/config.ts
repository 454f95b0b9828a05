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

const environment = z.object({
  PORT: whole(0, 65_535).default(3000),
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
});

export interface Config {
  /** 0 takes any free port. */
  readonly port: number;
  /** Directory of the embedded database and the uploaded files, as given. */
  readonly dataDir: string;
  /** A PostgreSQL server of one's own: the address for the program, and the one that owns the tables. Null: the embedded one. */
  readonly database: { readonly appUrl: string; readonly ownerUrl: string } | null;
  readonly demo: boolean;
  readonly largestUploadBytes: number;
}

/**
 * Reads the settings of the process. Empty variables count as unset.
 * @throws ConfigError with all faults at once
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const result = environment.safeParse(given);
  if (!result.success) {
    throw new ConfigError(result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`).join('\n'));
  }
  const { PORT, SEATMATCH_DATA, DATABASE_URL, SEATMATCH_OWNER_DATABASE_URL, SEATMATCH_DEMO, SEATMATCH_UPLOAD_MB } = result.data;
  return {
    port: PORT,
    dataDir: SEATMATCH_DATA,
    database: DATABASE_URL ? { appUrl: DATABASE_URL, ownerUrl: SEATMATCH_OWNER_DATABASE_URL ?? DATABASE_URL } : null,
    demo: SEATMATCH_DEMO,
    largestUploadBytes: SEATMATCH_UPLOAD_MB * 1_000_000,
  };
}

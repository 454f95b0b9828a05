import type { UploadKind } from './write-upload-file.ts';

export interface UploadFileName {
  readonly kind: UploadKind;
  /** The plan's day, YYYY-MM-DD. */
  readonly day: string;
  /** 0 is `a`, 25 is `z`, 26 is `aa`. */
  readonly index: number;
  /** The contract's name as an admin knows it; '' when there is only one. */
  readonly tenant: string;
  readonly run: string;
  /** The last day on which the file may be uploaded, YYYY-MM-DD: a file that is found later says so itself. Null: on any day. */
  readonly until: string | null;
}

/** For example `email-change-2026-11-21-a-acme-7f3c1d20-until-2026-11-22.csv`: lower-case letters, digits and `-` only. */
export function uploadFileName({ kind, day, index, tenant, run, until }: UploadFileName): string {
  const parts = [kind, day, letters(index), slug(tenant), slug(run), until === null ? '' : `until-${until}`];
  return `${parts.filter((part) => part !== '').join('-')}.csv`;
}

/** The name of the file that repeats another's failing rows: `…-retry-until-2026-11-22.csv`, then `…-retry-2-until-…`. */
export const retryFileName = (name: string): string =>
  name.replace(/(-retry(?:-(\d+))?)?((?:-until-\d{4}-\d\d-\d\d)?(?:\.csv)?)$/, (_, before?: string, times?: string, end = '') =>
    before === undefined ? `-retry${end}` : `-retry-${Number(times ?? 1) + 1}${end}`,
  );

const letters = (index: number): string => (index < 26 ? '' : letters(Math.floor(index / 26) - 1)) + String.fromCharCode(97 + (index % 26));

const slug = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);

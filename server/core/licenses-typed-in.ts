import type { CheckLine } from '../../connectors/connector.ts';
import type { Ledger } from './guard-ledger.ts';

/** What somebody typed in under Settings of a contract, as Admin Center shows it. */
export interface LicensesTypedIn {
  readonly freeLicenses: number | null;
  /** Null: nobody typed in this month's. */
  readonly ledger: Ledger | null;
  /** When each setting was changed last. ISO 8601. */
  readonly changed: readonly { readonly setting: string; readonly at: string }[];
}

/**
 * What no connection tells of licenses, by what was typed in. That none is left is no fault of the connection, over which emails can be
 * changed all the same.
 */
export function withTypedIn(lines: readonly CheckLine[], { freeLicenses, ledger, changed }: LicensesTypedIn): readonly CheckLine[] {
  const typedIn = (setting: string): string => changed.find((one) => one.setting === setting)?.at.slice(0, 10) ?? 'an earlier day';
  return lines.map((line) => {
    if (line.what === 'free-licenses' && freeLicenses !== null) {
      const sentence = `As typed in on ${typedIn('freeLicenses')}, ${freeLicenses === 1 ? '1 license is' : `${freeLicenses} licenses are`} free.`;
      return freeLicenses > 0
        ? { ...line, verdict: 'good', sentence }
        : { ...line, sentence: `${sentence} Free one, or buy one, before licenses are moved.` };
    }
    if (line.what === 'assignments' && ledger !== null) {
      const sentence = `Of this month's ${ledger.limit} assignments ${ledger.used} are used, as typed in on ${typedIn('assignments')} and with our own since.`;
      return ledger.used < ledger.limit
        ? { ...line, verdict: 'good', sentence }
        : { ...line, sentence: `${sentence} Wait until ${ledger.resetAt.slice(0, 10)}.` };
    }
    return line;
  });
}

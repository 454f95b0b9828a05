import type { LicenseCapabilities } from '../../connectors/connector.ts';
import type { PlanFile, PlanRow } from '../core/plan.ts';
import type { RowOutcome } from '../core/plan-progress.ts';
import type { Rematch } from '../core/rematch.ts';
import type { ServerRoute } from '../core/status.ts';
import type { Brought } from './plan-files.ts';

export type BroughtExport = Extract<Brought, { kind: 'export' }>;

/** Rows of a file that is out and that do not hold yet. */
export interface FileToCarry {
  readonly name: string;
  readonly kind: PlanFile['kind'];
  readonly rows: readonly PlanRow[];
  readonly idColumn: string;
}

/** What became of rows that were handed over. */
export type CarriedOut =
  /** It lies where LinkedIn comes for it, and no answer is there yet. */
  | { readonly kind: 'lies-there' }
  /** The vendor's result file. */
  | { readonly kind: 'result'; readonly brought: Brought; readonly sha256: string }
  /**
   * Person by person, as far as it came. `outcomes`: what no read shows, by license id. `rest`: whom it did not come to, so that what was done
   * is written down first. `failure`: why it stopped; null where nothing was wrong.
   */
  | {
      readonly kind: 'rows';
      readonly outcomes: ReadonlyMap<string, RowOutcome>;
      readonly read: BroughtExport;
      readonly rest: readonly PlanRow[];
      readonly failure: unknown;
    };

/** Somebody whom a read is to show. */
export type PersonToRead = Pick<Rematch, 'seatId' | 'uniqueUserId' | 'oldEmail' | 'newEmail' | 'licenses'>;

interface CallOptions {
  readonly signal: AbortSignal;
}

/** Carries a plan's changes to LinkedIn and reads there what became of them, with nobody between. */
export interface Delivery {
  readonly capabilities: Pick<LicenseCapabilities, 'updateEmail' | 'setLicense' | 'assigns'>;
  /** Whether its reads show what people accepted and what LinkedIn's CRM job found. */
  readonly showsProgress: boolean;
  /** Whether carrying out reads first and writes only what does not hold: then nobody has to read before and after. */
  readonly readsItself: boolean;
  /**
   * Looks for the answer to a file that was handed over a while ago. Absent: carrying out waits for the answer, and a file whose answer
   * never came is carried out again.
   */
  readonly lookFor?: (file: FileToCarry, options: CallOptions) => Promise<CarriedOut>;
  /** @param options `goesOn`: asked before each person; once it says no, nobody else is begun */
  carryOut(file: FileToCarry, options: CallOptions & { readonly goesOn?: () => boolean }): Promise<CarriedOut>;
  read(people: readonly PersonToRead[], options: CallOptions): Promise<BroughtExport>;
  /** Everybody, and how many LinkedIn says there are: what a removal rests on. Null where its lists do not prove that nobody is missing. */
  readonly readAll:
    | null
    | ((options: CallOptions) => Promise<{ readonly brought: Brought; readonly sha256: string; readonly usersShown: number | null }>);
}

/** By route; a route without one is people's work, or not there. */
export type Deliveries = Readonly<Partial<Record<ServerRoute, Delivery>>>;

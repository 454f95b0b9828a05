import type pg from 'pg';
import type { Exported } from '../core/read-export.ts';
import type { Route } from '../core/status.ts';
import type { Queryable, Scope } from '../store/database.ts';
import type { Engine } from '../store/engine.ts';
import type { Deliveries } from './delivery.ts';
import type { OfferTools } from './offer-files.ts';
import type { PlanTools } from './plan-files.ts';

/** What carrying plans out needs; the vendor's side of the files comes as parameters: this room imports no connector. */
export interface PlanDesk {
  readonly pool: pg.Pool;
  readonly engine: Pick<Engine, 'send'>;
  readonly tools: PlanTools & OfferTools;
  readonly now: () => Date;
  /** Everybody of an export that was brought for a comparison. */
  readAccounts(
    path: string,
    options: { readonly name: string; readonly exportedAt: string; readonly map: Readonly<Record<string, string>> | undefined },
  ): Promise<readonly Exported[]>;
  /** What the server was started to carry out by itself. Whether a contract goes by it: ways-of-contract.ts. */
  readonly deliveries: Deliveries;
  /** What a connection of a contract carries out; null where it is not there. Throws ActionRefused where it cannot be used as things are. */
  readonly carries: (db: Queryable, scope: Scope, connectionId: string) => Promise<CarriedOver | null>;
}

/** How plans over a connection change LinkedIn. */
export interface CarriedOver {
  /** Null: it is read, never changed. */
  readonly route: Route | null;
  readonly deliveries: Deliveries;
}

/** Something that cannot be done as things are; nothing was changed. `sentence` says why and what to do. */
export class ActionRefused extends Error {
  override readonly name = 'ActionRefused';
  readonly sentence: string;
  readonly kind: 'not-found' | 'not-now' | 'not-possible';

  constructor(kind: ActionRefused['kind'], sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.kind = kind;
    this.sentence = sentence;
  }
}

/** The job of one plan: ids only. */
export type PlanJob = { workspaceId: string; contractId: string; planId: string };

export const planJob = ({ workspaceId, contractId }: Scope, planId: string): PlanJob => ({ workspaceId, contractId, planId });

import type pg from 'pg';
import type { Exported } from '../core/read-export.ts';
import { addressOfContract } from '../store/contract.ts';
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
  /** What the server carries out by itself for the workspace's first contract; without one people carry the files. */
  readonly deliveries: Deliveries;
}

/** What the server carries out by itself in a contract: its deliveries are the first one's, every other contract's files are carried by people. */
export const deliveriesOf = async ({ deliveries }: PlanDesk, db: Queryable, scope: Scope): Promise<Deliveries> =>
  (await addressOfContract(db, scope)) === '' ? deliveries : {};

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

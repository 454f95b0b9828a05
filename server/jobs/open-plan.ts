import type pg from 'pg';
import type { RematchEvent } from '../core/rematch.ts';
import type { Scope } from '../store/database.ts';
import type { PlanChange, StoredPlan } from '../store/plan.ts';
import type { StoredRematch } from '../store/rematch.ts';
import type { MoveContext } from './move-rematches.ts';

/** A plan that is being changed: the contract's lock is held until the transaction ends. */
export interface OpenPlan {
  readonly client: pg.PoolClient;
  readonly scope: Scope;
  readonly context: MoveContext;
  plan: StoredPlan;
  people: readonly StoredRematch[];
  /** Stores a change of the plan itself. */
  save(change: PlanChange): Promise<void>;
  /** Lets events happen to people of the plan. */
  move(eventsOf: (rematch: StoredRematch) => readonly RematchEvent[]): Promise<void>;
}

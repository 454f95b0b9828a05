import { expect } from 'vitest';
import type { Plan } from '../../../server/core/plan.ts';
import type { FileProgress, PlanProgress } from '../../../server/core/plan-progress.ts';
import type { Rematch } from '../../../server/core/rematch.ts';
import type { PlanMode, QuestionAnswer, Route } from '../../../server/core/status.ts';

/** A plan as whoever carries it out sees it. */
export interface PlanView {
  readonly plan: Plan;
  readonly progress: PlanProgress;
  readonly state: 'draft' | 'running' | 'done' | 'cancelled' | 'expired';
  readonly isPaused: boolean;
  readonly people: readonly Rematch[];
}

export interface Wish {
  readonly mode: PlanMode;
  readonly route: Route;
  /** Empty: everybody whom a repair is possible for. */
  readonly licenseIds: readonly string[];
}

/** An export as a person brings it. */
export interface BroughtExport {
  readonly csv: string;
  /** ISO 8601. */
  readonly asOf: string;
  /** How many users Admin Center shows; null: nobody said. */
  readonly shown: number | null;
  /** A part of the list, of which somebody said that it is all. */
  readonly isPart?: boolean;
}

/**
 * What people do with a repair. Whatever is refused answers with its sentence and changes nothing; null: it was done. The core in memory and
 * the jobs on the database are two of these.
 */
export interface Desk {
  /** Compares everybody with the CRM, plans, and approves the plan as it is. */
  plan(wish: Wish, read: BroughtExport, crm: string): Promise<string | null>;
  /** The newest plan; null before the first. */
  view(): Promise<PlanView | null>;
  next(): Promise<string | null>;
  giveBack(): Promise<string | null>;
  /** The bytes of the file that is out; null where none is. */
  download(): Promise<{ readonly file: FileProgress; readonly text: string } | null>;
  say(said: 'uploaded' | 'discarded'): Promise<string | null>;
  bringResult(bytes: Uint8Array): Promise<string | null>;
  bringExport(read: BroughtExport): Promise<string | null>;
  /** The server's own step for whatever goes over SCIM. @param isKilled it dies once all is written and before anything is recorded */
  carryOut(isKilled: boolean): Promise<void>;
  startSitting(): Promise<string | null>;
  steerPlan(action: 'pause' | 'resume' | 'cancel'): Promise<string | null>;
  steerPerson(licenseId: string, action: 'pause' | 'resume' | 'cancel'): Promise<string | null>;
  /** Somebody types in what Admin Center shows of this month's assignments. */
  tellAssignments(used: number): Promise<void>;
  /** By the person, or by an admin for them with a reason. */
  answer(licenseId: string, answer: QuestionAnswer): Promise<string | null>;
  /** Something may be due. */
  tick(): Promise<void>;
}

/**
 * The same desk where everything is done twice, as after a crash or by an impatient hand: the second time changes nothing.
 */
export function eachTwice(desk: Desk): Desk {
  const twice =
    <Given extends readonly unknown[], Answer>(what: string, act: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      const answer = await act(...given);
      const once = await desk.view();
      await act(...given);
      expect(await desk.view(), `${what} done twice says the same as once`).toEqual(once);
      return answer;
    };
  return {
    view: () => desk.view(),
    plan: twice('plan', desk.plan),
    next: twice('next', desk.next),
    giveBack: twice('giveBack', desk.giveBack),
    download: twice('download', desk.download),
    say: twice('say', desk.say),
    bringResult: twice('bringResult', desk.bringResult),
    bringExport: twice('bringExport', desk.bringExport),
    // What it does next is another thing.
    carryOut: (isKilled) => desk.carryOut(isKilled),
    startSitting: twice('startSitting', desk.startSitting),
    steerPlan: twice('steerPlan', desk.steerPlan),
    steerPerson: twice('steerPerson', desk.steerPerson),
    tellAssignments: twice('tellAssignments', desk.tellAssignments),
    answer: twice('answer', desk.answer),
    tick: twice('tick', desk.tick),
  };
}

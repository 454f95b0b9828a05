import type { AccountField, UserField } from '../../connectors/connector.ts';
import { learnColleagues } from './colleagues.ts';
import { companyDomains } from './company-domains.ts';
import { type Comparison, createComparison, createMatches, type Matches } from './correlate.ts';
import type { AccountIndex, UserIndex } from './index-people.ts';
import { createJudge, createVerdicts, type Judge, type Verdicts } from './judge.ts';
import { looseRoom, type Room } from './kernels/room.ts';
import type { People } from './people.ts';
import type { ReconcileSettings } from './settings.ts';
import type { Suggestions } from './suggestions.ts';

/** Both sides, each with the indexes made where it was read. */
export interface Sides {
  readonly users: People<UserField>;
  readonly accounts: People<AccountField>;
  readonly userIndex: UserIndex;
  readonly accountIndex: AccountIndex;
}

/**
 * One comparison as steps over ranges, so that two threads can share it. Each step is pure in what it reads; a range writes only
 * its own rows. Between two steps all ranges of the first must be done. One thread runs them with `reconcile`.
 */
export interface Stage {
  readonly sides: Sides;
  readonly settings: ReconcileSettings;
  readonly comparison: Comparison;
  readonly verdicts: Verdicts;
}

/** What a second thread needs of the first to take part; all shared or small. */
export interface SharedStage {
  readonly matches: Matches;
  readonly verdicts: Verdicts;
}

export function createStage(sides: Sides, settings: ReconcileSettings, room: Room = looseRoom, shared?: SharedStage): Stage {
  const matches = shared?.matches ?? createMatches(sides.accounts.count, room);
  const verdicts = shared?.verdicts ?? createVerdicts(sides.accounts.count, room);
  return { sides, settings, verdicts, comparison: createComparison({ ...sides, settings, matches }, room) };
}

/** This thread's judge. All threads must be given the same company domains. */
export function stageJudge(stage: Stage, suggestions: Suggestions, own: ReadonlySet<string>): Judge {
  return createJudge(stage.comparison, suggestions, stage.verdicts, own, learnColleagues(stage.comparison));
}

export const stageDomains = (stage: Stage): ReadonlySet<string> =>
  companyDomains(stage.settings.companyDomains, stage.sides.users, stage.sides.userIndex, stage.comparison.groups);

/**
 * The second thread of a comparison: reads the CRM's file while the first reads LinkedIn's, then takes a share of every step.
 * Loaded by compare-thread.mjs.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { UserField } from '../../connectors/connector.ts';
import { FileRefused } from '../../connectors/errors.ts';
import type { RootCause, Summary } from '../core/finding.ts';
import type { FindingContext } from '../core/finding-of.ts';
import type { ReportRows } from '../core/findings-csv.ts';
import type { UserIndex } from '../core/index-people.ts';
import { roomIn } from '../core/kernels/room.ts';
import type { ReconcileSettings } from '../core/settings.ts';
import { createStage, type SharedStage, type Sides, stageJudge } from '../core/stage.ts';
import type { Blocks } from '../core/suggestion-blocks.ts';
import { createSuggester, type Suggestions } from '../core/suggestions.ts';
import { seekTakenNamesakes } from '../core/taken-namesakes.ts';
import { type ReadSide, readUsers, type SideFile } from './read-sides.ts';
import { letGo, type ReportTurns, runRanges, type SharedStep, type ThreadState, writeReport } from './run-ranges.ts';

/** The memory of the comparison, and what works on it; null where there is none. */
export interface ThreadStart {
  readonly memory: WebAssembly.Memory | null;
  readonly module: WebAssembly.Module | null;
}

export type ToThread =
  | { readonly kind: 'read'; readonly file: SideFile; readonly crm: string | undefined }
  | { readonly kind: 'stage'; readonly sides: Sides; readonly settings: ReconcileSettings; readonly shared: SharedStage }
  | { readonly kind: 'suggestions'; readonly suggestions: Suggestions }
  | { readonly kind: 'blocks'; readonly blocks: Blocks }
  | { readonly kind: 'domains'; readonly own: ReadonlySet<string>; readonly claims: Uint16Array }
  | { readonly kind: 'given'; readonly given: Int32Array }
  | { readonly kind: 'run'; readonly step: SharedStep; readonly taken: Int32Array }
  | {
      readonly kind: 'report';
      readonly rootCauses: readonly RootCause[];
      readonly summary: Summary;
      readonly possible: Int32Array;
      readonly claims: Uint16Array;
      readonly rows: ReportRows;
      readonly file: number;
      readonly seekable: boolean;
      readonly turns: ReportTurns;
    };

export type FromThread =
  | { readonly kind: 'read'; readonly side: ReadSide<UserField, UserIndex> }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: string; readonly sentence: string; readonly file: string }
  | { readonly kind: 'failed'; readonly error: unknown };

const state: ThreadState = { thread: 1, stage: null, suggester: null, blocks: [], given: null, judge: null, namesakes: null };
const { memory, module } = workerData as ThreadStart;
const room = roomIn(memory, module ?? undefined);
const port = parentPort!;
const say = (message: FromThread): void => port.postMessage(message);

async function take(message: ToThread): Promise<void> {
  switch (message.kind) {
    case 'read':
      say({ kind: 'read', side: await readUsers(message.file, message.crm, room) });
      return;
    case 'stage':
      state.stage = createStage(message.sides, message.settings, room, message.shared);
      return;
    case 'suggestions':
      state.suggester = createSuggester(state.stage!.comparison, message.suggestions);
      return;
    case 'blocks':
      state.blocks = message.blocks;
      return;
    case 'domains':
      state.judge = stageJudge(state.stage!, state.suggester!.suggestions, message.own);
      state.namesakes = seekTakenNamesakes(state.suggester!, message.claims, message.own);
      return;
    case 'given':
      state.given = message.given;
      return;
    case 'run':
      if (message.step === 'judge') letGo(state);
      runRanges(state, message.step, message.taken);
      say({ kind: 'done' });
      return;
    case 'report': {
      const { rootCauses, summary, possible, claims } = message;
      const context: FindingContext = {
        stage: state.stage!,
        judge: state.judge!,
        suggester: state.suggester!,
        rootCauses,
        summary,
        possible,
        claims,
      };
      writeReport(context, message.rows, message.file, message.seekable, message.turns);
      say({ kind: 'done' });
      return;
    }
    default:
      message satisfies never;
  }
}

let last: Promise<void> = Promise.resolve();
port.on('message', (message: ToThread) => {
  last = last
    .then(() => take(message))
    .catch((error: unknown) => {
      if (error instanceof FileRefused) say({ kind: 'refused', code: error.code, sentence: error.sentence, file: error.file });
      else say({ kind: 'failed', error });
    });
});

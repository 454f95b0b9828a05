import { writeSync } from 'node:fs';
import { correlate } from '../core/correlate.ts';
import type { FindingContext } from '../core/finding-of.ts';
import { createCsvWriter, longestLine, mostLines, type ReportRows, writeLines } from '../core/findings-csv.ts';
import { type Judge, judge } from '../core/judge.ts';
import { rankSuggestions } from '../core/rank-suggestions.ts';
import type { Stage } from '../core/stage.ts';
import { suggest } from '../core/suggest.ts';
import { type Blocks, keyFreeUsers } from '../core/suggestion-blocks.ts';
import { forgetNames, type Suggester } from '../core/suggestions.ts';

/** The steps that threads share; between two of them everybody waits for everybody. */
export type SharedStep = 'correlate' | 'key' | 'suggest' | 'namesakes' | 'rank' | 'judge';

/** One thread's view of the comparison as far as it has come. */
export interface ThreadState {
  readonly thread: number;
  stage: Stage | null;
  suggester: Suggester | null;
  blocks: Blocks;
  given: Int32Array | null;
  judge: Judge | null;
  namesakes: ((from: number, to: number) => void) | null;
}

/** Lets go of what only the search for suggestions needs: a sixth of the memory of a large comparison. */
export function letGo(state: ThreadState): void {
  if (state.suggester !== null) forgetNames(state.suggester);
  state.namesakes = null;
  state.blocks = [];
}

/** Rows a thread takes at a time: small enough that two threads end together, large enough that taking costs nothing. */
const chunk = { correlate: 8192, key: 2048, suggest: 1024, namesakes: 16384, rank: 2048, judge: 8192 } as const;

/** Works on ranges of a step until none is left. `taken` is shared: its first cell is the next row that nobody has. */
export function runRanges(state: ThreadState, step: SharedStep, taken: Int32Array): void {
  const stage = state.stage!;
  const rows =
    step === 'key'
      ? state.suggester!.suggestions.free.length
      : step === 'suggest' || step === 'rank'
        ? state.suggester!.suggestions.open.length
        : step === 'namesakes'
          ? stage.sides.users.count
          : stage.sides.accounts.count;
  for (;;) {
    const from = Atomics.add(taken, 0, chunk[step]);
    if (from >= rows) return;
    const to = Math.min(rows, from + chunk[step]);
    switch (step) {
      case 'correlate':
        correlate(stage.comparison, from, to);
        break;
      case 'key':
        keyFreeUsers(state.suggester!, from, to);
        break;
      case 'suggest':
        suggest(state.suggester!, state.blocks, from, to, state.thread);
        break;
      case 'namesakes':
        state.namesakes!(from, to);
        break;
      case 'rank':
        rankSuggestions(state.suggester!, state.blocks, state.given!, from, to);
        break;
      case 'judge':
        judge(state.judge!, from, to);
        break;
      default:
        step satisfies never;
    }
  }
}

/** What the writers of one report share: cell 0 the next chunk nobody has, 1 whose turn it is, 2 not 0 once a writer failed. */
export interface ReportTurns {
  readonly turns: Int32Array;
  /** Where the next chunk begins in the file. */
  readonly offset: Float64Array;
}
export const reportTurns = (start: number): ReportTurns => ({
  turns: new Int32Array(new SharedArrayBuffer(16)),
  offset: new Float64Array(new SharedArrayBuffer(8)).fill(start),
});

/**
 * Writes report lines until none is left, together with the other threads, in order.
 * @param seekable a file is written by place, so that two threads write at once; a pipe in turn
 */
export function writeReport(
  context: FindingContext,
  rows: ReportRows,
  file: number,
  seekable: boolean,
  shared: ReportTurns,
  onRows?: (rows: number) => void,
): void {
  const writer = createCsvWriter(context);
  const { turns, offset } = shared;
  const total = rows.holders.length + rows.unlicensed.length;
  const own = context.stage.comparison.room.u8(mostLines * 512 + longestLine);
  try {
    for (;;) {
      const mine = Atomics.add(turns, 0, 1);
      const from = mine * mostLines;
      if (from >= total) return;
      const to = Math.min(total, from + mostLines);
      const { out, length: p } = writeLines(writer, rows, from, to, own);
      for (let now = Atomics.load(turns, 1); now !== mine; now = Atomics.load(turns, 1)) {
        if (Atomics.load(turns, 2) !== 0) return;
        Atomics.wait(turns, 1, now, 1000);
      }
      const at = offset[0]!;
      offset[0] = at + p;
      if (!seekable) writeAll(file, out, p, null);
      Atomics.store(turns, 1, mine + 1);
      Atomics.notify(turns, 1);
      if (seekable) writeAll(file, out, p, at);
      onRows?.(to);
    }
  } catch (error) {
    Atomics.store(turns, 2, 1);
    Atomics.notify(turns, 1);
    throw error;
  }
}

/** Writes all of it, to a slow pipe too. @param position null writes where the file stands */
export function writeAll(file: number, bytes: Uint8Array, length: number, position: number | null): void {
  for (let done = 0; done < length; ) {
    try {
      done += writeSync(file, bytes, done, length - done, position === null ? null : position + done);
    } catch (error) {
      // A pipe whose reader is slower says EAGAIN; it takes more in a moment.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

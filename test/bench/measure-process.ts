import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';

export interface Measured {
  /** Wall time of the whole process, start-up included. */
  readonly seconds: number;
  readonly peakBytes: number;
  /** User and system time of all its threads: steadier than wall time where others use the machine. */
  readonly cpuSeconds: number;
  readonly errorText: string;
}

const preload = join(import.meta.dirname, 'report-usage.cjs');

/** Runs a Node program to its end. Throws with its error stream when it fails: a run that did not work has no time. */
export async function measureProcess(program: string, args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--require', preload, program, ...args], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(performance.now()) : reject(new Error(`${program} ended with code ${code}`))));
  });
  const [errorText, usage, at] = await Promise.all([
    textOf(child.stderr),
    textOf(child.stdio[3] as Readable),
    ended.then(
      (at) => at,
      (error: unknown) => error,
    ),
  ]);
  if (typeof at !== 'number') throw new Error(`The measured program failed:\n${errorText.slice(-4000)}`, { cause: at });
  return { seconds: (at - started) / 1000, ...(JSON.parse(usage) as { peakBytes: number; cpuSeconds: number }), errorText };
}

async function textOf(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const piece of stream?.setEncoding('utf8') ?? []) text += piece;
  return text;
}

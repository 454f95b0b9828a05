import { bytesSource } from './byte-kernels.ts';
import { compileKernels } from './compile-kernels.ts';
import { type HintKernels, hintsSource } from './hint-kernels.ts';
import { type IndexKernels, indexSource } from './index-kernels.ts';
import { type LineKernels, linesSource } from './line-kernels.ts';
import { type NameKernels, namesSource } from './name-kernels.ts';
import { type OwnerKernels, ownersSource } from './owner-kernels.ts';
import { type PeopleKernels, peopleSource } from './people-kernels.ts';
import { type RowKernels, rowsSource } from './row-kernels.ts';

/*
 * The loops of a comparison that touch every row, over columns that lie in one memory (room.ts). They hold no rule of their own: each
 * only recognises rows with which nothing can be the matter, does for them what the TypeScript beside it would do, and stops at any
 * other row, which that TypeScript then takes. Tests hold both equal.
 *
 * Numbers are addresses in bytes unless a comment says otherwise. `state` is a few numbers that a call leaves behind.
 */

const sources = [bytesSource, hintsSource, indexSource, linesSource, namesSource, ownersSource, peopleSource, rowsSource];

/** The functions that TypeScript calls. */
export type Kernels = HintKernels & IndexKernels & LineKernels & NameKernels & OwnerKernels & PeopleKernels & RowKernels;

let compiled: WebAssembly.Module | null = null;

/** The compiled functions: another thread may be given them, which saves it compiling. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(compileKernels(sources.join('\n')));
  return compiled;
}

/** The functions over one memory, of `createMemory`. */
export const kernelsOver = (memory: WebAssembly.Memory, module = kernelModule()): Kernels =>
  new WebAssembly.Instance(module, { room: { memory } }).exports as unknown as Kernels;

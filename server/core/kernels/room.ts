import { type Kernels, kernelsOver } from './kernels.ts';

/**
 * Where the columns of a comparison lie: one shared memory that both threads and the kernels work on, or buffers of their own where
 * there is none (other sources than files, lists too large for it, a machine that gives no such memory). Whoever takes room gets zeros.
 */
export interface Room {
  readonly memory: WebAssembly.Memory | null;
  /** Over that memory. */
  readonly kernels: Kernels | null;
  u8(length: number): Uint8Array;
  u16(length: number): Uint16Array;
  u32(length: number): Uint32Array;
  i32(length: number): Int32Array;
  f32(length: number): Float32Array;
  /** Whether all that was taken so far, by whatever thread, lies in the memory. */
  isWhole(): boolean;
}

const buffer = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(Math.max(8, bytes));

/** Each column on a shared buffer of its own. */
export const looseRoom: Room = {
  memory: null,
  kernels: null,
  isWhole: () => false,
  u8: (length) => new Uint8Array(buffer(length), 0, length),
  u16: (length) => new Uint16Array(buffer(length * 2), 0, length),
  u32: (length) => new Uint32Array(buffer(length * 4), 0, length),
  i32: (length) => new Int32Array(buffer(length * 4), 0, length),
  f32: (length) => new Float32Array(buffer(length * 4), 0, length),
};

const pageBytes = 65_536;
const mostPages = 65_536;
/** Columns begin at a line of the cache. The first line holds how many lines are taken, and 1 once somebody found no room. */
const line = 64;
/** Kernels read 16 bytes at a time, and so past the end of what they look at. */
const slack = 16;

/** For tables that are as large whatever the lists are. */
const tables = 2 ** 22;

/** Memory for `bytes` of columns, or null where there is none. It is taken from the machine only as it is written. */
export function createMemory(bytes: number): WebAssembly.Memory | null {
  const pages = Math.min(mostPages, Math.ceil((bytes + tables) / pageBytes));
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    new Uint32Array(memory.buffer)[0] = 1;
    return memory;
  } catch {
    return null;
  }
}

/** This thread's way to a memory that others may share. What finds no room any more gets a buffer of its own. */
export function roomIn(memory: WebAssembly.Memory | null, module?: WebAssembly.Module): Room {
  if (memory === null) return looseRoom;
  const { buffer } = memory;
  const taken = new Uint32Array(buffer, 0, 2);
  const lines = buffer.byteLength / line;
  /** Where `bytes` begin, or -1. */
  const take = (bytes: number): number => {
    const wanted = Math.ceil((bytes + slack) / line);
    for (let at = Atomics.load(taken, 0); at + wanted <= lines; ) {
      const there = Atomics.compareExchange(taken, 0, at, at + wanted);
      if (there === at) return at * line;
      at = there;
    }
    Atomics.store(taken, 1, 1);
    return -1;
  };
  const taking =
    <Column>(size: number, make: (at: number, length: number) => Column, loose: (length: number) => Column) =>
    (length: number): Column => {
      const at = take(length * size);
      return at < 0 ? loose(length) : make(at, length);
    };
  return {
    memory,
    kernels: kernelsOver(memory, module),
    isWhole: () => Atomics.load(taken, 1) === 0,
    u8: taking<Uint8Array>(1, (at, length) => new Uint8Array(buffer, at, length), looseRoom.u8),
    u16: taking<Uint16Array>(2, (at, length) => new Uint16Array(buffer, at, length), looseRoom.u16),
    u32: taking<Uint32Array>(4, (at, length) => new Uint32Array(buffer, at, length), looseRoom.u32),
    i32: taking<Int32Array>(4, (at, length) => new Int32Array(buffer, at, length), looseRoom.i32),
    f32: taking<Float32Array>(4, (at, length) => new Float32Array(buffer, at, length), looseRoom.f32),
  };
}

/** The kernels, where all these columns of this thread lie in the memory that they work on. */
export const kernelsFor = ({ memory, kernels }: Room, ...columns: readonly ArrayBufferView[]): Kernels | null =>
  memory !== null && columns.every((column) => column.buffer === memory.buffer) ? kernels : null;

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hash, hashLower } from '../../../server/core/hash-bytes.ts';
import { compileKernels } from '../../../server/core/kernels/compile-kernels.ts';
import { kernelModule } from '../../../server/core/kernels/kernels.ts';
import { createMemory, looseRoom, roomIn } from '../../../server/core/kernels/room.ts';

type Run = Readonly<Record<string, (...numbers: number[]) => number>>;

function running(source: string): { run: Run; bytes: Uint8Array } {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const run = new WebAssembly.Instance(new WebAssembly.Module(compileKernels(source)), { room: { memory } }).exports;
  return { run: run as unknown as Run, bytes: new Uint8Array(memory.buffer) };
}

test('operators bind as in JavaScript, and all numbers are unsigned', () => {
  const { run } = running(`
    fn both(a: i32, b: i32): i32 { return a + b * 2 - 1 == 4 && !(a > b) || b == 0xffffffff; }
    fn less(a: i32, b: i32): i32 { return a < b; }
    fn shifted(a: i32): i32 { return a >> 31; }
    fn halves(a: i32, b: i32): i32 { return low((wide(a) << 32n | wide(b)) / 3n % 7n); }
  `);
  fc.assert(
    fc.property(fc.nat(9), fc.oneof(fc.nat(9), fc.constant(0xffffffff)), (a, b) => {
      expect(run.both!(a, b)).toBe((a + b * 2 - 1 === 4 && !(a > b)) || b === 0xffffffff ? 1 : 0);
      expect(run.less!(a, b)).toBe(a < b ? 1 : 0);
      expect(run.halves!(a, b)).toBe(Number((((BigInt(a) << 32n) | BigInt(b)) / 3n) % 7n));
    }),
  );
  expect(run.shifted!(-1)).toBe(1);
});

test('the second of && and || is looked at only where the first does not decide', () => {
  const { run, bytes } = running(`
    fn mark(p: i32, value: i32): i32 { u8[p] = 1; return value; }
    fn and(a: i32): i32 { return a && mark(10, 1); }
    fn or(a: i32): i32 { return a || mark(11, 0); }
  `);
  expect([run.and!(0), run.or!(1), bytes[10], bytes[11]]).toEqual([0, 1, 0, 0]);
  expect([run.and!(1), run.or!(0), bytes[10], bytes[11]]).toEqual([1, 0, 1, 1]);
});

test('loops can be left and gone on with from within conditions', () => {
  const { run } = running(`
    fn odd(to: i32): i32 {
      let sum = 0;
      let k = 0;
      while (1) {
        k += 1;
        if (k > to) { break; }
        if (k % 2 == 0) { if (k > 0) { continue; } }
        let inner = 0;
        while (inner < 1) { sum += k; inner += 1; }
      }
      return sum;
    }
  `);
  expect(run.odd!(9)).toBe(25);
});

test('16 bytes are read, compared and written at once', () => {
  const { run, bytes } = running(`
    fn find(p: i32, byte: i32): i32 { return trailingZeros(bits(same(v128[p], every(byte)))); }
    fn move(to: i32, from: i32) { v128[to] = v128[from]; }
  `);
  bytes.set([7, 8, 9], 100);
  run.move!(200, 100);
  expect(run.find!(200, 9)).toBe(2);
});

test('what cannot be meant is refused with the place where it stands', () => {
  expect(() => compileKernels('fn f(): i32 { return wide(1); }')).toThrow(/i32 is wanted, and this is i64 at .*wide/);
  expect(() => compileKernels('fn f() { g(); }')).toThrow('There is no function g');
  expect(() => compileKernels('fn f() { if (1) { let a = 1; } a = 2; }')).toThrow('There is no a');
  expect(() => compileKernels('fn f() { let a = 1; let a = 2; }')).toThrow('a cannot be made');
  expect(() => compileKernels('fn f() { ')).toThrow('The source ends too early');
});

test('bytes have the same hash in a kernel', () => {
  const memory = createMemory(1000)!;
  const bytes = new Uint8Array(memory.buffer, 1000, 300);
  const run = new WebAssembly.Instance(kernelModule(), { room: { memory } }).exports as unknown as {
    hashLower(from: number, to: number): bigint;
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      bytes.set(data);
      hashLower(data, 0, data.length);
      expect(BigInt.asUintN(64, run.hashLower(1000, 1000 + data.length))).toBe((BigInt(hash.high) << 32n) | BigInt(hash.low));
    }),
  );
});

test('a room is shared, gives zeros, and gives buffers of their own where it is full', () => {
  const memory = createMemory(0)!;
  const [here, there] = [roomIn(memory), roomIn(memory)];
  const [a, b] = [here.u32(1000), there.u32(1000)];
  expect([a.buffer, b.buffer]).toEqual([memory.buffer, memory.buffer]);
  expect(b.byteOffset).toBeGreaterThanOrEqual(a.byteOffset + a.byteLength + 16);
  expect([here.isWhole(), there.isWhole(), looseRoom.isWhole()]).toEqual([true, true, false]);
  const large = there.u8(memory.buffer.byteLength);
  expect(large.buffer).not.toBe(memory.buffer);
  expect(large.length).toBe(memory.buffer.byteLength);
  expect(large.every((byte) => byte === 0)).toBe(true);
  expect([here.isWhole(), there.isWhole()]).toEqual([false, false]);
});

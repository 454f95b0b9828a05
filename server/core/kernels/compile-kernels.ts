/*
 * A small language for loops over bytes, and its way into WebAssembly. What the engine makes of JavaScript is as good only after it
 * has watched a loop for a while, and knows neither 16 bytes at once nor 64-bit numbers; a comparison of 100,000 people is over by then.
 *
 *     fn count(from: i32, to: i32, byte: i32): i32 {
 *       let n = 0;
 *       while (from < to) { if (u8[from] == byte) { n += 1; } from += 1; }
 *       return n;
 *     }
 *
 * - Types: `i32`, `i64`, `v128` (16 bytes). A number is i32, with an n behind it i64; 'a' is the code of a letter.
 * - Memory: `u8[p] u16[p] u32[p] u64[p] v128[p]`, p in bytes, read and written.
 * - All comparisons and shifts are unsigned; && and || look at the second only where the first does not decide.
 * - Functions named in `builtins` below; all others must be in the same source. Each function is exported.
 */

type Type = 'i32' | 'i64' | 'v128';
type Result = Type | 'none';

const typeCode: Readonly<Record<Type, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };

interface Signature {
  readonly index: number;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly result: Result;
}

/** Opcode by operator: of two i32, of two i64. webassembly.github.io/spec/core/binary/instructions.html */
const operators: Readonly<Record<string, readonly [precedence: number, i32: number, i64: number]>> = {
  '|': [3, 0x72, 0x84],
  '^': [4, 0x73, 0x85],
  '&': [5, 0x71, 0x83],
  '==': [6, 0x46, 0x51],
  '!=': [6, 0x47, 0x52],
  '<': [7, 0x49, 0x54],
  '>': [7, 0x4b, 0x56],
  '<=': [7, 0x4d, 0x58],
  '>=': [7, 0x4f, 0x5a],
  '<<': [8, 0x74, 0x86],
  '>>': [8, 0x76, 0x88],
  '+': [9, 0x6a, 0x7c],
  '-': [9, 0x6b, 0x7d],
  '*': [10, 0x6c, 0x7e],
  '/': [10, 0x6e, 0x80],
  '%': [10, 0x70, 0x82],
};
const precedenceOf = (operator: string): number => (operator === '||' ? 1 : operator === '&&' ? 2 : (operators[operator]?.[0] ?? 0));

const memory: Readonly<Record<string, { readonly type: Type; readonly load: readonly number[]; readonly store: readonly number[] }>> = {
  u8: { type: 'i32', load: [0x2d], store: [0x3a] },
  u16: { type: 'i32', load: [0x2f], store: [0x3b] },
  u32: { type: 'i32', load: [0x28], store: [0x36] },
  u64: { type: 'i64', load: [0x29], store: [0x37] },
  v128: { type: 'v128', load: [0xfd, 0x00], store: [0xfd, 0x0b] },
};

const builtins: Readonly<Record<string, { readonly takes: readonly Type[]; readonly gives: Result; readonly code: readonly number[] }>> = {
  wide: { takes: ['i32'], gives: 'i64', code: [0xad] },
  low: { takes: ['i64'], gives: 'i32', code: [0xa7] },
  trailingZeros: { takes: ['i32'], gives: 'i32', code: [0x68] },
  trailingZeros64: { takes: ['i64'], gives: 'i32', code: [0x7a, 0xa7] },
  /** 16 times the same byte. */
  every: { takes: ['i32'], gives: 'v128', code: [0xfd, 0x0f] },
  /** Bytes that are equal, or not above: 255 in each place where they are, else 0. */
  same: { takes: ['v128', 'v128'], gives: 'v128', code: [0xfd, 0x23] },
  notAbove: { takes: ['v128', 'v128'], gives: 'v128', code: [0xfd, 0x2a] },
  either: { takes: ['v128', 'v128'], gives: 'v128', code: [0xfd, 0x50] },
  both: { takes: ['v128', 'v128'], gives: 'v128', code: [0xfd, 0x4e] },
  minus: { takes: ['v128', 'v128'], gives: 'v128', code: [0xfd, 0x71] },
  /** A bit for each byte whose highest bit is set, the first byte's lowest. */
  bits: { takes: ['v128'], gives: 'i32', code: [0xfd, 0x64] },
  /** copy(to, from, length) */
  copy: { takes: ['i32', 'i32', 'i32'], gives: 'none', code: [0xfc, 0x0a, 0x00, 0x00] },
};

/** @returns the bytes of a module that imports `room.memory`, shared, and exports each function */
export function compileKernels(source: string): Uint8Array<ArrayBuffer> {
  const tokens = source.replaceAll(/\/\/.*/g, '').match(/'.'|0x[0-9a-f]+n?|\d+n?|\w+|&&|\|\||==|!=|<=|>=|<<|>>|[-+^|*&]=|\S/g) ?? [];
  const signatures = readSignatures(tokens);
  const bodies: number[][] = [];
  let at = 0;

  function fail(why: string): never {
    throw new SyntaxError(`${why} at "${tokens.slice(Math.max(0, at - 8), at + 3).join(' ')}"`);
  }
  const next = (): string => tokens[at++] ?? fail('The source ends too early');
  const expect = (token: string): void => {
    if (next() !== token) fail(`"${token}" is missing`);
  };
  const takes = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  };

  let code: number[] = [];
  /** Those that can be named where `at` is, and the types of all, parameters first. */
  let locals = new Map<string, { index: number; type: Type }>();
  let types: Type[] = [];
  let result: Result = 'none';
  /** How many WebAssembly blocks are open, and at which depth the innermost loop began. */
  let depth = 0;
  let loopAt = 0;

  const mustBe = (type: Result, wanted: Result): void => {
    if (type !== wanted) fail(`${wanted} is wanted, and this is ${type}`);
  };

  function literal(token: string): Type {
    const isWide = token.endsWith('n') && token.charAt(0) !== "'";
    const value = token.charAt(0) === "'" ? BigInt(token.charCodeAt(1)) : BigInt(isWide ? token.slice(0, -1) : token);
    code.push(isWide ? 0x42 : 0x41);
    signed(code, BigInt.asIntN(isWide ? 64 : 32, value));
    return isWide ? 'i64' : 'i32';
  }

  function args(name: string, wanted: readonly Type[]): void {
    expect('(');
    wanted.forEach((type, k) => {
      if (k > 0) expect(',');
      mustBe(expression(), type);
    });
    expect(')');
    if (name === '') fail('A call needs a name');
  }

  function called(name: string): Result {
    const builtin = builtins[name];
    if (builtin !== undefined) {
      args(name, builtin.takes);
      code.push(...builtin.code);
      return builtin.gives;
    }
    const own = signatures.get(name) ?? fail(`There is no function ${name}`);
    args(
      name,
      own.params.map((param) => param.type),
    );
    code.push(0x10);
    unsigned(code, own.index);
    return own.result;
  }

  function primary(): Result {
    const token = next();
    if (token === '(') {
      const type = expression();
      expect(')');
      return type;
    }
    if (token === '!') {
      mustBe(primary(), 'i32');
      code.push(0x45);
      return 'i32';
    }
    if (/^['\d]/.test(token)) return literal(token);
    const place = memory[token];
    if (place !== undefined && tokens[at] === '[') {
      address();
      code.push(...place.load, 0, 0);
      return place.type;
    }
    if (tokens[at] === '(') return called(token);
    const local = locals.get(token) ?? fail(`There is no ${token}`);
    code.push(0x20);
    unsigned(code, local.index);
    return local.type;
  }

  function address(): void {
    expect('[');
    mustBe(expression(), 'i32');
    expect(']');
  }

  function expression(least = 1): Result {
    let type = primary();
    for (let operator = tokens[at] ?? ''; precedenceOf(operator) >= least; operator = tokens[at] ?? '') {
      at++;
      const above = precedenceOf(operator) + 1;
      if (operator === '&&' || operator === '||') {
        mustBe(type, 'i32');
        // An if with a result: (second, 0) or (1, second).
        code.push(0x04, 0x7f);
        if (operator === '||') code.push(0x41, 1, 0x05);
        mustBe(expression(above), 'i32');
        if (operator === '&&') code.push(0x05, 0x41, 0);
        code.push(0x0b);
        continue;
      }
      mustBe(expression(above), type);
      code.push(operators[operator]![type === 'i64' ? 2 : 1]);
      if (precedenceOf(operator) === 6 || precedenceOf(operator) === 7) type = 'i32';
      else if (type === 'v128' || type === 'none') fail('No number');
    }
    return type;
  }

  function condition(): void {
    expect('(');
    mustBe(expression(), 'i32');
    expect(')');
  }

  function block(): void {
    expect('{');
    const outside = new Map(locals);
    while (!takes('}')) statement();
    locals = outside;
  }

  function statement(): void {
    const token = next();
    switch (token) {
      case 'let': {
        const name = next();
        expect('=');
        const type = expression();
        if (type === 'none' || locals.has(name)) fail(`${name} cannot be made`);
        locals.set(name, { index: types.length, type });
        code.push(0x21);
        unsigned(code, types.length);
        types.push(type);
        expect(';');
        return;
      }
      case 'if':
        condition();
        code.push(0x04, 0x40);
        depth++;
        block();
        if (takes('else')) {
          code.push(0x05);
          if (tokens[at] === 'if') statement();
          else block();
        }
        depth--;
        code.push(0x0b);
        return;
      case 'while': {
        const outer = loopAt;
        code.push(0x02, 0x40, 0x03, 0x40);
        depth += 2;
        loopAt = depth;
        condition();
        code.push(0x45, 0x0d, 1);
        block();
        code.push(0x0c, 0, 0x0b, 0x0b);
        depth -= 2;
        loopAt = outer;
        return;
      }
      case 'break':
      case 'continue':
        code.push(0x0c);
        unsigned(code, depth - loopAt + (token === 'break' ? 1 : 0));
        expect(';');
        return;
      case 'return':
        if (!takes(';')) {
          mustBe(expression(), result);
          expect(';');
        }
        code.push(0x0f);
        return;
      default:
        assignment(token);
        expect(';');
    }
  }

  function assignment(token: string): void {
    const place = memory[token];
    if (place !== undefined && tokens[at] === '[') {
      address();
      expect('=');
      mustBe(expression(), place.type);
      code.push(...place.store, 0, 0);
      return;
    }
    if (tokens[at] === '(') {
      if (called(token) !== 'none') code.push(0x1a);
      return;
    }
    const local = locals.get(token) ?? fail(`There is no ${token}`);
    const operator = next();
    if (operator !== '=') {
      code.push(0x20);
      unsigned(code, local.index);
    }
    mustBe(expression(), local.type);
    if (operator !== '=') code.push(operators[operator.slice(0, -1)]![local.type === 'i64' ? 2 : 1]);
    code.push(0x21);
    unsigned(code, local.index);
  }

  while (at < tokens.length) {
    expect('fn');
    const { params, result: gives } = signatures.get(next())!;
    while (next() !== ')');
    if (takes(':')) at++;
    code = [];
    locals = new Map(params.map(({ name, type }, index) => [name, { index, type }]));
    types = params.map(({ type }) => type);
    result = gives;
    block();
    // A function with a result ends with its return; what would come behind is never reached.
    code.push(...(result === 'none' ? [] : [0x00]), 0x0b);
    const own = types.slice(params.length);
    const body: number[] = [];
    unsigned(body, own.length);
    for (const type of own) body.push(1, typeCode[type]);
    for (const byte of code) body.push(byte);
    bodies.push(body);
  }
  return assemble(signatures, bodies);
}

function readSignatures(tokens: readonly string[]): Map<string, Signature> {
  const signatures = new Map<string, Signature>();
  tokens.forEach((token, k) => {
    if (token !== 'fn') return;
    const params: { name: string; type: Type }[] = [];
    let at = k + 3;
    for (; tokens[at] !== ')'; at += tokens[at + 3] === ',' ? 4 : 3) params.push({ name: tokens[at]!, type: tokens[at + 2] as Type });
    signatures.set(tokens[k + 1]!, {
      index: signatures.size,
      params,
      result: tokens[at + 1] === ':' ? (tokens[at + 2] as Type) : 'none',
    });
  });
  return signatures;
}

/** webassembly.github.io/spec/core/binary/modules.html */
function assemble(signatures: ReadonlyMap<string, Signature>, bodies: readonly number[][]): Uint8Array<ArrayBuffer> {
  const all = [...signatures];
  const module: number[] = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const section = (id: number, items: readonly number[][]): void => {
    const content: number[] = [];
    unsigned(content, items.length);
    for (const item of items) for (const byte of item) content.push(byte);
    module.push(id);
    unsigned(module, content.length);
    for (const byte of content) module.push(byte);
  };
  section(
    1,
    all.map(([, { params, result }]) => [
      0x60,
      params.length,
      ...params.map(({ type }) => typeCode[type]),
      ...(result === 'none' ? [0] : [1, typeCode[result]]),
    ]),
  );
  // Any shared memory of 1 to 65,536 pages.
  section(2, [[...text('room'), ...text('memory'), 2, 3, 1, 0x80, 0x80, 4]]);
  section(
    3,
    all.map((_, index) => [index]),
  );
  section(
    7,
    all.map(([name], index) => [...text(name), 0, index]),
  );
  section(
    10,
    bodies.map((body) => {
      const sized: number[] = [];
      unsigned(sized, body.length);
      for (const byte of body) sized.push(byte);
      return sized;
    }),
  );
  return Uint8Array.from(module);
}

const text = (name: string): number[] => [name.length, ...[...name].map((letter) => letter.charCodeAt(0))];

/** LEB128. */
function unsigned(into: number[], value: number): void {
  for (; value > 127; value >>>= 7) into.push((value & 127) | 128);
  into.push(value);
}
function signed(into: number[], value: bigint): void {
  for (;;) {
    const byte = Number(value & 127n);
    value >>= 7n;
    if ((value === 0n && byte < 64) || (value === -1n && byte >= 64)) {
      into.push(byte);
      return;
    }
    into.push(byte | 128);
  }
}

import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { AdminCenter } from './admin-center.ts';
import { json } from './answer.ts';
import { type Command, commandSchema, type Refusal } from './commands.ts';
import { type Fault, faultSchema, requestKinds } from './faults.ts';
import type { Moments } from './moments.ts';
import { oracleOf } from './oracle.ts';

/** What the control endpoint works on. */
export interface ControlDesk {
  readonly center: AdminCenter;
  readonly faults: Fault[];
  readonly moments: Moments;
  tick(): void;
  act(command: Command): Refusal | null;
  load(state: AdminCenter): void;
  setToken(token: string): void;
}

/** What concerns the server and not the Admin Center behind it. */
const serverCommand = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('fault'), fault: faultSchema }),
  z.strictObject({ do: z.literal('clear-faults') }),
  z.strictObject({
    do: z.literal('hold'),
    at: z.enum(['received', 'applied']),
    request: z.enum(requestKinds),
    times: z.int().min(1).default(1),
  }),
  z.strictObject({ do: z.literal('release') }),
  /** A token that ran out is replaced by this one. */
  z.strictObject({ do: z.literal('token'), token: z.string() }),
  /** A state written down earlier. It is ours, so its shape is trusted. */
  z.strictObject({ do: z.literal('load'), state: z.custom<AdminCenter>((state) => typeof state === 'object' && state !== null) }),
]);

/**
 * POST /control: a command, answered with why it was not done (`refusal`, or null). GET /control/state: to be loaded later.
 * GET /control/oracle: the truth. GET /control/moments?after=NUMBER&patienceMs=MS: the moments after one, waited for.
 */
export async function serveControl(desk: ControlDesk, method: string, url: URL, bytes: Buffer, response: ServerResponse): Promise<void> {
  const number = (name: string): number => Number(url.searchParams.get(name) ?? 0);
  switch (`${method} ${url.pathname}`) {
    case 'GET /control/state':
      return json(response, 200, desk.center);
    case 'GET /control/oracle':
      desk.tick();
      return json(response, 200, oracleOf(desk.center));
    case 'GET /control/moments':
      return json(response, 200, await desk.moments.after(number('after'), number('patienceMs')));
    case 'POST /control':
      return json(response, 200, { refusal: obey(desk, z.union([serverCommand, commandSchema]).parse(JSON.parse(bytes.toString()))) });
    default:
      return json(response, 404, { message: 'Not found' });
  }
}

function obey(desk: ControlDesk, command: z.output<typeof serverCommand> | z.output<typeof commandSchema>): Refusal | null {
  switch (command.do) {
    case 'fault':
      desk.faults.push(command.fault);
      return null;
    case 'clear-faults':
      desk.faults.length = 0;
      return null;
    case 'hold':
      desk.moments.hold(command);
      return null;
    case 'release':
      desk.moments.release();
      return null;
    case 'token':
      desk.setToken(command.token);
      return null;
    case 'load':
      desk.load(command.state);
      return null;
    default:
      return desk.act(command);
  }
}

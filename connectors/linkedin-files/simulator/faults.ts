import { z } from 'zod';

export const requestKinds = ['upload', 'result', 'export', 'licenses'] as const;
export type RequestKind = (typeof requestKinds)[number];

const on = z.enum([...requestKinds, 'any']).default('any');
const times = z.int().min(1).default(1);

/** What the next requests of a kind meet; each counts down and is gone. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Answered with a status and nothing done: 503, 429 with and without Retry-After, 401, 403 … */
  z.strictObject({ kind: z.literal('status'), status: z.int().min(400).max(599), retryAfter: z.string().optional(), on, times }),
  /** No answer, ever: before or after the request was carried out. */
  z.strictObject({ kind: z.literal('hang'), at: z.enum(['received', 'applied']), on, times }),
  /** The connection breaks: before or after the request was carried out. */
  z.strictObject({ kind: z.literal('drop'), at: z.enum(['received', 'applied']), on, times }),
  /** Half of the promised body. */
  z.strictObject({ kind: z.literal('cut-body'), on, times }),
  /** 200 with a web page instead of what was asked for. */
  z.strictObject({ kind: z.literal('web-page'), on, times }),
  z.strictObject({ kind: z.literal('redirect'), to: z.string(), on, times }),
  /** The result is not ready for so many more requests. */
  z.strictObject({ kind: z.literal('not-ready'), on: z.literal('result').default('result'), times }),
  z.strictObject({ kind: z.literal('first-scan'), on: z.literal('upload').default('upload'), times }),
  z.strictObject({ kind: z.literal('critical-stop'), afterBatches: z.int().min(0), on: z.literal('upload').default('upload'), times }),
  z.strictObject({
    kind: z.literal('refuse-rows'),
    emails: z.array(z.string()).default([]),
    percent: z.number().min(0).max(100).default(0),
    on: z.literal('upload').default('upload'),
    times,
  }),
  z.strictObject({ kind: z.literal('stale-read'), admits: z.boolean().default(false), on: z.literal('export').default('export'), times }),
  z.strictObject({ kind: z.literal('lost-rows'), rows: z.int().min(1), on: z.literal('export').default('export'), times }),
]);
export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

/** Takes the first fault that waits for a request of this kind. */
export function takeFault<Kind extends Fault['kind']>(
  faults: Fault[],
  request: RequestKind,
  kinds: readonly Kind[],
  fits: (fault: Extract<Fault, { kind: Kind }>) => boolean = () => true,
): Extract<Fault, { kind: Kind }> | null {
  const isOfKind = (fault: Fault): fault is Extract<Fault, { kind: Kind }> => (kinds as readonly string[]).includes(fault.kind);
  const fault = faults.filter((one) => one.on === 'any' || one.on === request).find((one) => isOfKind(one) && fits(one));
  if (!fault || !isOfKind(fault)) return null;
  fault.times -= 1;
  if (fault.times === 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}

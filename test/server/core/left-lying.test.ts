import { describe, expect, it } from 'vitest';
import { retryFileName } from '../../../connectors/linkedin-files/name-upload-file.ts';
import { reminderDue, stopLeftLying } from '../../../server/core/left-lying.ts';
import type { Plan } from '../../../server/core/plan.ts';
import { openGate, type PlanProgress, releaseNext, type Said, sayOf } from '../../../server/core/plan-progress.ts';
import { emailDiffers } from './example-finding.ts';
import { fullPlan, planOf } from './example-plan.ts';

const by = 'ada@acme.example';
const day = (n: number): string => new Date(Date.parse('2026-11-21T10:00:00.000Z') + n * 86_400_000).toISOString();
const email = planOf([emailDiffers('1', 'a@gone.example', 'a@acme.example')]);

function progressAfter(plan: Plan, ...said: readonly Said[]): PlanProgress {
  const stamp = { at: day(0), by };
  const first = releaseNext(plan, { planId: plan.id, seal: '', files: [], heldBack: [] }, retryFileName, stamp, openGate);
  if (first.kind !== 'file') throw new Error(first.kind);
  return said.reduce<PlanProgress>((progress, what) => {
    const outcome = sayOf(plan, progress, what, stamp);
    return outcome.ok ? outcome.progress : progress;
  }, first.progress);
}

describe('a file that is left lying', () => {
  const due = (n: number, ...said: readonly Said[]) => reminderDue(progressAfter(email, ...said).files[0]!, 'email-change', day(n));

  it('is spoken of after 1, 3 and 7 days to the named person, then to the backup', () => {
    const days = [0.9, 1, 2.9, 3, 6.9, 7, 9.9, 10, 13].map((n) => due(n, 'downloaded'));
    expect(days.map((one) => (one === null ? null : [one.day, one.to]))).toEqual([
      null,
      [1, 'assignee'],
      [1, 'assignee'],
      [3, 'assignee'],
      [3, 'assignee'],
      [7, 'assignee'],
      [7, 'assignee'],
      [10, 'backup'],
      [10, 'backup'],
    ]);
    expect(days[1]!.sentence).toMatch(/^You downloaded email-change-.* yesterday\. Uploaded, not yet, or throw it away\?$/);
  });

  it('asks for the proof once it was uploaded, and for nothing while nobody took it', () => {
    expect(due(3, 'downloaded', 'uploaded')!.sentence).toMatch(/was uploaded 3 days ago and is not proven/);
    expect(due(30)).toBeNull();
    expect(due(30, 'discarded')).toBeNull();
  });

  it('stops after 14 days, and says that nothing was removed', () => {
    const out = progressAfter(email, 'downloaded', 'uploaded');
    expect(stopLeftLying(email, out, { at: day(13.9), by })).toBeNull();
    expect(stopLeftLying(email, out, { at: day(14), by })).toMatchObject({
      file: { state: 'discarded' },
      sentence: expect.stringMatching(/is stopped: nothing was removed\.$/),
    });
  });

  it('never stops between off and on', () => {
    const plan = fullPlan(1);
    const out = progressAfter(plan, 'downloaded');
    expect(stopLeftLying(plan, out, { at: day(99), by })).toBeNull();
    expect(reminderDue(out.files[0]!, 'license-off', day(1))!.sentence).toContain('Give everyone back now.');
  });
});

import { describe, expect, test } from 'vitest';
import { compare, licensed, person, user } from './build.ts';

const users = [user('u', 'jane@acme.example')];
const agrees = [licensed('s', 'jane@acme.example')];
const disagrees = [licensed('s', 'jane@acme.example', { crmSyncStatus: 'Not Matched' })];

describe('since when the emails agree', () => {
  test('is said from the earliest comparison that knows it', () => {
    const found = person(compare(users, agrees, { agreeing: new Map([['s', '2026-11-07T09:00:00.000Z']]) }), 's');
    expect(found.sentence).toBe("The emails agree since 7 November 2026. We have not seen LinkedIn's own status yet.");
  });

  test('is this very list where no earlier comparison knows it', () => {
    const found = person(compare(users, agrees, { agreeing: new Map() }), 's');
    expect(found.sentence).toBe("The emails agree since 20 November 2026. We have not seen LinkedIn's own status yet.");
  });

  test('is not said where no comparison is kept', () => {
    expect(person(compare(users, agrees), 's').sentence).toBe("The emails agree. We have not seen LinkedIn's own status yet.");
  });
});

describe('how long a disagreement may last', () => {
  test("is a day of LinkedIn's CRM job after the export that showed it", () => {
    const found = person(compare(users, disagrees), 's');
    expect(found.sentence).toBe('The emails agree, yet LinkedIn showed Not Matched on 20 November 2026.');
    expect(found.nextStep).toBe('If this lasts after 21 November 2026, plan a full rematch or contact LinkedIn support.');
  });

  test("counts from the day of an admin's answer, and by the hours that are set", () => {
    const observedAnswers = [{ licenseId: 's', verdict: 'not-matched', at: '2026-11-21' }] as const;
    expect(person(compare(users, agrees, { observedAnswers, crmJobHours: 72 }), 's').nextStep).toBe(
      'If this lasts after 24 November 2026, plan a full rematch or contact LinkedIn support.',
    );
  });

  test('is left out where the age of the list is no moment', () => {
    expect(person(compare(users, disagrees, { asOf: 'yesterday' }), 's').nextStep).toBe(
      'If this lasts, plan a full rematch or contact LinkedIn support.',
    );
  });
});

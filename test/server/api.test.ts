import { describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { CompleteListing, CompleteRead } from '../../connectors/connector.ts';
import * as api from '../../server/api.ts';
import type { Explanation, Finding, Summary } from '../../server/core/finding.ts';
import type { ReconcileSettings } from '../../server/core/settings.ts';
import { reasons, statuses } from '../../server/core/status.ts';

/** One object type, as schemas have it. */
type Flat<T> = { [K in keyof T]: T[K] };

describe('the API mirrors core', () => {
  test('a finding, an explanation, a summary and a proof have the same type on both sides', () => {
    expectTypeOf<z.infer<typeof api.finding>>().toEqualTypeOf<Finding>();
    expectTypeOf<z.infer<typeof api.explanation>>().toEqualTypeOf<Explanation>();
    expectTypeOf<z.infer<typeof api.summary>>().toEqualTypeOf<Summary>();
    expectTypeOf<z.infer<typeof api.completeRead>>().toEqualTypeOf<Flat<CompleteRead & Partial<Pick<CompleteListing, 'leftOut'>>>>();
    expectTypeOf<z.infer<typeof api.seatScope>>().toEqualTypeOf<ReconcileSettings['seatScope']>();
  });

  test('the enums are the constants of core', () => {
    expect(api.status.options).toEqual([...statuses]);
    expect(api.reason.options).toEqual([...reasons]);
  });
});

describe('the OpenAPI document', () => {
  const document = api.openApiDocument('0.0.0');

  test('is OpenAPI 3.1 and holds every endpoint of the table once', () => {
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item ?? {}) as { operationId: string }[]);
    expect(operations.map((operation) => operation.operationId).sort()).toEqual(Object.keys(api.endpoints).sort());
  });

  test('has no reference that leads nowhere', () => {
    const text = JSON.stringify(document);
    const names = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/gu)].map((match) => match[1]!));
    expect([...names].filter((name) => !(name in (document.components?.schemas ?? {})))).toEqual([]);
  });

  test('declares every placeholder of a path as a parameter', () => {
    for (const [path, item] of Object.entries(document.paths ?? {})) {
      const placeholders = [...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]!).sort();
      for (const operation of Object.values(item ?? {}) as { parameters?: { in: string; name: string }[] }[]) {
        const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name);
        expect(declared.sort(), path).toEqual(placeholders);
      }
    }
  });
});

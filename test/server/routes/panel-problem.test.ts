import { expect, test } from 'vitest';
import { panelProblem } from '../../../server/routes/panel-problem.ts';

test('the first sentence is the title, and what follows what to do', () => {
  expect(panelProblem(409, 'The plan for acme.example was changed. Look at it again, then approve what you see.')).toEqual({
    type: 'about:blank',
    title: 'The plan for acme.example was changed.',
    status: 409,
    detail: 'Look at it again, then approve what you see.',
    kind: 'refused',
  });
});

test.each([
  [400, 'refused', 400],
  [401, 'not-connected', 401],
  [403, 'no-rights', 403],
  [404, 'not-found', 404],
  [405, 'not-found', 404],
  [409, 'refused', 409],
  [422, 'refused', 422],
  [429, 'unavailable', 503],
  [500, 'unavailable', 503],
  [503, 'unavailable', 503],
])('status %i is %s, with something to do even where the sentence says nothing', (status, kind, sent) => {
  const problem = panelProblem(status, 'It cannot be done.');
  expect(problem).toMatchObject({ kind, status: sent, title: 'It cannot be done.' });
  expect(problem.detail).toMatch(/^[A-Z].*\.$/u);
});

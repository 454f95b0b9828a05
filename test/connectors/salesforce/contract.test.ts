import { startSalesforceSimulator } from '../../../connectors/salesforce/simulator.ts';
import { crmConnectorContract } from '../contract.ts';
import { app, connect, emailOf, orgId, people, stateOf } from './start.ts';

crmConnectorContract({
  name: 'Salesforce',
  pageRequest: 'users',
  emailOf,
  secrets: [app.clientSecret, `${orgId.slice(0, 15)}!access.1`],
  async start(count, options = {}) {
    const simulator = await startSalesforceSimulator({ state: stateOf(people(count)), smallestPage: 1, ...options });
    return { simulator, connect: (given) => connect(simulator, { orgId, ...given }) };
  },
  wrong: {
    repeatedCursor: { kind: 'quirk', quirk: 'repeated-cursor' },
    shortPage: { kind: 'quirk', quirk: 'short-page' },
    shrunkenTotal: { kind: 'quirk', quirk: 'shrunken-total' },
    leftOutOnce: null,
    errorInside: { kind: 'quirk', quirk: 'error-in-200' },
    foreignNextPage: (url) => ({ kind: 'quirk', quirk: `next-page-at ${url}` }),
    tooMany: { kind: 'status', status: 403, body: '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]' },
  },
});

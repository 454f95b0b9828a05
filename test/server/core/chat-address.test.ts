import { expect, test } from 'vitest';
import { notAWebhook } from '../../../server/core/chat-address.ts';

test.each([
  ['slack', 'https://hooks.slack.com/services/T000/B000/XXXX'],
  ['teams', 'https://acme.webhook.office.com/webhookb2/1/IncomingWebhook/2'],
  ['teams', 'https://prod-01.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=x'],
  ['teams', 'https://default1.a.environment.api.powerplatform.com/powerautomate/automations/direct/workflows/1'],
] as const)('%s: %s is a webhook', (kind, url) => {
  expect(notAWebhook(kind, url)).toBeNull();
});

test.each([
  ['slack', 'http://hooks.slack.com/services/T000/B000/XXXX'],
  ['slack', 'https://hooks.slack.com.evil.example/services/T'],
  ['slack', 'https://hooks.slack.com:8443/services/T'],
  ['slack', 'https://user@hooks.slack.com/services/T'],
  ['slack', 'https://169.254.169.254/latest/meta-data'],
  ['teams', 'https://hooks.slack.com/services/T000/B000/XXXX'],
  ['teams', 'https://evilwebhook.office.com/x'],
  ['teams', 'no address'],
] as const)('%s: %s is none', (kind, url) => {
  expect(notAWebhook(kind, url)).toMatch(/^This is no incoming webhook/u);
});

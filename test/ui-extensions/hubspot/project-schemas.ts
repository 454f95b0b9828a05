/**
 * What a project's files may say, by component: JSON Schemas of ours, strict, in the place of HubSpot's, which are fetched from an account.
 * They hold what this app uses and no more, so that a scope or a location that slips in is refused here.
 */

const https = { type: 'string', pattern: '^https://[a-z0-9.-]+$' };
const local = { type: 'string', pattern: '^(https://[a-z0-9.-]+|http://localhost:\\d+)/connections/callback$' };
const entrypoint = { type: 'string', pattern: '^/app/[a-z]+/[A-Za-z]+\\.tsx$' };
const strict = (properties: Record<string, unknown>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: unknown, minItems = 0) => ({ type: 'array', items, minItems, uniqueItems: true });
const none = { type: 'array', maxItems: 0 };

export const projectSchemas = {
  APPLICATION: strict({
    name: { type: 'string', minLength: 1, maxLength: 50 },
    description: { type: 'string', minLength: 1, maxLength: 200 },
    distribution: { enum: ['marketplace'] },
    auth: strict({
      type: { enum: ['oauth'] },
      redirectUrls: list(local, 1),
      requiredScopes: list({ enum: ['oauth', 'crm.objects.users.read', 'crm.objects.owners.read'] }, 3),
      optionalScopes: none,
      conditionallyRequiredScopes: none,
    }),
    permittedUrls: strict({ fetch: list(https, 1), iframe: none, img: none }),
  }),
  CARD: strict({
    name: { type: 'string', minLength: 1, maxLength: 50 },
    description: { type: 'string', maxLength: 200 },
    location: { enum: ['crm.record.sidebar'] },
    entrypoint,
    objectTypes: list({ enum: ['contacts', 'companies', 'deals'] }, 1),
  }),
  PAGE: strict({ entrypoint, location: { enum: ['home'] } }),
  SETTINGS: strict({ entrypoint }),
};

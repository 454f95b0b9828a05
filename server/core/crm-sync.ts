/**
 * Whether LinkedIn has a CRM Sync for this kind of CRM, so that it shows Matched by and by. LinkedIn's guides name Salesforce, HubSpot,
 * Dynamics 365 and Oracle Sales, and none names Zoho (help a107066). Of a kind that nobody said, or a name of one's own, it is taken to.
 * @param kind `salesforce`, `hubspot`, `zoho`, `dynamics`, or a name of one's own
 */
export const hasCrmSync = (kind: string | undefined): boolean => kind !== 'zoho';

import { z } from 'zod';
import type { CrmConnector, LicenseConnector, SharedState, UploadFolder } from './connector.ts';
import { crmCsvConnector, crmCsvSettings } from './crm-csv/connection.ts';
import { dynamicsConnector, dynamicsSettings } from './dynamics/connector.ts';
import { hubSpotAuth, hubSpotConnector, hubSpotSettings } from './hubspot/connector.ts';
import type { RefreshTokenKeeper } from './keep-refresh-token.ts';
import {
  exportFile,
  holdersOfExport,
  linkedInFilesConnector,
  linkedInFilesSettings,
  sftpUploadFolder,
} from './linkedin-files/connection.ts';
import { linkedInGuidedConnector, linkedInGuidedSettings } from './linkedin-guided/connector.ts';
import { linkedInScimConnector, linkedInScimSettings } from './linkedin-scim/connector.ts';
import { salesforceAuth, salesforceConnector, salesforceSettings } from './salesforce/connector.ts';
import { zohoConnector, zohoSettings } from './zoho/connector.ts';

/** Every kind of connection there is: its settings, and how it connects. */

/** Names stand in file names, URLs and sentences. */
const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is made of small letters, digits and hyphens');

/** The connections of a configuration file. @param secret what stands there for a secret */
export const connectionSettings = <Secret extends z.ZodType>(secret: Secret) =>
  z.discriminatedUnion('type', [
    hubSpotSettings(secret).extend({ name }),
    zohoSettings(secret).extend({ name }),
    dynamicsSettings(secret).extend({ name }),
    crmCsvSettings().extend({ name }),
    linkedInScimSettings(secret).extend({ name }),
    salesforceSettings(secret).extend({ name }),
    linkedInFilesSettings(secret).extend({ name }),
    linkedInGuidedSettings().extend({ name }),
  ]);

export type ConnectionSettings = z.output<ReturnType<typeof connectionSettings<z.ZodString>>>;

export type Connection = { readonly name: string; readonly type: ConnectionSettings['type']; readonly vendor: string } & (
  | { readonly side: 'crm'; readonly connector: CrmConnector }
  /** `folder`: where upload files go, for kinds that take them. */
  | { readonly side: 'licenses'; readonly connector: LicenseConnector; readonly folder?: UploadFolder }
);

/** What is known of a kind of connection without opening one. */
export interface ConnectionType {
  readonly side: 'crm' | 'licenses';
  /** As it stands in lists to choose from. */
  readonly vendor: string;
  /** Which CRM its people are users of; null where it reads licenses, or does not say. */
  readonly crm: string | null;
  /** How plans that go over it change LinkedIn; null: none can. */
  readonly route: 'scim' | 'files' | 'guided' | null;
  /** Whether it can be made in the console too. A file on the server's disk can be named in the configuration file alone: whoever can write there may read there. */
  readonly storable: boolean;
  /** Whether the vendor may give a new refresh token with each use. */
  readonly replacesTokens: boolean;
}

const usual = { route: null, storable: true, replacesTokens: false } as const;
const crmOf = (vendor: string, crm: string) => ({ ...usual, side: 'crm', vendor, crm }) as const;
const licensesOf = (vendor: string, route: ConnectionType['route']) => ({ ...usual, side: 'licenses', vendor, crm: null, route }) as const;

export const connectionTypes: Readonly<Record<ConnectionSettings['type'], ConnectionType>> = {
  salesforce: { ...crmOf('Salesforce', 'salesforce'), replacesTokens: true },
  hubspot: { ...crmOf('HubSpot', 'hubspot'), replacesTokens: true },
  zoho: crmOf('Zoho CRM', 'zoho'),
  dynamics: crmOf('Dynamics 365', 'dynamics'),
  'linkedin-scim': licensesOf('LinkedIn SCIM', 'scim'),
  'linkedin-files': licensesOf('LinkedIn SFTP', 'files'),
  'linkedin-guided': licensesOf('LinkedIn by hand', 'guided'),
  'crm-csv': { ...usual, side: 'crm', vendor: 'CSV file', crm: null, storable: false },
};

/** Whether there is such a kind, and its vendor may give a new refresh token with each use. */
export const replacesTokens = (type: string): boolean =>
  Object.hasOwn(connectionTypes, type) && connectionTypes[type as ConnectionSettings['type']].replacesTokens;

/**
 * Makes a connection; nothing is sent yet. Throws TypeError for an address that may not be used.
 * @param keeper of the refresh token, in the place of the settings' own, for kinds whose vendor may replace it
 * @param lastOrigin the org or portal that answered before, for what is said to a person
 * @param shared what all openings of this connection have together
 */
export function connect(settings: ConnectionSettings, keeper?: RefreshTokenKeeper, lastOrigin?: string, shared?: SharedState): Connection {
  const { name, type } = settings;
  const together = shared === undefined ? {} : { shared };
  switch (settings.type) {
    case 'hubspot':
      return {
        name,
        type,
        vendor: 'HubSpot',
        side: 'crm',
        connector: hubSpotConnector({
          ...settings,
          ...together,
          auth: hubSpotAuth(settings.auth, name, keeper),
          ...(lastOrigin === undefined ? {} : { lastPortalId: lastOrigin }),
        }),
      };
    case 'dynamics':
      return { name, type, vendor: 'Dynamics', side: 'crm', connector: dynamicsConnector({ ...settings, ...together }) };
    case 'salesforce': {
      const { options, ...rest } = settings;
      return {
        name,
        type,
        vendor: 'Salesforce',
        side: 'crm',
        connector: salesforceConnector({ ...rest, ...options, ...together, auth: salesforceAuth(settings.auth, name, keeper) }),
      };
    }
    case 'zoho':
      return { name, type, vendor: 'Zoho', side: 'crm', connector: zohoConnector({ ...settings, ...together }) };
    case 'crm-csv':
      return { name, type, vendor: 'The file', side: 'crm', connector: crmCsvConnector(settings) };
    case 'linkedin-scim': {
      const { auth, options, ...rest } = settings;
      const { holders, ...given } = options;
      const known = holders === undefined ? {} : { knownHolders: () => holdersOfExport(name, holders) };
      const connector = linkedInScimConnector({
        ...rest,
        ...given,
        ...known,
        ...together,
        token: () => auth.token,
        tokenEndsAt: auth.endsAt,
      });
      return { name, type, vendor: 'LinkedIn', side: 'licenses', connector };
    }
    case 'linkedin-files': {
      const { options, ...rest } = settings;
      const folders = { ...rest, ...options };
      return {
        name,
        type,
        vendor: 'LinkedIn',
        side: 'licenses',
        connector: linkedInFilesConnector(folders),
        folder: sftpUploadFolder(folders),
      };
    }
    case 'linkedin-guided': {
      const newest = settings.file === undefined ? null : exportFile(name, settings.file);
      return { name, type, vendor: 'LinkedIn', side: 'licenses', connector: linkedInGuidedConnector(newest) };
    }
    default:
      return settings satisfies never;
  }
}

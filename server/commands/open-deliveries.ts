import { httpsDelivery } from '../../connectors/linkedin-files/https-delivery.ts';
import type { Config } from '../config.ts';
import type { Deliveries } from '../jobs/delivery.ts';
import { filesDelivery } from '../jobs/files-delivery.ts';
import { scimDelivery } from '../jobs/scim-delivery.ts';
import { linkedinPlanTools } from './linkedin-plan-tools.ts';
import { openConnection } from './open-connection.ts';

/** What the server carries out by itself, as its settings say. Throws FileRefused where the connection they name is not there. */
export function openDeliveries({ delivery, scim }: Pick<Config, 'delivery' | 'scim'>, now: () => Date): Deliveries {
  const files = delivery && httpsDelivery({ baseUrl: delivery.baseUrl, token: () => delivery.token });
  const connection = scim && openConnection({ config: scim.file, environment: scim.environment }, scim.connection, 'licenses');
  return {
    ...(files === null ? {} : { files: filesDelivery(files, linkedinPlanTools, now) }),
    ...(connection?.side === 'licenses' ? { scim: scimDelivery(connection.connector, { now }) } : {}),
  };
}

import { FileRefused } from '../../connectors/errors.ts';
import { httpsDelivery } from '../../connectors/linkedin-files/https-delivery.ts';
import type { Config, NamedConnection } from '../config.ts';
import type { Deliveries, Delivery } from '../jobs/delivery.ts';
import { filesDelivery, folderDelivery } from '../jobs/files-delivery.ts';
import { scimDelivery } from '../jobs/scim-delivery.ts';
import { linkedinPlanTools } from './linkedin-plan-tools.ts';
import { openConnection } from './open-connection.ts';

type Settings = Pick<Config, 'delivery' | 'scim' | 'files'>;

/** What the server carries out by itself, as its settings say. Throws FileRefused where a connection they name is not there, or of another kind. */
export function openDeliveries({ delivery, scim, files }: Settings, now: () => Date): Deliveries {
  const https = delivery && httpsDelivery({ baseUrl: delivery.baseUrl, token: () => delivery.token });
  return {
    ...(https === null ? {} : { files: filesDelivery(https, linkedinPlanTools, now) }),
    ...(files === null ? {} : { files: folderOf(files, now) }),
    ...(scim === null ? {} : { scim: scimDelivery(licensesOf(scim).connector, { now }) }),
  };
}

function licensesOf({ connection, file, environment }: NamedConnection) {
  const found = openConnection({ config: file, environment }, connection, 'licenses');
  if (found.side !== 'licenses') throw new TypeError(`${connection} was asked for licenses.`);
  return found;
}

function folderOf(named: NamedConnection, now: () => Date): Delivery {
  const { folder, name } = licensesOf(named);
  if (folder === undefined)
    throw new FileRefused(
      'bad-map',
      named.file ?? 'seatmatch.config',
      `The connection "${name}" takes no upload files: it needs one of type linkedin-files.`,
    );
  return folderDelivery(folder, linkedinPlanTools, now);
}

import { hubspot } from '@hubspot/ui-extensions';
import { askServer } from '../../panel/ask-server.ts';
import { OwnerCard } from '../../panel/owner-card.tsx';
import { serverAddress } from '../../panel/server-address.ts';

const ask = askServer(hubspot.fetch, serverAddress);
const property = 'hubspot_owner_id';
const ownerOf = (properties: Record<string, string>): string | null => properties[property] || null;

hubspot.extend<'crm.record.sidebar'>(({ actions }) => (
  <OwnerCard
    ask={ask}
    readOwner={async () => ownerOf(await actions.fetchCrmObjectProperties([property]))}
    onOwnerChange={(changed) => actions.onCrmPropertiesUpdate([property], (properties, error) => !error && changed(ownerOf(properties)))}
  />
));

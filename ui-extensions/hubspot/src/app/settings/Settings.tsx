import { hubspot } from '@hubspot/ui-extensions';
import { askServer } from '../../panel/ask-server.ts';
import { serverAddress } from '../../panel/server-address.ts';
import { SettingsPage } from '../../panel/settings-page.tsx';

const ask = askServer(hubspot.fetch, serverAddress);

hubspot.extend<'settings'>(() => <SettingsPage ask={ask} />);

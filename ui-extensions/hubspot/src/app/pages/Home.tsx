import { hubspot } from '@hubspot/ui-extensions';
import { askServer } from '../../panel/ask-server.ts';
import { HomePage } from '../../panel/home-page.tsx';
import { serverAddress } from '../../panel/server-address.ts';

const ask = askServer(hubspot.fetch, serverAddress);

hubspot.extend<'home'>(({ actions }) => <HomePage ask={ask} closeOverlay={actions.closeOverlay} />);

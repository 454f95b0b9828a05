// HubSpot's own proxy for developers, which signs what it hands on. In a process of its own: it listens for faults of the whole process.
// CLIENT_SECRET and the addresses come by the environment; the port goes out by the first line.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { PROXY_MODULE, PUBLIC_URL, SERVER_URL, PORTAL_ID } = process.env;
const { AppProxyService } = await import(pathToFileURL(PROXY_MODULE).href);
// It would report its faults, and how often it is used, to HubSpot. Both builds of that package share one client.
const reporter = createRequire(PROXY_MODULE)('@sentry/node').getClient();
if (!reporter) throw new Error('HubSpot’s proxy reports to somewhere else than it did: look before it runs here.');
reporter.getTransport().send = async () => ({});
await reporter.close(0);
const quiet = () => {};
const app = AppProxyService({
  localDevUrlMapping: { [PUBLIC_URL]: SERVER_URL },
  allowedUrls: [PUBLIC_URL],
  accountId: Number(PORTAL_ID),
  logger: { info: quiet, warn: quiet, error: quiet, debug: quiet },
});
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
// The test ends its input, and so this process.
process.stdin.resume().on('end', () => process.exit(0));

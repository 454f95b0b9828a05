/**
 * `npm run panel:salesforce [-- --port N] [--may act|read|none]`: the panel as an org shows it, on a page of its own, with the demo company behind it.
 */
import { parseArgs } from 'node:util';
import { runUntilAsked } from '../../../../server/commands/run-until-asked.ts';
import { startOwnServer } from './own-server.ts';
import { servePreview } from './serve.ts';

const permissions = ['act', 'read', 'none'] as const;
const { values } = parseArgs({ options: { port: { type: 'string', default: '4750' }, may: { type: 'string', default: 'act' } } });
const may = permissions.find((one) => one === values.may);
if (may === undefined || !/^\d{1,5}$/u.test(values.port)) {
  process.stderr.write('Options: --port N, --may act|read|none.\n');
  process.exit(1);
}

process.exit(
  await runUntilAsked({ out: process.stdout, err: process.stderr, now: () => new Date() }, async ({ log }) => {
    log('Making the demo company and compiling the base components, about a minute the first time …');
    const server = await startOwnServer({ demo: true });
    server.org.permission = may;
    const preview = await servePreview(server.org, Number(values.port)).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
    return {
      ready: [
        `The panel's page in Salesforce: ${preview.url}`,
        'Add to its address: ?theme=1 (SLDS 1), ?scheme=dark, ?dir=rtl, ?place=summary, ?place=record&recordId=005….',
      ],
      async stop() {
        await preview.stop();
        await server.stop();
      },
    };
  }),
);

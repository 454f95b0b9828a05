import { cpSync, existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hubSpotScopes } from '../../../connectors/hubspot/install.ts';
import { panelWords } from '../../../server/routes/panel-words.ts';
import hsproject from '../../../ui-extensions/hubspot/hsproject.json' with { type: 'json' };
import manifest from '../../../ui-extensions/hubspot/package.json' with { type: 'json' };
import { bundle, entries, extension, makeProject, publicUrl, run, scratchFolder } from './make-bundles.ts';
import { projectSchemas } from './project-schemas.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const scratch = scratchFolder();
const project = path.join(scratch.folder, 'project');
beforeAll(() => makeProject(project));
afterAll(() => scratch.remove());

const readJson = (...file: string[]) => JSON.parse(readFileSync(path.join(...file), 'utf8'));
const metafiles = (folder: string): string[] => globSync('**/*-hsmeta.json', { cwd: folder });

test('types: the extension by its own TypeScript, which is the only guard of HubSpot’s props, and the stand-in for HubSpot’s page', async () => {
  await run(['node_modules/typescript/bin/tsc', '--project', '.']);
  await run(['node_modules/typescript/bin/tsc', '--project', path.join(import.meta.dirname, 'host')]);
});

test('unit tests: all of them pass, by HubSpot’s own renderer', async () => {
  const report = path.join(scratch.folder, 'report.json');
  await run(
    ['node_modules/vitest/vitest.mjs', 'run', '--root', '.', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    {
      NODE_ENV: 'test',
    },
  );
  const { numTotalTests, numPassedTests, success } = readJson(report);
  expect({ numPassedTests, success }).toEqual({ numPassedTests: numTotalTests, success: true });
  expect(numTotalTests).toBeGreaterThanOrEqual(60);
});

describe('HubSpot’s linter', () => {
  const lint = (folder: string) => run(['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', folder]);

  test('finds nothing in the project as it is uploaded', async () => {
    expect((await lint(project)).stdout).toBe('');
  });

  test('finds what HubSpot’s servers would refuse: the bundler takes it', async () => {
    const planted = path.join(scratch.folder, 'planted');
    cpSync(project, planted, { recursive: true });
    const file = path.join(planted, 'app', 'pages', 'Home.tsx');
    const wrong = [
      ['no-restricted-imports', "import { owner } from '../cards/OwnerCard.tsx';"],
      ['no-restricted-imports', "import { readFileSync } from 'node:fs';"],
      ['no-native-http', "export const native = () => fetch('https://seatmatch.acme.example');"],
      ['no-browser-storage', "export const kept = () => localStorage.getItem('kept');"],
      ['no-dom-access', 'export const title = () => document.title;'],
      ['no-html-elements', 'export const Division = () => <div />;'],
      ['no-console', "console.log('here');"],
    ] as const;
    writeFileSync(file, `${wrong.map(([, line]) => line).join('\n')}\n${readFileSync(file, 'utf8')}`);
    const said = await lint(planted).then(
      () => 'nothing',
      (error: Error) => error.message,
    );
    for (const [index, [rule]] of wrong.entries()) expect(said).toMatch(new RegExp(`^ +${index + 1}:\\d+ +error .*${rule}$`, 'mu'));
    expect(said).toContain(`${wrong.length} problems`);
  });
});

const validator = `
import { http } from '@hubspot/local-dev-lib/http';
import { translate } from '@hubspot/project-parsing-lib/translate';
const { schemas, projects } = JSON.parse(process.argv.at(-1));
http.get = async () => ({ data: schemas });
const outcomes = {};
for (const [name, { projectSourceDir, platformVersion }] of Object.entries(projects)) {
  try {
    const { intermediateRepresentation, skippedHsMetaFiles } = await translate({ projectSourceDir, platformVersion, accountId: 1 });
    outcomes[name] = { accepted: Object.keys(intermediateRepresentation.intermediateNodesIndexedByUid), skipped: skippedHsMetaFiles };
  } catch (error) {
    outcomes[name] = { refused: error.toString() };
  }
}
process.stdout.write('\\n' + JSON.stringify(outcomes));
`;

interface Outcome {
  readonly accepted?: readonly string[];
  readonly skipped?: readonly string[];
  readonly refused?: string;
}

/** What HubSpot's own parser makes of projects, with schemas of ours in the place of those it would fetch from an account. */
async function validate(projects: Record<string, { projectSourceDir: string; platformVersion: string }>): Promise<Record<string, Outcome>> {
  const given = JSON.stringify({ schemas: projectSchemas, projects });
  const { stdout } = await run(['--input-type=module', '--eval', validator, '--', given]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

describe('the project', () => {
  const { platformVersion } = hsproject;

  test('is taken by HubSpot’s own parser, with every file of it', async () => {
    const { ours } = await validate({ ours: { projectSourceDir: project, platformVersion } });
    expect(ours).toEqual({
      accepted: expect.arrayContaining(['seatmatch_app', 'seatmatch_home', 'seatmatch_owner_card', 'seatmatch_settings']),
      skipped: [],
    });
    expect(ours!.accepted).toHaveLength(metafiles(project).length);
    expect(platformVersion).toBe('2026.03');
  });

  test('is uploaded from the folder that is made, so that the sources alone, which HubSpot would refuse, cannot be', () => {
    expect(hsproject.srcDir).toBe('dist');
    expect(existsSync(path.join(extension, 'src', 'app', 'app-hsmeta.json'))).toBe(true);
  });

  test('has every file that it names: HubSpot’s parser does not look', () => {
    const named = metafiles(project).flatMap((file) => readJson(project, file).config.entrypoint ?? []);
    expect(named).toHaveLength(Object.keys(entries).length);
    for (const entrypoint of named) expect(existsSync(path.join(project, entrypoint)), entrypoint).toBe(true);
  });

  test('names the address of the server wherever one is needed, and the example nowhere', () => {
    expect(readJson(project, 'app/app-hsmeta.json').config.permittedUrls.fetch).toEqual([publicUrl]);
    for (const folder of Object.values(entries))
      expect(readFileSync(path.join(project, 'app', folder, 'panel', 'server-address.ts'), 'utf8')).toContain(`'${publicUrl}'`);
    const files = globSync('**/*.{ts,tsx,json}', { cwd: project });
    expect(files.length).toBeGreaterThan(30);
    for (const file of files) expect(readFileSync(path.join(project, file), 'utf8'), file).not.toContain('seatmatch.example.com');
  });

  test('asks for the scopes that the connector uses, all and no other', () => {
    expect(readJson(project, 'app/app-hsmeta.json').config.auth.requiredScopes).toEqual([...hubSpotScopes]);
  });

  test('is the one that an administrator reviews in manifests/', () => {
    expect(readJson('manifests/hubspot/app-hsmeta.json')).toEqual(readJson(extension, 'src/app/app-hsmeta.json'));
  });

  test('each folder has what its page, card or settings imports, in the versions that are tested here', () => {
    for (const folder of Object.values(entries)) {
      const { dependencies } = readJson(project, 'app', folder, 'package.json');
      const names = ['@hubspot/ui-extensions', 'react'] as const;
      expect(dependencies).toEqual(Object.fromEntries(names.map((name) => [name, manifest.devDependencies[name]])));
      const copied = globSync('*', { cwd: path.join(project, 'app', folder, 'panel') }).sort();
      expect(copied).toEqual(globSync('*', { cwd: path.join(extension, 'src', 'panel') }).sort());
    }
  });

  /** One fault each, and what HubSpot's parser says of it. */
  const broken: [string, (folder: string) => void, RegExp, string?][] = [
    ['JSON that is none', (folder) => writeFileSync(path.join(folder, 'app/app-hsmeta.json'), '{'), /app-hsmeta\.json/u],
    [
      'a type that HubSpot does not have',
      (folder) => change(folder, 'app/pages/home-hsmeta.json', { type: 'window' }),
      /window|home-hsmeta/u,
    ],
    [
      'a location of our own making',
      (folder) => configure(folder, 'app/cards/owner-card-hsmeta.json', { location: 'crm.record.top' }),
      /owner-card/u,
    ],
    [
      'an address without https',
      (folder) =>
        configure(folder, 'app/app-hsmeta.json', { permittedUrls: { fetch: ['http://seatmatch.acme.example'], iframe: [], img: [] } }),
      /app-hsmeta/u,
    ],
    [
      'a scope that nothing uses',
      (folder) => {
        const { auth } = readJson(folder, 'app/app-hsmeta.json').config;
        configure(folder, 'app/app-hsmeta.json', {
          auth: { ...auth, requiredScopes: [...auth.requiredScopes, 'crm.objects.contacts.write'] },
        });
      },
      /app-hsmeta/u,
    ],
    [
      'a second page',
      (folder) => copyMeta(folder, 'app/pages/home-hsmeta.json', 'app/pages/other-hsmeta.json', { uid: 'other' }),
      /page/iu,
    ],
    [
      'a uid that is there already',
      (folder) => copyMeta(folder, 'app/cards/owner-card-hsmeta.json', 'app/cards/other-hsmeta.json', {}),
      /uid/iu,
    ],
    ['a platform version that nobody knows', () => {}, /2031\.01/u, '2031.01'],
  ];
  function change(folder: string, file: string, values: object): void {
    writeFileSync(path.join(folder, file), JSON.stringify({ ...readJson(folder, file), ...values }));
  }
  function configure(folder: string, file: string, values: object): void {
    change(folder, file, { config: { ...readJson(folder, file).config, ...values } });
  }
  function copyMeta(folder: string, from: string, to: string, values: object): void {
    cpSync(path.join(folder, from), path.join(folder, to));
    change(folder, to, values);
  }

  test('is refused with any of these faults, and what a parser passes over is found', async () => {
    const projects = Object.fromEntries(
      broken.map(([name, breakIt, , version = platformVersion], index) => {
        const folder = path.join(scratch.folder, `broken-${index}`);
        cpSync(project, folder, { recursive: true, filter: (file) => !file.endsWith(`${path.sep}panel`) });
        breakIt(folder);
        return [name, { projectSourceDir: folder, platformVersion: version }];
      }),
    );
    const nested = path.join(scratch.folder, 'nested');
    cpSync(project, nested, { recursive: true });
    mkdirSync(path.join(nested, 'app/cards/deep'));
    copyMeta(nested, 'app/cards/owner-card-hsmeta.json', 'app/cards/deep/deep-hsmeta.json', { uid: 'deep' });
    const outcomes = await validate({ ...projects, nested: { projectSourceDir: nested, platformVersion } });
    for (const [name, , said] of broken) expect(outcomes[name]?.refused, name).toMatch(said);
    expect(outcomes.nested?.skipped).toHaveLength(1);
  });
});

describe('making the project', () => {
  const made = (...args: string[]) =>
    run(['build-project.mjs', ...args, '--out', path.join(scratch.folder, 'made')], { SEATMATCH_PUBLIC_URL: '' }).then(
      () => 'made',
      (error: Error) => error.message,
    );

  test.each([
    [[], 'Give the address at which HubSpot reaches your Seatmatch server'],
    [['seatmatch'], 'is no address'],
    [['http://seatmatch.acme.example'], 'is not https'],
    [['https://localhost'], 'HubSpot does not call localhost'],
    [['https://127.0.0.1'], 'HubSpot does not call 127.0.0.1'],
    [['https://seatmatch.acme.example/panel'], 'Only scheme and host are wanted'],
    [[publicUrl, '--callback', 'http://seatmatch.acme.example/connections/callback'], 'is no address that HubSpot sends anybody back to'],
  ])('%j is refused in a sentence', async (args, sentence) => {
    expect(await made(...args)).toContain(sentence);
  });

  test('a console on another port is sent back to by its own address', async () => {
    const callback = 'http://localhost:3111/connections/callback';
    expect(await made(publicUrl, '--callback', callback)).toBe('made');
    expect(readJson(scratch.folder, 'made/app/app-hsmeta.json').config.auth.redirectUrls).toEqual([callback]);
  });
});

test('the production bundles: HubSpot’s bundler has nothing to say, and each is far below what a page may weigh', async () => {
  const out = path.join(scratch.folder, 'bundles');
  expect(await bundle(project, out)).toBe('');
  const sizes = Object.keys(entries).map((entry) => {
    const file = path.join(out, entry, `${entry}.js`);
    return { entry, bytes: statSync(file).size, gzip: gzipSync(readFileSync(file)).length };
  });
  for (const { entry, bytes, gzip } of sizes) {
    process.stdout.write(`HubSpot bundle ${entry}: ${(bytes / 1024).toFixed(1)} KB, ${(gzip / 1024).toFixed(1)} KB gzip\n`);
    expect(bytes, entry).toBeLessThan(60_000);
    const code = readFileSync(path.join(out, entry, `${entry}.js`), 'utf8');
    expect(code).toContain(publicUrl);
    // React and HubSpot's components are there already.
    expect(code).not.toMatch(/unstable_scheduleCallback|node_modules|process\.env/u);
  }
});

test('every word that the panel asks for is one that the server sends', () => {
  const sources = globSync(path.join(extension, 'src/panel/*.{ts,tsx}')).map((file) => readFileSync(file, 'utf8'));
  const asked = sources.flatMap((source) =>
    [...source.matchAll(/\bwords\??\.(\w+)|\bwords: \[('[^\]]+)\]/gu)].flatMap(([, one, names]) => one ?? names!.match(/\w+/gu)!),
  );
  expect(asked.length).toBeGreaterThan(40);
  expect(asked.filter((word) => !(word in panelWords))).toEqual([]);
});

test('every sentence that the guide explains is one that the server or the panel says', () => {
  const guide = readFileSync('docs/install-hubspot.md', 'utf8');
  const table = guide.slice(guide.indexOf('## What it says'), guide.indexOf('Uploading can say this'));
  const explained = [...table.matchAll(/^\| (.+?) \|/gmu)].flatMap(([, cell]) => cell!.split(' / ')).slice(1);
  const said = globSync(['server/**/*.ts', 'ui-extensions/hubspot/src/panel/*.{ts,tsx}']).map((file) => readFileSync(file, 'utf8'));
  const sentences = explained.filter((sentence) => !/^-+$/u.test(sentence));
  expect(sentences.length).toBeGreaterThan(10);
  expect(sentences.filter((sentence) => !said.some((source) => source.includes(sentence)))).toEqual([]);
});

test('packages are pinned, and come from whatever registry a machine has', () => {
  for (const [name, version] of Object.entries(manifest.devDependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/u);
  expect(readFileSync(path.join(extension, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
});

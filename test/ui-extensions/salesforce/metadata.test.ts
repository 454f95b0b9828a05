import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { otherOriginSentence } from '../../../connectors/other-origin.ts';
import checks from './package.json' with { type: 'json' };
import { copyProject, manifest, project, runCheck, said } from './run-check.ts';

const parts = 'force-app/main/default';

/** Makes a fault in a copy of the project and says what a check makes of it. */
async function withFault(script: string, make: (folder: string) => void): Promise<string[]> {
  const { folder, remove } = copyProject();
  try {
    make(folder);
    return said(await runCheck(script, folder, manifest));
  } finally {
    remove();
  }
}

function change(folder: string, file: string, from: string | RegExp, to: string): void {
  const path = join(folder, parts, file);
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, changed);
}

const bundleMeta = (content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<LightningComponentBundle xmlns="http://soap.sforce.com/2006/04/metadata">\n<apiVersion>66.0</apiVersion>\n${content}\n</LightningComponentBundle>\n`;
function writeBundle(folder: string, name: string, content: string): void {
  mkdirSync(join(folder, parts, 'lwc', name), { recursive: true });
  writeFileSync(join(folder, parts, 'lwc', name, `${name}.js`), '');
  writeFileSync(join(folder, parts, 'lwc', name, `${name}.js-meta.xml`), bundleMeta(content));
}

describe('the manifest', () => {
  test('names everything that is in the source and nothing else, and the source converts as sf does it', async () => {
    // A copy: what lies below a folder called lwc or classes is taken for a part of it, and people clone into folders of any name.
    const { folder, remove } = copyProject();
    const { complaints, packaged } = await runCheck('convert-source.mjs', folder, manifest).finally(remove);
    expect(complaints).toEqual([]);
    expect(packaged).toEqual(
      expect.arrayContaining(['classes/SeatmatchController.cls', 'package.xml', 'permissionsets/Seatmatch_Admin.permissionset']),
    );
  });

  test('is refused where a part is missing in it, or in the source', async () => {
    expect(
      await withFault('convert-source.mjs', (folder) => {
        for (const end of ['cls', 'cls-meta.xml']) {
          const from = join(folder, parts, `classes/SeatmatchPath.${end}`);
          writeFileSync(join(folder, parts, `classes/SeatmatchExtra.${end}`), readFileSync(from));
          rmSync(from);
        }
      }),
    ).toEqual([
      'package.xml: is in the source and not in the manifest: ApexClass SeatmatchExtra',
      'package.xml: is in the manifest and not in the source: ApexClass SeatmatchPath',
    ]);
  });

  test('ships no tests of components: .forceignore keeps them, and nothing else would', async () => {
    const { folder, remove } = copyProject();
    try {
      writeBundle(folder, 'tested', '<isExposed>false</isExposed>');
      mkdirSync(join(folder, parts, 'lwc/tested/__tests__'));
      writeFileSync(join(folder, parts, 'lwc/tested/__tests__/tested.test.js'), '');
      const tests = async () =>
        (await runCheck('convert-source.mjs', folder, manifest)).packaged?.filter((file) => file.startsWith('lwc/tested/')).sort();
      expect(await tests()).toEqual(['lwc/tested/tested.js', 'lwc/tested/tested.js-meta.xml']);
      rmSync(join(folder, '.forceignore'));
      expect(await tests()).toContain('lwc/tested/__tests__/tested.test.js');
    } finally {
      remove();
    }
  });
});

describe('the XML of the parts', () => {
  test('holds what is on the list, and every part that another one names is there', async () => {
    expect(said(await runCheck('check-metadata.mjs', project))).toEqual([]);
  });

  test.each<[string, (folder: string) => void, string]>([
    [
      'a permission set that gives more than the panel needs',
      (folder) =>
        change(
          folder,
          'permissionsets/Seatmatch_Viewer.permissionset-meta.xml',
          '</PermissionSet>',
          '<userPermissions><enabled>true</enabled><name>ModifyAllData</name></userPermissions></PermissionSet>',
        ),
      'Seatmatch_Viewer.permissionset-meta.xml: PermissionSet/userPermissions is not on the list',
    ],
    [
      'a permission set that may edit tokens',
      (folder) => change(folder, 'permissionsets/Seatmatch_Viewer.permissionset-meta.xml', '<allowEdit>false', '<allowEdit>true'),
      'Seatmatch_Viewer.permissionset-meta.xml: PermissionSet/objectPermissions/allowEdit is "true"',
    ],
    [
      'a viewer who sends the token of acting',
      (folder) =>
        change(folder, 'permissionsets/Seatmatch_Viewer.permissionset-meta.xml', 'Seatmatch-Seatmatch_Read', 'Seatmatch-Seatmatch_Act'),
      'Seatmatch_Viewer.permissionset-meta.xml: Seatmatch_Act is missing',
    ],
    [
      'a permission set for a class that is not there',
      (folder) =>
        change(
          folder,
          'permissionsets/Seatmatch_Admin.permissionset-meta.xml',
          '<apexClass>SeatmatchController',
          '<apexClass>SeatmatchGone',
        ),
      'Seatmatch_Admin.permissionset-meta.xml: class SeatmatchGone is not there',
    ],
    [
      'a token in the source',
      (folder) =>
        change(
          folder,
          'externalCredentials/Seatmatch.externalCredential-meta.xml',
          /<parameterValue>.*<\/parameterValue>/u,
          '<parameterValue>Bearer smp_0123456789</parameterValue>',
        ),
      'Seatmatch.externalCredential-meta.xml: ExternalCredential/externalCredentialParameters/parameterValue is "Bearer smp_0123456789"',
    ],
    [
      'two principals of which nobody knows which one counts',
      (folder) => change(folder, 'externalCredentials/Seatmatch.externalCredential-meta.xml', '<sequenceNumber>2', '<sequenceNumber>1'),
      'Seatmatch.externalCredential-meta.xml: two principals have one sequence number',
    ],
    [
      'a server without TLS',
      (folder) => change(folder, 'namedCredentials/Seatmatch.namedCredential-meta.xml', 'https://', 'http://'),
      'Seatmatch.namedCredential-meta.xml: NamedCredential/namedCredentialParameters/parameterValue is "http://seatmatch.example.com"',
    ],
    [
      'a page with a region that its template does not have',
      (folder) => change(folder, 'flexipages/Seatmatch.flexipage-meta.xml', '<name>main</name>', '<name>sidebar</name>'),
      'Seatmatch.flexipage-meta.xml: FlexiPage/flexiPageRegions/name is "sidebar"',
    ],
    [
      'a page with a component that may not stand on it',
      (folder) =>
        writeBundle(
          folder,
          'seatmatchPanel',
          '<isExposed>true</isExposed><masterLabel>S</masterLabel><targets><target>lightning__Tab</target></targets>',
        ),
      'Seatmatch.flexipage-meta.xml: component for an app page seatmatchPanel is not there',
    ],
    [
      'a tab of a page that is not there',
      (folder) => change(folder, 'tabs/Seatmatch.tab-meta.xml', '<flexiPage>Seatmatch', '<flexiPage>Gone'),
      'Seatmatch.tab-meta.xml: page Gone is not there',
    ],
    [
      'a component of another API version',
      (folder) => {
        writeBundle(folder, 'seatmatchOld', '<isExposed>false</isExposed>');
        change(folder, 'lwc/seatmatchOld/seatmatchOld.js-meta.xml', '66.0', '48.0');
      },
      'seatmatchOld.js-meta.xml: LightningComponentBundle/apiVersion is "48.0"',
    ],
    [
      'a component for the pages of every object',
      (folder) =>
        writeBundle(
          folder,
          'seatmatchWide',
          '<isExposed>true</isExposed><masterLabel>S</masterLabel><targets><target>lightning__RecordPage</target></targets>',
        ),
      'seatmatchWide.js-meta.xml: stands on the pages of all objects, not of User alone',
    ],
    [
      'a component for a page that is not on the list',
      (folder) =>
        writeBundle(
          folder,
          'seatmatchFlow',
          '<isExposed>true</isExposed><masterLabel>S</masterLabel><targets><target>lightning__FlowScreen</target></targets>',
        ),
      'seatmatchFlow.js-meta.xml: LightningComponentBundle/targets/target is "lightning__FlowScreen"',
    ],
  ])('is refused for %s', async (_, make, complaint) => {
    expect(await withFault('check-metadata.mjs', make)).toContain(complaint);
  });
});

describe('the guide of the installation', () => {
  const guide = readFileSync(join(project, '../../docs/install-salesforce.md'), 'utf8');
  const classes = globSync('*.cls', { cwd: join(project, parts, 'classes') }).map((file) => file.replace('.cls', ''));

  test('explains every sentence that Apex says by itself', () => {
    const source = readFileSync(join(project, parts, 'classes/SeatmatchFault.cls'), 'utf8');
    const titles = [...source.matchAll(/make\(\s*[A-Z_]+,\s*'([^']+)'/gu)].map(([, title]) => title!);
    expect(titles).toHaveLength(5);
    for (const title of titles) expect(guide).toContain(`| ${title} |`);
  });

  test('says what the test of a connection says, letter by letter', () => {
    const sources = ['connector', 'fetch-access'].map((name) =>
      readFileSync(join(project, `../../connectors/salesforce/${name}.ts`), 'utf8'),
    );
    for (const sentence of [
      "Client credentials need the org's own address (My Domain)",
      'Salesforce shows us one user alone.',
      'The connected user may not see all columns of User that we compare.',
    ]) {
      expect(guide).toContain(`| ${sentence} |`);
      expect(sources.some((source) => source.includes(sentence))).toBe(true);
    }
    expect(guide).toContain(`| ${otherOriginSentence('org', '…', '…').replace('{vendor}', 'Salesforce').split('. ')[0]}. |`);
  });

  test('runs every test class, and counts the classes as they are', () => {
    const tests = classes.filter((name) => name.endsWith('Test'));
    expect([...guide.matchAll(/--tests (\w+)/gu)].map(([, name]) => name).sort()).toEqual(tests.sort());
    const forTests = classes.filter((name) => readFileSync(join(project, parts, `classes/${name}.cls`), 'utf8').includes('@IsTest'));
    expect(guide).toContain(`${classes.length} Apex classes (${forTests.length} of them for tests)`);
  });

  test('names the parts as they are called in the org', () => {
    for (const file of globSync('{permissionsets,tabs,applications}/*', { cwd: join(project, parts) })) {
      const label = /<label>(.*)<\/label>/u.exec(readFileSync(join(project, parts, file), 'utf8'))![1]!;
      expect(guide).toContain(label);
    }
  });
});

describe('what this is checked with', () => {
  test('is pinned, and its lock file names no address to download from', () => {
    for (const [name, version] of Object.entries(checks.devDependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });

  test("never shares its tree with Jest, under whose engine the platform's compiler makes templates that do not fit", () => {
    expect(readFileSync(join(import.meta.dirname, 'package-lock.json'), 'utf8')).not.toMatch(/"node_modules\/jest"/u);
  });
});

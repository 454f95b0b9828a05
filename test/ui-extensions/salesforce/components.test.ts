import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyProject, project, type Report, runCheck, said } from './run-check.ts';

const lwc = 'force-app/main/default/lwc';

/** A component of one file and its description, as it would stand in the project. */
function writeBundle(folder: string, name: string, files: Record<string, string>): void {
  mkdirSync(join(folder, lwc, name), { recursive: true });
  const meta =
    '<?xml version="1.0" encoding="UTF-8"?>\n<LightningComponentBundle xmlns="http://soap.sforce.com/2006/04/metadata">\n' +
    '    <apiVersion>66.0</apiVersion>\n    <isExposed>false</isExposed>\n</LightningComponentBundle>\n';
  for (const [file, text] of Object.entries({ ...files, 'js-meta.xml': meta }))
    writeFileSync(join(folder, lwc, name, `${name}.${file}`), text);
}

const broken = copyProject();
afterAll(broken.remove);
let refused: Report;
beforeAll(async () => {
  writeBundle(broken.folder, 'brokenDefault', {
    js: "import { LightningElement, api } from 'lwc';\nexport default class BrokenDefault extends LightningElement {\n  @api isOpen = true;\n}\n",
    html: '<template><p>{isOpen}</p></template>\n',
  });
  writeBundle(broken.folder, 'brokenImport', {
    js: "import { LightningElement } from 'lwc';\nimport { nothing } from 'c/nowhere';\nexport default class BrokenImport extends LightningElement {\n  nothing = nothing;\n}\n",
    html: '<template><c-not-there></c-not-there></template>\n',
  });
  writeBundle(broken.folder, 'brokenTemplate', {
    js: "import { LightningElement } from 'lwc';\nimport gone from '@salesforce/apex/SeatmatchController.gone';\nexport default class BrokenTemplate extends LightningElement {\n  gone = gone;\n}\n",
    html: '<template><p>{gone()}</p></template>\n',
  });
  refused = await runCheck('compile-components.mjs', broken.folder);
});
const ofBroken = (message: string) => /^broken/u.test(message);

test("the platform's compiler takes every component, and refuses broken ones among them", () => {
  expect(said(refused).filter((message) => !ofBroken(message))).toEqual([]);
  expect(said(refused).filter(ofBroken)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^brokenDefault\.js: .*LWC1503/u),
      expect.stringMatching(/^brokenTemplate\.html: /u),
      'brokenImport.js: There is no component nowhere.',
      'brokenImport.html: There is no component notThere.',
    ]),
  );
  expect(refused.bundles).toEqual(expect.arrayContaining(['brokenDefault', 'brokenImport', 'brokenTemplate']));
});

test('the components call no Apex method that is not there', async () => {
  const { methods } = await runCheck('check-apex-syntax.mjs', project);
  const missing = refused.apexMethods?.filter((method) => !Object.hasOwn(methods ?? {}, method));
  expect(missing).toEqual(['SeatmatchController.gone']);
});

test('the service names every parameter as Apex does, and a name that Apex does not know is seen', async () => {
  const { folder, remove } = copyProject();
  try {
    writeBundle(folder, 'brokenService', {
      js: "import apexGetPlan from '@salesforce/apex/SeatmatchController.getPlan';\nexport const getPlan = (id) => apexGetPlan({ id });\n",
    });
    writeBundle(folder, 'brokenCaller', {
      js: "import { LightningElement } from 'lwc';\nimport apexGetPanel from '@salesforce/apex/SeatmatchController.getPanel';\nexport default class BrokenCaller extends LightningElement {\n  load = apexGetPanel;\n}\n",
    });
    const { methods = {} } = await runCheck('check-apex-syntax.mjs', project);
    const misnamed = ({ calls = [] }: Report) =>
      calls
        .filter(({ method, parameters }) => parameters.toSorted().join() !== methods[method]?.toSorted().join())
        .map(({ method, parameters }) => `${method}(${parameters})`);
    const ours = await runCheck('call-apex.mjs', project);
    expect([...said(ours), ...misnamed(ours)]).toEqual([]);
    const withBroken = await runCheck('call-apex.mjs', folder);
    expect(said(withBroken)).toEqual(['brokenCaller.js: Only a module that imports nothing else may call Apex: the service.']);
    expect(misnamed(withBroken)).toEqual(['SeatmatchController.getPlan(id)']);
  } finally {
    remove();
  }
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findJava } from '../../java.ts';
import { copyProject, project, type Report, runCheck, said } from './run-check.ts';

const classes = 'force-app/main/default/classes';
/** Parses, and is wrong in what only the platform's types, or somebody with taste, can tell. */
const wrongClass = String.raw`public class SeatmatchWrong {
    public static List<SObject> run(String name) {
        Integer size = SeatmatchSettings.pageSizes();
        String none = Seatmatch_Setting__mdt.getInstance('Default').Missing__c;
        new HttpRequest().setTimeout('1');
        return Database.query('SELECT Id FROM Account WHERE Name = \'' + name + '\'');
    }
}
`;

/** The real classes, and a wrong one among them: a check that finds the one and nothing in the others has looked at all of them. */
const mixed = copyProject();
afterAll(mixed.remove);

const checks: Record<'semantics' | 'rules', Report> = { semantics: { complaints: [] }, rules: { complaints: [] } };
beforeAll(async () => {
  writeFileSync(join(mixed.folder, classes, 'SeatmatchWrong.cls'), wrongClass);
  writeFileSync(
    join(mixed.folder, classes, 'SeatmatchWrong.cls-meta.xml'),
    readFileSync(join(project, classes, 'SeatmatchPath.cls-meta.xml')),
  );
  const java = await findJava();
  [checks.semantics, checks.rules] = await Promise.all([
    runCheck('check-apex-semantics.mjs', mixed.folder, java),
    runCheck('check-apex-rules.mjs', mixed.folder, java),
  ]);
  // Two Java machines at once.
}, 120_000);
const ofWrongClass = (message: string) => message.startsWith('SeatmatchWrong.cls: ');

test('the classes know the platform and each other (apex-ls), which finds what a wrong one among them does not know', () => {
  const found = said(checks.semantics);
  expect(found.filter((message) => !ofWrongClass(message))).toEqual([]);
  expect(found.filter(ofWrongClass)).toEqual([
    expect.stringContaining("No matching method found for 'pageSizes'"),
    expect.stringContaining("Unknown field 'Missing__c'"),
    expect.stringContaining("No matching method found for 'setTimeout'"),
  ]);
});

test("the classes keep PMD's recommended rules, of which a wrong one among them breaks some", () => {
  const found = said(checks.rules);
  expect(checks.rules.rules).toBeGreaterThan(50);
  expect(found.filter((message) => !ofWrongClass(message))).toEqual([]);
  expect(found.filter(ofWrongClass)).toEqual(
    expect.arrayContaining([expect.stringContaining('ApexSharingViolations'), expect.stringContaining('ApexSOQLInjection')]),
  );
});

test('the controller has the methods and parameters of the contract, by which components call them', async () => {
  const { complaints, methods } = await runCheck('check-apex-syntax.mjs', project);
  expect(complaints).toEqual([]);
  expect(methods).toEqual({
    'SeatmatchController.getPanel': [],
    'SeatmatchController.getPeople': ['filter'],
    'SeatmatchController.getPerson': ['key'],
    'SeatmatchController.getRecord': ['userId'],
    'SeatmatchController.getPlan': ['planId'],
    'SeatmatchController.getPlanPeople': ['planId', 'cursor'],
    'SeatmatchController.createPlan': ['choiceJson', 'idempotencyKey'],
    'SeatmatchController.approvePlan': ['planId', 'seal', 'idempotencyKey'],
    'SeatmatchController.cancelPlan': ['planId', 'idempotencyKey'],
    'SeatmatchController.pausePlan': ['planId', 'idempotencyKey'],
    'SeatmatchController.resumePlan': ['planId', 'idempotencyKey'],
    'SeatmatchController.compareNow': ['idempotencyKey'],
  });
});

test('a class that is no Apex is refused with its line', async () => {
  const { folder, remove } = copyProject();
  try {
    writeFileSync(join(folder, classes, 'SeatmatchPath.cls'), "public class SeatmatchPath {\n    String a = 'x' + ;\n}\n");
    writeFileSync(join(folder, classes, 'SeatmatchFault.cls'), "public class SeatmatchFault {\n\n    String b = '\\q';\n}\n");
    const { complaints } = await runCheck('check-apex-syntax.mjs', folder);
    const lines = complaints.map(({ file, line }) => `${file.replace(/^.*[\\/]/u, '')} ${line}`);
    expect(lines).toEqual(expect.arrayContaining(['SeatmatchPath.cls 2', 'SeatmatchFault.cls 3']));
  } finally {
    remove();
  }
});

test('the classes are written as prettier writes them, and another way is seen', async () => {
  expect(said(await runCheck('check-apex-format.mjs', project))).toEqual([]);
  const { folder, remove } = copyProject();
  try {
    const file = join(folder, classes, 'SeatmatchAccess.cls');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('    public static void requireReading', '  public  static void requireReading'),
    );
    expect(said(await runCheck('check-apex-format.mjs', folder))).toEqual([expect.stringContaining('SeatmatchAccess.cls: Prettier')]);
  } finally {
    remove();
  }
});

test('no test class sees the data of the org it runs in, and every class has one', () => {
  const source = (name: string) => readFileSync(join(project, classes, `${name}.cls`), 'utf8');
  for (const name of ['Access', 'Callout', 'Controller', 'Fault', 'Path', 'Settings']) {
    const text = source(`Seatmatch${name}Test`);
    expect(text).toMatch(/@IsTest\nprivate class/u);
    expect(text).not.toMatch(/SeeAllData/iu);
    expect(source(`Seatmatch${name}`)).toMatch(/^public with sharing class/mu);
  }
});

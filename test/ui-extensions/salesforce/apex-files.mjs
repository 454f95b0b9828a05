/** What every check of Apex begins with: the classes of an sfdx project. */
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} project the folder with sfdx-project.json */
export function apexFiles(project) {
  return globSync('force-app/**/*.{cls,trigger}', { cwd: project })
    .sort()
    .map((file) => join(project, file));
}

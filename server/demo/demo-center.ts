import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type AdminCenter,
  assignmentsLeft,
  licensePool,
  monthOf,
  type Person,
} from '../../connectors/linkedin-files/simulator/admin-center.ts';
import { uploadFile } from '../../connectors/linkedin-files/simulator/bulk-upload.ts';
import { advanceTo } from '../../connectors/linkedin-files/simulator/clock.ts';
import { type Command, carryOut } from '../../connectors/linkedin-files/simulator/commands.ts';
import { exportUsers } from '../../connectors/linkedin-files/simulator/export-users.ts';
import type { Clock } from '../jobs/clock.ts';
import { clockOfLeaps, type Leap } from './demo-clock.ts';
import { tellJournal } from './tell-journal.ts';

/** The demo's Admin Center and how far its clock is ahead: a file in the data directory, so that every process of the demo has them. */
interface DemoState {
  readonly leaps: readonly Leap[];
  readonly center: AdminCenter;
  /** SHA-256 of the newest exports it gave. */
  readonly exports: readonly string[];
}

const keptExports = 100;

const fileName = 'demo-admin-center.json';
const hourMs = 3_600_000;
/** An outage lasts until it is switched off. */
const outageHours = 24 * 365;
const byHand = 'you, in Admin Center';

/** What Admin Center does not do, in its own words. */
export class CenterRefused extends Error {
  override readonly name = 'CenterRefused';
}

export type DemoCenter = ReturnType<typeof openDemoCenter>;

/** Deletes the Admin Center of a data directory: what `--reset` begins anew with. */
export const removeDemoCenter = (dataDir: string): void => rmSync(path.join(dataDir, fileName), { force: true });

/** The Admin Center of the demo in this data directory; there is none before `begin`, and none after `end`. */
export function openDemoCenter(dataDir: string) {
  const file = path.join(dataDir, fileName);
  let state: DemoState | null = null;
  let seen = '';

  /** As the file has it now; another process may have changed it. */
  function look(): DemoState | null {
    const stats = statSync(file, { throwIfNoEntry: false });
    const version = stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : '';
    if (version !== seen) {
      seen = version;
      state = stats ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : null;
    }
    return state;
  }

  function keep(next: DemoState): void {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(`${file}.part`, JSON.stringify(next), { mode: 0o600 });
    renameSync(`${file}.part`, file);
  }

  const clock: Clock = clockOfLeaps(() => look()?.leaps ?? []);

  function present(): DemoState {
    const found = look();
    if (!found) throw new CenterRefused('The demo has ended: there is no made-up Admin Center any more.');
    advanceTo(found.center, clock.now().getTime());
    return found;
  }

  function change<Result>(act: (center: AdminCenter) => Result): Result {
    const found = present();
    try {
      const result = act(found.center);
      keep(found);
      return result;
    } catch (error) {
      // What was done before the refusal is not kept: the file says what holds.
      seen = 'unknown';
      throw error;
    }
  }

  const obey = (command: Command): void =>
    change((center) => {
      const refusal = carryOut(center, command);
      if (refusal) throw new CenterRefused(refusal.text);
    });

  const personOf = (center: AdminCenter, id: string): Person => {
    const person = center.people.find((one) => one.id === id);
    if (!person) throw new CenterRefused('This person is not in Admin Center (any more).');
    return person;
  };

  return {
    clock,
    isThere: (): boolean => look() !== null,
    /** Begins with a state; the clock stands where that stands, which is in the past while the demo's history is made. */
    begin: (center: AdminCenter): void => keep({ center, leaps: [{ at: 0, ahead: center.now - Date.now() }], exports: [] }),
    /** The machine's time from here on: the history is made. */
    arrive: (): void => {
      const { center, exports } = present();
      advanceTo(center, Date.now());
      keep({ center, exports, leaps: [] });
    },
    end: (): void => rmSync(file, { force: true }),

    /** As it is now, for LinkedIn's API in front of it. */
    now: (): AdminCenter => present().center,
    /** Keeps what was changed there. */
    changed: (): void => keep(present()),

    view() {
      const { center } = present();
      const count = (license: Person['license']): number => center.people.filter((person) => person.license === license).length;
      const month = monthOf(center.now);
      return {
        now: iso(center.now),
        aheadHours: Math.round((center.now - Date.now()) / hourMs),
        nextCrmJob: iso(center.nextCrmJob),
        crmJobRuns: center.crmOutageUntil === null || center.crmOutageUntil <= center.now,
        licenses: Object.entries(licensePool(center)).map(([type, { purchased, assigned, free }]) => ({ type, purchased, assigned, free })),
        assignments: { month, used: center.assignments[month] ?? 0, left: assignmentsLeft(center) },
        counts: { people: center.people.length, activated: count('activated'), invited: count('invited'), none: count('none') },
        invitations: center.people.filter(({ license }) => license === 'invited').map(shownPerson),
        uploads: center.uploads
          .toReversed()
          .slice(0, 8)
          .map(({ at, ...upload }) => ({ ...upload, at: iso(at), hasResult: center.results[upload.number] !== undefined })),
        journal: tellJournal(center, 20),
      };
    },

    /** By name, email or ID; at most twenty. */
    people(search: string) {
      const words = search.trim().toLowerCase();
      return present()
        .center.people.filter(({ givenName, familyName, profileEmail, uniqueUserId }) =>
          `${givenName} ${familyName} ${profileEmail} ${uniqueUserId}`.toLowerCase().includes(words),
        )
        .slice(0, 20)
        .map(shownPerson);
    },

    upload(name: string, bytes: Uint8Array) {
      return change((center) => {
        const { at, ...record } = uploadFile(center, name, bytes).record;
        return { ...record, at: iso(at), hasResult: true };
      });
    },

    /** LinkedIn's result file; null where it is kept no longer. */
    result(number: number): { readonly name: string; readonly text: string } | null {
      const { center } = present();
      const text = center.results[number];
      const upload = center.uploads.find((one) => one.number === number);
      return text === undefined || !upload ? null : { name: `${upload.name.replace(/\.csv$/iu, '')}-result.csv`, text };
    },

    export(license: Person['license'] | null) {
      const { center, leaps, exports } = present();
      const { csv, shown, asOf } = exportUsers(center, license === null ? {} : { status: license });
      keep({ center, leaps, exports: [...exports, hashOf(csv)].slice(-keptExports) });
      const stamp = asOf.slice(0, 16).replace(/[-:]/gu, '').replace('T', '-');
      return { name: `admin-center-users-${license === null ? 'all' : license}-${stamp}.csv`, csv, shown, asOf };
    },

    /** Whether this is an export it gave, unchanged: made-up people then, whoever brings it. */
    gave: (sha256: string): boolean => look()?.exports.includes(sha256) ?? false,

    accept: (id: string, wrongProfile: boolean): void => obey({ do: 'accept', person: id, wrongProfile }),

    resend: (ids: readonly string[] | null): void =>
      change((center) => {
        const invited = center.people.filter(({ license }) => license === 'invited').map(({ id }) => id);
        for (const person of ids ?? invited) {
          const refusal = carryOut(center, { do: 'resend-invitation', person, by: byHand });
          if (refusal) throw new CenterRefused(refusal.text);
        }
      }),

    edit(
      id: string,
      to: { readonly email?: string; readonly licenses?: readonly string[]; readonly crmSync?: boolean },
      by = byHand,
    ): void {
      change((center) => {
        personOf(center, id);
        const commands: Command[] = [];
        if (to.email !== undefined) commands.push({ do: 'set-email', person: id, email: to.email, by });
        if (to.licenses !== undefined) commands.push({ do: 'set-license', person: id, types: [...to.licenses], by });
        if (to.crmSync !== undefined) commands.push({ do: 'set-crm-sync', person: id, on: to.crmSync, by });
        for (const command of commands) {
          const refusal = carryOut(center, command);
          if (refusal) throw new CenterRefused(refusal.text);
        }
      });
    },

    setCrmJob: (runs: boolean): void => obey({ do: 'crm-outage', hours: runs ? 0 : outageHours }),

    /** Lets time pass here and for Seatmatch: LinkedIn's daily job runs when its hour strikes on the way. */
    pass(hours: number): void {
      const { center, leaps, exports } = present();
      const ahead = (leaps.at(-1)?.ahead ?? 0) + hours * hourMs;
      const at = Date.now();
      advanceTo(center, at + ahead);
      keep({ center, exports, leaps: [...leaps, { at, ahead }] });
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const iso = (moment: number): string => new Date(moment).toISOString();

const shownPerson = (person: Person) => ({
  id: person.id,
  name: `${person.givenName} ${person.familyName}`.trim(),
  email: person.license === 'none' ? person.profileEmail : person.licenseEmail,
  uniqueUserId: person.uniqueUserId,
  license: person.license,
  licenses: [...person.licenseTypes],
  crmMatch: person.crmMatch,
  crmSync: person.license === 'activated' ? person.crmSync : null,
  invitedAt: person.invitedAt === null ? null : iso(person.invitedAt),
  managedBy: person.managedBy,
  secondProfile: person.duplicateProfile,
});

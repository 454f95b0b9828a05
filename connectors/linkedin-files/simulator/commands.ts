import { z } from 'zod';
import {
  type AdminCenter,
  type Author,
  emailKey,
  findPerson,
  hourMs,
  licensePool,
  nextCycle,
  nextHour,
  type Person,
  type RefusalCode,
  refusalTexts,
  type Settings,
} from './admin-center.ts';
import { advanceTo } from './clock.ts';
import {
  accept,
  addPerson,
  giveLicense,
  refuseEmail,
  refuseLicense,
  removePerson,
  resendInvitation,
  setAttributes,
  setCrmSync,
  setEmail,
  takeLicense,
} from './write-person.ts';

const who = z.string();
/** An admin by name, for the journal. */
const by = z.string().default('another-admin');
const count = z.int().min(0);

const settingsPatch = z.strictObject({
  licenses: z.record(z.string(), count).optional(),
  defaultType: z.string().optional(),
  licenseOnGives: z.enum(['last-held', 'default']).optional(),
  monthlyAssignments: count.nullable().optional(),
  batchRows: z.int().min(1).optional(),
  largestUpload: z.strictObject({ rows: count, bytes: count }).optional(),
  uploadMinutes: z.number().min(0).optional(),
  combinedKinds: z.enum(['refused', 'applied']).optional(),
  emailSyncMinutes: z.number().min(0).optional(),
  shownAfterMinutes: z.strictObject({ email: z.number(), licenseOff: z.number(), licenseOn: z.number(), other: z.number() }).optional(),
  crm: z.strictObject({ jobHour: z.int().min(0).max(23), lagMinutes: z.number().min(0), onEmailChange: z.boolean() }).optional(),
  idpEdits: z.enum(['refused', 'overwritten']).optional(),
  identityCycleMinutes: z.number().min(1).optional(),
  seatIdShown: z.enum(['once-made', 'while-activated']).optional(),
  acceptance: z
    .strictObject({ afterHours: z.number().min(0), percent: z.number(), wrongProfilePercent: z.number() })
    .nullable()
    .optional(),
}) satisfies z.ZodType<{ [Name in keyof Settings]?: Settings[Name] | undefined }>;

/**
 * What somebody can do beside uploads and exports: an admin in Admin Center by hand, a person with their invitation, time, the CRM,
 * and the test itself.
 */
export const commandSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('set-email'), person: who, email: z.string(), by }),
  /** Exactly these license types; none is "No license". */
  z.strictObject({ do: z.literal('set-license'), person: who, types: z.array(z.string()), by }),
  z.strictObject({
    do: z.literal('add-user'),
    email: z.string(),
    givenName: z.string().default(''),
    familyName: z.string().default(''),
    uniqueUserId: z.string().default(''),
    types: z.array(z.string()).default([]),
    by,
  }),
  z.strictObject({ do: z.literal('remove-user'), person: who, by }),
  z.strictObject({ do: z.literal('set-groups'), person: who, groups: z.array(z.string()), by }),
  z.strictObject({ do: z.literal('set-permission'), person: who, permission: z.enum(['', 'admin', 'reporting']), by }),
  z.strictObject({ do: z.literal('set-unique-id'), person: who, uniqueUserId: z.string(), by }),
  z.strictObject({ do: z.literal('set-crm-sync'), person: who, on: z.boolean(), by }),
  z.strictObject({ do: z.literal('resend-invitation'), person: who, by }),
  /** By the person; `inviteId` is the invitation they hold, by default the newest. */
  z.strictObject({ do: z.literal('accept'), person: who, inviteId: z.string().optional(), wrongProfile: z.boolean().default(false) }),
  /** Everybody with an open invitation. */
  z.strictObject({ do: z.literal('accept-all') }),
  z.strictObject({ do: z.literal('use'), person: who }),
  z.strictObject({ do: z.literal('join-profiles'), person: who, by }),
  z.strictObject({ do: z.literal('advance'), hours: z.number().min(0) }),
  z.strictObject({ do: z.literal('advance-to'), moment: z.iso.datetime() }),
  z.strictObject({ do: z.literal('set-crm-emails'), emails: z.array(z.string()) }),
  /** The CRM job does not run for so many hours. */
  z.strictObject({ do: z.literal('crm-outage'), hours: z.number().min(0) }),
  /** What the identity provider has for somebody; it writes it at its next cycle. */
  z.strictObject({ do: z.literal('set-idp-email'), person: who, email: z.string() }),
  /** Another writer holds so many licenses of a type. */
  z.strictObject({ do: z.literal('take-licenses'), type: z.string(), count }),
  /** Another writer takes the next licenses as soon as they are free. */
  z.strictObject({ do: z.literal('take-next-free'), count }),
  z.strictObject({ do: z.literal('settings'), settings: settingsPatch }),
]);
export type Command = z.input<typeof commandSchema>;

export interface Refusal {
  readonly code: RefusalCode;
  readonly text: string;
}

/** Does one command. Null: done, or it held already; else why Admin Center does not do it, and nothing changed. */
export function carryOut(center: AdminCenter, command: Command): Refusal | null {
  const code = attempt(center, commandSchema.parse(command));
  return code === null ? null : { code, text: refusalTexts[code] };
}

function attempt(center: AdminCenter, command: z.output<typeof commandSchema>): RefusalCode | null {
  switch (command.do) {
    case 'advance':
      advanceTo(center, center.now + command.hours * hourMs);
      return null;
    case 'advance-to':
      advanceTo(center, Date.parse(command.moment));
      return null;
    case 'set-crm-emails':
      center.crmEmails = command.emails.map(emailKey);
      return null;
    case 'crm-outage':
      center.crmOutageUntil = center.now + command.hours * hourMs;
      return null;
    case 'take-licenses':
      if (licensePool(center)[command.type] === undefined) return 'unknown-type';
      center.takenByOthers[command.type] = command.count;
      return null;
    case 'take-next-free':
      center.takesNextFree = command.count;
      return null;
    case 'settings':
      Object.assign(center.settings, structuredClone(command.settings));
      // Another hour or another cycle counts from now on.
      if (command.settings.crm) center.nextCrmJob = nextHour(center, center.now);
      if (command.settings.identityCycleMinutes) center.nextIdentityCycle = nextCycle(center);
      return null;
    case 'accept-all':
      for (const person of center.people) accept(center, person);
      return null;
    case 'add-user': {
      const { email, types, givenName, familyName, uniqueUserId } = command;
      const refusal = refuseEmail(center, null, email) ?? refuseLicense(center, null, types);
      if (refusal !== null) return refusal;
      const author = { by: command.by, upload: null };
      const person = addPerson(center, { profileEmail: email, source: 'manual', givenName, familyName, uniqueUserId }, author);
      giveLicense(center, person, types, author);
      return null;
    }
    default: {
      const person = findPerson(center, command.person);
      return person ? attemptOn(center, person, command) : 'no-such-person';
    }
  }
}

type OnPerson = Extract<z.output<typeof commandSchema>, { person: string }>;

/** Hand edits that an identity provider may own. */
const ownedByIdp: readonly OnPerson['do'][] = ['set-email', 'set-license', 'remove-user', 'set-unique-id', 'set-groups'];

function attemptOn(center: AdminCenter, person: Person, command: OnPerson): RefusalCode | null {
  if (person.source === 'idp' && center.settings.idpEdits === 'refused' && ownedByIdp.includes(command.do)) return 'idp-owned';
  const author: Author = { by: 'by' in command ? command.by : 'the-person', upload: null };
  switch (command.do) {
    case 'set-email': {
      const refusal = refuseEmail(center, person, command.email);
      if (refusal === null) setEmail(center, person, command.email, author);
      return refusal;
    }
    case 'set-license': {
      const refusal = refuseLicense(center, person, command.types);
      if (refusal !== null) return refusal;
      const dropped = person.licenseTypes.filter((type) => !command.types.includes(type));
      if (dropped.length > 0 || (command.types.length === 0 && person.license !== 'none')) takeLicense(center, person, dropped, author);
      giveLicense(center, person, command.types, author);
      return null;
    }
    case 'remove-user':
      removePerson(center, person, author);
      return null;
    case 'set-groups':
      setAttributes(center, person, { groups: command.groups }, author);
      return null;
    case 'set-permission':
      setAttributes(center, person, { permission: command.permission }, author);
      return null;
    case 'set-unique-id':
      setAttributes(center, person, { uniqueUserId: command.uniqueUserId }, author);
      return null;
    case 'set-crm-sync':
      return setCrmSync(center, person, command.on, author);
    case 'resend-invitation':
      return resendInvitation(center, person, author);
    case 'accept':
      return accept(center, person, {
        wrongProfile: command.wrongProfile,
        ...(command.inviteId === undefined ? {} : { inviteId: command.inviteId }),
      });
    case 'use':
      if (person.license !== 'activated') return 'not-activated';
      person.lastAccess = center.now;
      return null;
    case 'join-profiles':
      person.duplicateProfile = false;
      return null;
    case 'set-idp-email':
      person.idpEmail = command.email;
      return null;
  }
}

import * as messages from './messages.ts';

/** The functions of messages.ts that write a message. */
export type MessageName = {
  [Name in keyof typeof messages]: (typeof messages)[Name] extends (...facts: never[]) => messages.Message ? Name : never;
}[keyof typeof messages];

export interface MessageKind {
  readonly label: string;
  /** Who reads it. */
  readonly to: string;
  readonly when: string;
  readonly channel: 'mail' | 'chat';
  /** To somebody made up. */
  readonly example: messages.Message;
}

const anna = { name: 'Anna Ahlund' };
const company = 'Northwind';
const file = 'email-change-2026-11-21-a.csv';
const universalLink = 'https://www.linkedin.com/sales/activate/example';
const aPlan = '/plans';
const answer = '/answer/example';

/** Every message there is, each with an example: one more in messages.ts does not compile without one here. */
export const messageKinds: Readonly<Record<MessageName, MessageKind>> = {
  askPersonMessage: {
    label: 'Your license moves',
    to: 'The person',
    when: 'A full rematch is approved. Nothing is removed before they answer.',
    channel: 'mail',
    example: messages.askPersonMessage({
      ...anna,
      company,
      moveOn: '2026-12-01',
      crmName: 'Salesforce',
      until: '2026-11-30T22:00:00Z',
      href: answer,
    }),
  },
  addressFirstMessage: {
    label: 'Add your work email first',
    to: 'The person',
    when: 'An admin asks, before the first invitation.',
    channel: 'mail',
    example: messages.addressFirstMessage({ ...anna, until: '2026-12-30T00:00:00Z', href: answer }),
  },
  invitationReminder: {
    label: 'Your license waits',
    to: 'The person',
    when: 'An invitation is open. By itself where the settings say so, or when an admin sends it.',
    channel: 'mail',
    example: messages.invitationReminder({ ...anna, number: 1, invitedAt: '2026-11-17T00:00:00Z', universalLink }),
  },
  onboardingReminder: {
    label: 'Your new invitation waits',
    to: 'The person',
    when: '1, 2 and 4 working days after a repair gave the license back.',
    channel: 'mail',
    example: messages.onboardingReminder({
      ...anna,
      company,
      day: 2,
      href: 'https://www.linkedin.com/help/sales-navigator/answer/a105138',
    }),
  },
  noteMessage: {
    label: 'In an admin’s own words',
    to: 'Several people, each on their own',
    when: 'An admin writes it to a list of license holders.',
    channel: 'mail',
    example: messages.noteMessage({
      ...anna,
      subject: 'Your Sales Navigator email changes',
      text: 'On that day the email of your license becomes your new work address. You need to do nothing.',
      on: '2026-12-01',
    }),
  },
  invitationPost: {
    label: 'Licenses that wait',
    to: 'The team’s chat',
    when: 'An admin posts it.',
    channel: 'chat',
    example: messages.invitationPost({ names: ['Anna Ahlund', 'Bo Berger'], universalLink }),
  },
  managerReminder: {
    label: 'Somebody of your team is not in yet',
    to: 'Their manager',
    when: 'Two working days after a repair gave the license back.',
    channel: 'mail',
    example: messages.managerReminder({ name: null, person: 'Anna Ahlund', company, href: aPlan }),
  },
  stuckOnboardingReminder: {
    label: 'Somebody can’t get in',
    to: 'The admin',
    when: 'Five working days after a repair gave the license back.',
    channel: 'mail',
    example: messages.stuckOnboardingReminder({ name: null, person: 'Anna Ahlund', days: 5, href: '/people' }),
  },
  uploadedReminder: {
    label: 'Uploaded?',
    to: 'Who carries the files',
    when: '1, 3 and 7 days after a file was downloaded.',
    channel: 'mail',
    example: messages.uploadedReminder({ name: null, file, days: 1, href: aPlan }),
  },
  proofReminder: {
    label: 'Bring back the proof',
    to: 'Who carries the files',
    when: '1, 3 and 7 days after a file was uploaded.',
    channel: 'mail',
    example: messages.proofReminder({ name: null, file, days: 3, href: aPlan }),
  },
  giveBackReminder: {
    label: 'Give the license back',
    to: 'Who carries the files',
    when: 'Licenses are off, and the file that gives them back is not uploaded.',
    channel: 'mail',
    example: messages.giveBackReminder({ name: null, names: ['Anna Ahlund', 'Bo Berger'], since: '10:14', href: aPlan }),
  },
  autoRepairNotice: {
    label: 'A file waits',
    to: 'Who carries the files',
    when: 'A schedule corrected emails by itself and made a file of them.',
    channel: 'mail',
    example: messages.autoRepairNotice({ name: null, count: 4, schedule: 'Every weekday', file, href: aPlan }),
  },
  stoppedNotice: {
    label: 'A file was stopped',
    to: 'Who carries the files',
    when: 'Nobody touched a file of emails for 14 days.',
    channel: 'mail',
    example: messages.stoppedNotice({ name: null, file, days: 14, href: aPlan }),
  },
  sittingReminder: {
    label: 'A sitting begins soon',
    to: 'Who carries the files',
    when: 'An hour before a planned sitting.',
    channel: 'mail',
    example: messages.sittingReminder({ name: null, count: 3, at: 'Tuesday 10:00 UTC', minutes: 20, href: aPlan }),
  },
  newExportReminder: {
    label: 'Bring a new export',
    to: 'Who carries the files',
    when: 'The wait for LinkedIn’s daily job is over.',
    channel: 'mail',
    example: messages.newExportReminder({ name: null, count: 37, href: aPlan }),
  },
  reportDigestMessage: {
    label: 'Digest of the report',
    to: 'Whom the settings name',
    when: 'On the days and at the time of the settings; never where nothing changed.',
    channel: 'mail',
    example: messages.reportDigestMessage({
      name: null,
      changes: [
        { change: 'new', names: ['Anna Ahlund', 'Bo Berger'] },
        { change: 'repaired', names: ['Cem Cole'] },
      ],
      notMatched: 41,
      licenses: 90,
      cost: { perMonth: 4_100, currency: 'EUR' },
      href: '/report?from=3',
    }),
  },
  nextWaveReminder: {
    label: 'The next wave',
    to: 'Who gets alarms',
    when: 'A new month has begun, and people wait for its assignments.',
    channel: 'mail',
    example: messages.nextWaveReminder({ name: null, count: 11, month: 'November', nextOn: '2026-12-01', href: aPlan }),
  },
  alarmMessage: {
    label: 'Alarm',
    to: 'Who gets alarms',
    when: 'Something must not wait: somebody has no license, a repair is stuck, a comparison did not run. And every event of Alerts, once.',
    channel: 'mail',
    example: messages.alarmMessage({ sentence: 'Anna Ahlund has no license since 10:14 UTC.', label: 'Give everyone back', href: aPlan }),
  },
  alarmEndedMessage: {
    label: 'Alarm is over',
    to: 'Who gets alarms',
    when: 'What an alarm was mailed about is over.',
    channel: 'mail',
    example: messages.alarmEndedMessage({ sentence: 'Anna Ahlund has no license since 10:14 UTC.', href: aPlan }),
  },
  openOnDesktopMessage: {
    label: 'Open this on a desktop',
    to: 'Whoever sits at a phone',
    when: 'They press “Send me the link”: LinkedIn’s admin pages need a desktop.',
    channel: 'mail',
    example: messages.openOnDesktopMessage('Admin', '/invitations'),
  },
  testMessage: {
    label: 'Test mail',
    to: 'Whom an admin names',
    when: 'An admin tries in the settings whether mail arrives.',
    channel: 'mail',
    example: messages.testMessage('Admin'),
  },
  testPost: {
    label: 'Test post',
    to: 'The team’s chat',
    when: 'An admin tries in the settings whether posts arrive.',
    channel: 'chat',
    example: messages.testPost('Admin'),
  },
};

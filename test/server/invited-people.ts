/** One person of a company whose invitations are looked at. */
export interface Invited {
  readonly id: string;
  readonly name: string;
  readonly status: 'Invited' | 'Activated' | 'No license';
  /** YYYY-MM-DD; the column is left out where nobody has it. */
  readonly invited?: string;
  readonly activated?: string;
  readonly team?: string;
  readonly manager?: string;
  readonly email?: string;
}

const emailOf = ({ name, email }: Invited): string => email ?? `${name.toLowerCase().replace(' ', '.')}@acme.example`;

/** Admin Center's export. The seat id is made at activation (LinkedIn help a7762565). */
export const invitedExport = (people: readonly Invited[], dates = true): string =>
  [
    `seat_id,invited_email_address,name,unique_user_id,license_status,license_type${dates ? ',last_invited_date,activated_date' : ''}`,
    ...people.map((person) =>
      [
        person.status === 'Activated' ? `SEAT-${person.id}` : '',
        emailOf(person),
        person.name,
        `E${person.id}`,
        person.status,
        person.status === 'No license' ? '' : 'Sales Navigator Advanced Plus',
        ...(dates ? [person.invited ?? '', person.activated ?? ''] : []),
      ].join(','),
    ),
    '',
  ].join('\n');

/** Salesforce's users, managers among them; nobody of `without` has a license. */
export const invitedUsers = (people: readonly Invited[], without: readonly Invited[] = []): string => {
  const all = [...people, ...without];
  const idOf = (id: string) => `0055g00000${id.padStart(5, '0')}AAA`;
  const managers = [...new Set(all.map(({ manager }) => manager).filter((name) => name !== undefined))];
  const managerId = (name: string) => idOf(`9${String(managers.indexOf(name)).padStart(3, '0')}`);
  return [
    'Id,Email,Name,IsActive,EmployeeNumber,UserType,Department,ManagerId',
    ...all.map((person) =>
      [
        idOf(person.id),
        emailOf(person),
        person.name,
        'true',
        `E${person.id}`,
        'Standard',
        person.team ?? 'Sales',
        person.manager === undefined ? '' : managerId(person.manager),
      ].join(','),
    ),
    ...managers.map((name) =>
      [managerId(name), `${name.toLowerCase()}@acme.example`, name, 'true', '', 'Standard', 'Management', ''].join(','),
    ),
    '',
  ].join('\n');
};

export const oldDomain = 'old-acme.example';
export const companyDomain = 'acme.example';
export const licenseType = 'Sales Navigator Advanced Plus';

export interface BenchPerson {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly local: string;
}

export function personOf(index: number): BenchPerson {
  const id = String(index).padStart(6, '0');
  return { id, given: `Given${index % 977}`, family: `Family${id}`, local: `given${index % 977}.family${id}` };
}

const lines = (header: string, rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;

/** What Admin Center exports for people whose domain became another one. */
export const licensesOf = (people: readonly BenchPerson[]): string =>
  lines(
    'seat_id,invited_email_address,preferred_first_name,preferred_last_name,unique_user_id,sales_license_current_status,license_status,license_type',
    people.map(
      ({ id, given, family, local }) => `LIC-${id},${local}@${oldDomain},${given},${family},E${id},active,Activated,${licenseType}`,
    ),
  );

/** What Salesforce exports for them. */
export const usersOf = (people: readonly BenchPerson[]): string =>
  lines(
    'Id,Email,Name,IsActive,EmployeeNumber,UserType',
    people.map(
      ({ id, given, family, local }) =>
        `0055g000${id.padStart(7, '0')}AAA,${local}@${companyDomain},${given} ${family},true,E${id},Standard`,
    ),
  );

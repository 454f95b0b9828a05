import { expect, it } from 'vitest';
import { readDirectoryFile } from '../../../connectors/directory-csv/connector.ts';
import { FileRefused } from '../../../connectors/errors.ts';

const read = (text: string) => readDirectoryFile(Buffer.from(text), 'people.csv');

it('reads Okta’s people: the second email, not the login', async () => {
  const { people } = await read(
    'login,email,secondEmail,firstName,lastName,employeeNumber\nann@corp.example,ann@acme.example,ann@home.example,Ann,Roe,E1\n',
  );
  expect(people).toEqual([{ addresses: ['ann@acme.example', 'ann@home.example'], employeeNumber: 'E1', entraObjectId: null }]);
});

it('reads Entra’s users: SMTP addresses of proxyAddresses, and nothing else of it', async () => {
  const { people } = await read(
    'userPrincipalName,displayName,mail,objectId,employeeId,proxyAddresses\n' +
      'a@acme.onmicrosoft.example,Ann,ann@acme.example,0000-A,E1,"SMTP:ann@acme.example;smtp:ann.roe@oldco.example;X500:/o=Acme/cn=a@b;SIP:ann@acme.example"\n' +
      'b@acme.onmicrosoft.example,Bo,bo@acme.example,,,"[""smtp:bo.li@oldco.example""]"\n',
  );
  expect(people).toEqual([
    { addresses: ['ann@acme.example', 'ann.roe@oldco.example'], employeeNumber: 'E1', entraObjectId: '0000-A' },
    { addresses: ['bo@acme.example', 'bo.li@oldco.example'], employeeNumber: null, entraObjectId: null },
  ]);
});

it('reads Google’s users: both secondary emails, and never the recovery email, which can be somebody else’s', async () => {
  const { people } = await read(
    'First Name [Required],Last Name [Required],Email Address [Required],Recovery Email,Home Secondary Email,Work Secondary Email,Employee ID\n' +
      'Ann,Roe,ann@acme.example,spouse@home.example,ann@home.example,ann@oldco.example,E1\n',
  );
  expect(people).toEqual([
    { addresses: ['ann@acme.example', 'ann@home.example', 'ann@oldco.example'], employeeNumber: 'E1', entraObjectId: null },
  ]);
});

it('takes the sign-in name for the email where there is no column of emails', async () => {
  expect((await read('userPrincipalName,employeeId\nann@acme.example,E1\n')).people).toMatchObject([{ addresses: ['ann@acme.example'] }]);
});

it('counts rows that do not fit, and refuses a file without emails', async () => {
  expect(await read('mail,employeeId\nann@acme.example,E1\nbo@acme.example,E2,more,more\n')).toMatchObject({ rejected: 1, people: [{}] });
  await expect(read('first,last\nAnn,Roe\n')).rejects.toThrow(FileRefused);
});

import type { UserField } from '../connector.ts';
import type { Aliases } from '../csv.ts';

/**
 * Headers of the users exports we know, as headerKey writes them, best first.
 * Salesforce: Data Loader writes API names (object reference, User), reports write labels. HubSpot: Settings → Users → Export.
 * Zoho: API names of GET /crm/v8/users and the labels of its export. Dynamics: systemuser columns and the labels of its Excel export.
 */
export const userAliases: Aliases<UserField> = {
  id: ['id', 'userid', 'systemuserid', 'donotmodifyuser', 'hubspotuserid', 'zohouserid', 'hsobjectid', 'crmuserid', 'crmid', 'recordid'],
  email: [
    'email',
    'internalemailaddress',
    'primaryemail',
    'emailaddress',
    'useremail',
    'workemail',
    'businessemail',
    'emailid',
    'hsemail',
    'mail',
  ],
  givenName: ['firstname', 'givenname', 'preferredfirstname', 'forename', 'first'],
  familyName: ['lastname', 'familyname', 'preferredlastname', 'surname', 'last'],
  displayName: ['name', 'fullname', 'displayname', 'user', 'usersname'],
  active: ['isactive', 'active', 'status', 'userstatus', 'accountstatus', 'enabled', 'isenabled', 'accountenabled'],
  disabled: ['isdisabled', 'disabled', 'deactivated', 'isdeactivated', 'hsdeactivated', 'inactive', 'isinactive', 'archived'],
  employeeNumber: ['employeenumber', 'employeeid', 'employeeno', 'personnelnumber', 'staffnumber', 'workerid'],
  federationId: ['federationidentifier', 'federationid', 'samlfederationid', 'singlesignonid'],
  entraObjectId: ['azureactivedirectoryobjectid', 'azureadobjectid', 'entraobjectid', 'microsoftentraobjectid', 'aadobjectid'],
  userName: ['username', 'domainname', 'userprincipalname', 'upn', 'login', 'loginname'],
  department: ['department', 'primaryteam', 'mainteam', 'team', 'businessunit', 'division'],
  title: ['title', 'jobtitle', 'hsjobtitle', 'position'],
  manager: ['managerid', 'manager', 'managername', 'manageremail', 'parentsystemuserid', 'reportingto', 'reportsto'],
  role: ['userrolename', 'role', 'rolename', 'userrole', 'roles', 'securityroles', 'userroleid', 'permissionset', 'permissionsets'],
  profile: ['profilename', 'profile', 'profileid'],
  lastLogin: ['lastlogindate', 'lastlogin', 'lastactive', 'lastactivedate', 'lastlogintime', 'lastloggedin', 'lastaccesstime'],
  userType: ['usertype', 'accessmode'],
  userLicense: ['profileuserlicensename', 'userlicensename', 'userlicense', 'seat', 'seats', 'seattype', 'seatnames'],
  confirmed: ['confirmed', 'confirm', 'isconfirmed', 'confirmationstatus', 'invitationaccepted'],
  createdAt: ['createddate', 'createdtime', 'createdon', 'createdat', 'createdate', 'dateadded', 'created'],
  inactiveSince: ['inactivesince', 'deactivatedat', 'deactivateddate', 'deactivatedon', 'deactivationdate'],
  secondaryEmails: [
    'secondaryemails',
    'secondaryemail',
    'alternateemails',
    'alternateemail',
    'otheremails',
    'otheremail',
    'emailaliases',
    'proxyaddresses',
    'personalemailaddress',
    'personalemail',
    'email2',
  ],
};

export const crmNames = ['salesforce', 'hubspot', 'zoho', 'dynamics'] as const;
export type CrmName = (typeof crmNames)[number];

/** Headers that only one CRM writes. */
const ofOneCrm: Readonly<Record<CrmName, readonly string[]>> = {
  salesforce: [
    'isactive',
    'federationidentifier',
    'profilename',
    'profileid',
    'profileuserlicensename',
    'userroleid',
    'userrolename',
    'usertype',
    'lastlogindate',
    'employeenumber',
    'samlfederationid',
    'managerid',
  ],
  hubspot: [
    'hsobjectid',
    'hubspotuserid',
    'hsemail',
    'hsdeactivated',
    'hsjobtitle',
    'superadmin',
    'permissionset',
    'permissionsets',
    'primaryteam',
    'mainteam',
    'additionalteams',
    'partneruser',
    'seat',
    'seats',
    'deactivated',
  ],
  zoho: ['zuid', 'zohouserid', 'confirm', 'confirmed', 'reportingto', 'personalaccount', 'statusreasons', 'createdtime', 'modifiedtime'],
  dynamics: [
    'systemuserid',
    'internalemailaddress',
    'azureactivedirectoryobjectid',
    'donotmodifyuser',
    'donotmodifyrowchecksum',
    'donotmodifymodifiedon',
    'domainname',
    'accessmode',
    'isdisabled',
    'primaryemail',
    'businessunit',
    'applicationid',
    'islicensed',
  ],
};

/** Ids tell more than headers do: they are the CRM's own. */
const idOfOneCrm: readonly (readonly [CrmName, RegExp])[] = [
  ['salesforce', /^005[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?$/],
  ['dynamics', /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i],
  ['zoho', /^(?:zcrm_)?\d{16,19}$/],
  ['hubspot', /^\d{4,12}$/],
];

/** Which CRM wrote a file, by its headers (as headerKey writes them) and the first row's id; `other` when one sign alone or two CRMs fit. */
export function recognizeCrm(keys: readonly string[], firstId: string): CrmName | 'other' {
  const points = (crm: CrmName) => {
    const headers = ofOneCrm[crm].filter((key) => keys.includes(key)).length;
    return headers + (idOfOneCrm.find(([, shape]) => shape.test(firstId.trim()))?.[0] === crm ? 2 : 0);
  };
  const ranked = crmNames.map((crm) => [crm, points(crm)] as const).sort((a, b) => b[1] - a[1]);
  const [first, second] = ranked;
  return first && second && first[1] >= 2 && first[1] > second[1] ? first[0] : 'other';
}

/** Headers that only LinkedIn Admin Center or an upload to it has (help a7762565). */
const ofLinkedIn = [
  'invitedemailaddress',
  'existingemailaddress',
  'seatid',
  'uniqueuserid',
  'saleslicensecurrentstatus',
  'teamlinkextendlicensecurrentstatus',
  'licensetype',
  'licensestatus',
  'adminpermission',
  'lastinviteddate',
  'inviteddate',
  'activateddate',
  'crmsyncstatus',
];

/** The headers, as headerKey writes them, that show a file to come from LinkedIn and not from a CRM. */
export function linkedInHeaders(keys: readonly string[]): readonly string[] {
  const fromCrm = crmNames.some((crm) => ofOneCrm[crm].some((key) => keys.includes(key)));
  const fromLinkedIn = keys.filter((key) => ofLinkedIn.includes(key));
  return fromCrm && fromLinkedIn.length < 2 ? [] : fromLinkedIn;
}

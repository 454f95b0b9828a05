import type { AccountField } from '../connector.ts';
import type { Aliases } from '../csv.ts';

/**
 * Headers of Admin Center's user exports, as headerKey writes them, best first: the template's names (LinkedIn help a7762565), the older
 * spellings of the ID column (a133029), and the labels on screen. LinkedIn publishes no full list, so labels are our reading of its pages.
 */
export const accountAliases: Aliases<AccountField> = {
  // Of a connection only.
  id: [],
  seatId: ['seatid', 'salesnavigatorseatid', 'licenseid'],
  email: ['invitedemailaddress', 'invitedemail', 'email', 'emailaddress', 'workemail', 'useremail', 'primaryemail'],
  givenName: ['preferredfirstname', 'firstname', 'givenname'],
  familyName: ['preferredlastname', 'lastname', 'familyname', 'surname'],
  displayName: ['name', 'fullname', 'displayname', 'user'],
  uniqueUserId: ['uniqueuserid', 'employeeid', 'employeeuserid', 'uniqueid', 'externalid'],
  salesLicense: [
    'saleslicensecurrentstatus',
    'saleslicensestatus',
    'salesnavigatorlicensecurrentstatus',
    'salesnavigatorlicensestatus',
    'saleslicense',
  ],
  teamLinkLicense: [
    'teamlinkextendlicensecurrentstatus',
    'teamlinkextendlicensestatus',
    'teamlinklicensecurrentstatus',
    'teamlinklicensestatus',
    'teamlinkextend',
  ],
  licenseStatus: ['licensestatus', 'status', 'seatstatus', 'userstatus', 'activationstatus', 'invitationstatus', 'invitestatus'],
  licenseType: [
    'licensetype',
    'licensetypes',
    'license',
    'licenses',
    'licensename',
    'assignedlicense',
    'assignedlicenses',
    'seattype',
    'product',
  ],
  adminPermission: ['adminpermission', 'adminpermissions', 'permission', 'permissions', 'adminrole', 'role'],
  groups: ['groups', 'group', 'groupnames', 'usergroups'],
  lastAccess: ['lastaccessdate', 'lastaccess', 'lastaccessed', 'lastactivedate', 'lastactive', 'lastlogin'],
  invitedAt: ['lastinviteddate', 'inviteddate', 'lastinvited', 'invitedat', 'invitedon', 'dateinvited', 'invitationdate'],
  activatedAt: ['activateddate', 'activatedat', 'activatedon', 'dateactivated', 'activationdate'],
  crmSyncStatus: ['crmsyncstatus', 'crmmatchstatus', 'crmstatus', 'crmmatch'],
  crmSync: ['crmsync', 'enablecrmsync', 'crmsyncenabled', 'crmenabled', 'enablecrm'],
  managedBy: ['managedby', 'source', 'usersource', 'identityprovider', 'idp', 'provisionedby'],
};

const ofLinkedIn = [
  ...accountAliases.uniqueUserId.filter((key) => key.endsWith('userid')),
  ...accountAliases.salesLicense,
  ...accountAliases.teamLinkLicense,
  ...accountAliases.crmSyncStatus,
  'invitedemailaddress',
  'existingemailaddress',
  'preferredfirstname',
  'preferredlastname',
  'seatid',
  'licensetype',
  'licensestatus',
  'license',
  'licenses',
  'adminpermission',
  'lastinviteddate',
  'inviteddate',
  'activateddate',
];

/** Headers that a CRM writes and Admin Center does not. */
const ofCrm = [
  'id',
  'userid',
  'isactive',
  'username',
  'usertype',
  'federationidentifier',
  'samlfederationid',
  'employeenumber',
  'profilename',
  'profileid',
  'profileuserlicensename',
  'userrolename',
  'userroleid',
  'managerid',
  'lastlogindate',
  'systemuserid',
  'internalemailaddress',
  'domainname',
  'isdisabled',
  'azureactivedirectoryobjectid',
  'accessmode',
  'donotmodifyuser',
  'donotmodifyrowchecksum',
  'zuid',
  'confirm',
  'confirmed',
  'reportingto',
  'hsobjectid',
  'hubspotuserid',
  'superadmin',
  'permissionsets',
  'primaryteam',
  'deactivated',
];

/** The headers, as headerKey writes them, that show a file to come from a CRM and not from LinkedIn. */
export function crmHeaders(keys: readonly string[]): readonly string[] {
  return keys.some((key) => ofLinkedIn.includes(key)) ? [] : keys.filter((key) => ofCrm.includes(key));
}

const usage =
  /^(?:daysactive|activedays|searches|profile(?:s)?view|viewedprofile|(?:saved)?(?:leads|accounts)(?:saved)?$|inmail|messagessent|connection|smartlink|ssi$|socialsellingindex)/;

/**
 * What kind of file LinkedIn wrote: its answer to an upload (has `Messages`, help a106098), a file made for uploading, a usage report
 * (a103027: at least two of its measures), or a list of users.
 */
export function recognizeKind(keys: readonly string[]): 'upload-result' | 'upload' | 'usage-report' | 'users' {
  if (keys.includes('messages')) return 'upload-result';
  if (keys.includes('existingemailaddress')) return 'upload';
  return keys.filter((key) => usage.test(key)).length >= 2 ? 'usage-report' : 'users';
}

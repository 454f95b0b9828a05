// node check-metadata.mjs PROJECT: what stands in the XML of the org's parts and is not allowed there, as JSON. Salesforce publishes no schema for most of
// it, and the deploy tools do not look inside; so this is a list of what we use, and anything else wants a look at the documentation first.
import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { XMLParser } from 'fast-xml-parser';

const project = resolve(process.argv[2]);
const { sourceApiVersion } = JSON.parse(readFileSync(join(project, 'sfdx-project.json'), 'utf8'));
const complaints = [];
const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  isArray: (element, _path, _isLeaf, isAttribute) => !isAttribute && element !== '?xml',
});

/** [least, most, what it holds]: a pattern for text, a table for elements; keys with @_ are attributes. */
const one = (holds) => [1, 1, holds];
const maybe = (holds) => [0, 1, holds];
const some = (holds) => [1, Infinity, holds];
const any = (holds) => [0, Infinity, holds];
const text = /^\S[^\n]*$/;
const yesOrNo = /^(true|false)$/;
const name = /^[A-Za-z][\w]*$/;
const number = /^\d+$/;
const version = new RegExp(`^${sourceApiVersion.replace('.', '\\.')}$`);
const namespace = { '@_xmlns': one(/^http:\/\/soap\.sforce\.com\/2006\/04\/metadata$/) };
const target = /^lightning__(AppPage|HomePage|RecordPage|Tab)$/;

const shapes = {
  LightningComponentBundle: {
    apiVersion: one(version),
    isExposed: one(yesOrNo),
    masterLabel: maybe(text),
    description: maybe(text),
    targets: maybe({ target: some(target) }),
    targetConfigs: maybe({
      targetConfig: some({
        '@_targets': one(/^lightning__\w+(,\s*lightning__\w+)*$/),
        objects: maybe({ object: some(/^User$/) }),
        supportedFormFactors: maybe({ supportedFormFactor: some({ '@_type': one(/^(Large|Small)$/) }) }),
      }),
    }),
  },
  ApexClass: { apiVersion: one(version), status: one(/^Active$/) },
  CustomPermission: { description: one(text), isLicensed: one(/^false$/), label: one(text) },
  PermissionSet: {
    applicationVisibilities: one({ application: one(name), visible: one(/^true$/) }),
    classAccesses: some({ apexClass: one(name), enabled: one(/^true$/) }),
    customPermissions: some({ enabled: one(/^true$/), name: one(name) }),
    description: one(text),
    externalCredentialPrincipalAccesses: one({ enabled: one(/^true$/), externalCredentialPrincipal: one(/^\w+-\w+$/) }),
    hasActivationRequired: one(/^false$/),
    label: one(text),
    // The tokens' own object: without reading it nobody makes an authenticated callout. More than that no panel needs.
    objectPermissions: one({
      allowCreate: one(/^false$/),
      allowDelete: one(/^false$/),
      allowEdit: one(/^false$/),
      allowRead: one(/^true$/),
      modifyAllRecords: one(/^false$/),
      object: one(/^UserExternalCredential$/),
      viewAllRecords: one(/^false$/),
    }),
    tabSettings: some({ tab: one(name), visibility: one(/^Visible$/) }),
  },
  // A token is typed in by an admin: a parameter of any other kind could bring one.
  ExternalCredential: {
    authenticationProtocol: one(/^Custom$/),
    description: maybe(text),
    externalCredentialParameters: some({
      parameterName: one(name),
      parameterType: one(/^(NamedPrincipal|AuthHeader)$/),
      parameterValue: maybe(/^\{!'Bearer ' & \$Credential\.\w+\.Token\}$/),
      sequenceNumber: one(number),
    }),
    label: one(text),
  },
  NamedCredential: {
    allowMergeFieldsInBody: one(/^false$/),
    allowMergeFieldsInHeader: one(yesOrNo),
    calloutStatus: one(/^Enabled$/),
    // The header is the External Credential's.
    generateAuthorizationHeader: one(/^false$/),
    label: one(text),
    namedCredentialParameters: some({
      externalCredential: maybe(name),
      parameterName: one(/^(Url|ExternalCredential)$/),
      parameterType: one(/^(Url|Authentication)$/),
      parameterValue: maybe(/^https:\/\/[\w.-]+\.example\.com$/),
    }),
    namedCredentialType: one(/^SecuredEndpoint$/),
  },
  CustomObject: { description: one(text), label: one(text), pluralLabel: one(text), visibility: one(/^(Public|Protected)$/) },
  CustomField: {
    fullName: one(/^\w+__c$/),
    description: one(text),
    externalId: one(/^false$/),
    fieldManageability: one(/^SubscriberControlled$/),
    inlineHelpText: one(text),
    label: one(text),
    precision: one(number),
    required: one(yesOrNo),
    scale: one(number),
    type: one(/^Number$/),
    unique: one(/^false$/),
  },
  CustomMetadata: {
    '@_xmlns:xsi': one(/^http:\/\/www\.w3\.org\/2001\/XMLSchema-instance$/),
    '@_xmlns:xsd': one(/^http:\/\/www\.w3\.org\/2001\/XMLSchema$/),
    label: one(text),
    protected: one(yesOrNo),
    values: some({ field: one(/^\w+__c$/), value: one({ '@_xsi:type': one(/^xsd:double$/), '#text': one(/^\d+\.0$/) }) }),
  },
  CustomTab: { description: one(text), flexiPage: one(name), label: one(text), motif: one(/^Custom\d+: .+$/) },
  FlexiPage: {
    description: one(text),
    flexiPageRegions: some({
      itemInstances: any({ componentInstance: one({ componentName: one(/^c:\w+$/), identifier: one(name) }) }),
      // The one region of that template.
      name: one(/^main$/),
      type: one(/^Region$/),
    }),
    masterLabel: one(text),
    template: one({ name: one(/^flexipage:defaultAppHomeTemplate$/) }),
    type: one(/^AppPage$/),
  },
  CustomApplication: {
    defaultLandingTab: one(name),
    description: one(text),
    formFactors: some(/^(Large|Small)$/),
    isNavAutoTempTabsDisabled: one(yesOrNo),
    isNavPersonalizationDisabled: one(yesOrNo),
    isNavTabPersistenceDisabled: one(yesOrNo),
    label: one(text),
    navType: one(/^Standard$/),
    tabs: some(name),
    uiType: one(/^Lightning$/),
  },
};

const parts = [];
const complain = (file, message) => complaints.push({ file, line: 0, message });

function compare(file, shape, element, path) {
  for (const key of Object.keys(element)) if (!Object.hasOwn(shape, key)) complain(file, `${path}/${key} is not on the list`);
  for (const [key, [least, most, holds]] of Object.entries(shape)) {
    const found = element[key] === undefined ? [] : [element[key]].flat();
    if (found.length < least || found.length > most) complain(file, `${path}/${key} stands there ${found.length} times`);
    for (const each of found) {
      if (holds instanceof RegExp) {
        if (typeof each !== 'string' || !holds.test(each)) complain(file, `${path}/${key} is ${JSON.stringify(each)}`);
      } else if (typeof each === 'object') compare(file, holds, each, `${path}/${key}`);
      else complain(file, `${path}/${key} is ${JSON.stringify(each)}`);
    }
  }
}

for (const file of globSync('force-app/**/*-meta.xml', { cwd: project }).sort()) {
  const { '?xml': declaration, ...root } = parser.parse(readFileSync(join(project, file), 'utf8'), true);
  const [type, ...others] = Object.keys(root);
  const shape = shapes[type];
  if (!shape || others.length > 0 || !declaration) {
    complain(file, `${type} is not on the list`);
    continue;
  }
  const [content] = root[type];
  compare(file, { ...namespace, ...shape }, content, type);
  parts.push({ file, type, name: basename(file).replace(/\.[\w-]+-meta\.xml$/, ''), content });
}

// What one part names of another is there.
const namesOf = (type) => new Set(parts.filter((part) => part.type === type).map((part) => part.name));
const texts = (content, ...path) =>
  path.reduce((found, key) => found.flatMap((each) => each?.[key] ?? []), [content]).filter((each) => typeof each === 'string');
function hold(part, what, wanted, known) {
  for (const each of wanted) if (!known.has(each)) complain(part.file, `${what} ${each} is not there`);
}

const principals = new Set(
  parts
    .filter(({ type }) => type === 'ExternalCredential')
    .flatMap(({ name: credential, content }) =>
      (content.externalCredentialParameters ?? [])
        .filter(({ parameterType }) => parameterType?.[0] === 'NamedPrincipal')
        .map(({ parameterName }) => `${credential}-${parameterName?.[0]}`),
    ),
);
const isTest = (apexClass) =>
  /@IsTest/i.test(readFileSync(join(project, globSync(`force-app/**/${apexClass}.cls`, { cwd: project })[0]), 'utf8'));
const bundles = parts.filter(({ type }) => type === 'LightningComponentBundle');

for (const part of parts) {
  const { type, content, file } = part;
  if (type === 'PermissionSet') {
    const classes = texts(content, 'classAccesses', 'apexClass');
    hold(part, 'class', classes, namesOf('ApexClass'));
    for (const each of classes) if (namesOf('ApexClass').has(each) && isTest(each)) complain(file, `class ${each} is a test`);
    hold(part, 'application', texts(content, 'applicationVisibilities', 'application'), namesOf('CustomApplication'));
    hold(part, 'custom permission', texts(content, 'customPermissions', 'name'), namesOf('CustomPermission'));
    hold(part, 'tab', texts(content, 'tabSettings', 'tab'), namesOf('CustomTab'));
    const access = texts(content, 'externalCredentialPrincipalAccesses', 'externalCredentialPrincipal');
    hold(part, 'principal', access, principals);
    // The server goes by the principal, Apex by the permission: they must not part.
    for (const right of ['Seatmatch_Read', 'Seatmatch_Act'])
      if (access.includes(`Seatmatch-${right}`) && !texts(content, 'customPermissions', 'name').includes(right))
        complain(file, `${right} is missing`);
    if (texts(content, 'customPermissions', 'name').includes('Seatmatch_Act') && !access.includes('Seatmatch-Seatmatch_Act'))
      complain(file, 'may act, but sends the token of reading');
  }
  if (type === 'ExternalCredential') {
    const numbers = (content.externalCredentialParameters ?? [])
      .filter(({ parameterType }) => parameterType?.[0] === 'NamedPrincipal')
      .map(({ sequenceNumber }) => sequenceNumber?.[0]);
    if (new Set(numbers).size !== numbers.length) complain(file, 'two principals have one sequence number');
  }
  if (type === 'NamedCredential')
    hold(part, 'external credential', texts(content, 'namedCredentialParameters', 'externalCredential'), namesOf('ExternalCredential'));
  if (type === 'CustomTab') hold(part, 'page', texts(content, 'flexiPage'), namesOf('FlexiPage'));
  if (type === 'CustomApplication')
    hold(part, 'tab', [...texts(content, 'tabs'), ...texts(content, 'defaultLandingTab')], namesOf('CustomTab'));
  if (type === 'CustomMetadata') hold(part, 'field', texts(content, 'values', 'field'), namesOf('CustomField'));
  if (type === 'FlexiPage') {
    const shown = texts(content, 'flexiPageRegions', 'itemInstances', 'componentInstance', 'componentName').map((each) => each.slice(2));
    const placed = new Set(
      bundles.filter((bundle) => texts(bundle.content, 'targets', 'target').includes('lightning__AppPage')).map((bundle) => bundle.name),
    );
    // Without a single component in the source the page's come from elsewhere.
    if (bundles.length > 0) hold(part, 'component for an app page', shown, placed);
  }
  if (type === 'LightningComponentBundle') {
    const exposed = texts(content, 'isExposed')[0] === 'true';
    const targets = texts(content, 'targets', 'target');
    if (exposed !== targets.length > 0) complain(file, exposed ? 'is exposed nowhere' : 'has targets and is not exposed');
    if (exposed && !content.masterLabel) complain(file, 'is exposed without a name for the App Builder');
    for (const config of content.targetConfigs?.[0]?.targetConfig ?? []) {
      const configured = (config['@_targets'] ?? '').split(',').map((each) => each.trim());
      hold(part, 'target', configured, new Set(targets));
      if (config.objects && configured.some((each) => each !== 'lightning__RecordPage'))
        complain(file, 'names objects for a page that has no record');
      // https://developer.salesforce.com/docs/platform/lwc/guide/use-config-custom-tab.html
      if (configured.includes('lightning__Tab')) complain(file, 'lightning__Tab takes no configuration');
    }
    if (targets.includes('lightning__RecordPage') && !texts(content, 'targetConfigs', 'targetConfig', 'objects', 'object').includes('User'))
      complain(file, 'stands on the pages of all objects, not of User alone');
  }
}
process.stdout.write(JSON.stringify({ complaints }));

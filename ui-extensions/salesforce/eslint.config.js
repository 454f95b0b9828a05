const { configs } = require('@salesforce/eslint-config-lwc');
const globals = require('globals');

module.exports = [
    ...configs.recommended,
    {
        // Jest's own words, and CommonJS inside what it hoists.
        files: ['force-app/**/__tests__/**/*.js'],
        languageOptions: { globals: { ...globals.jest, ...globals.node } }
    }
];

const { configs } = require('@salesforce/eslint-config-lwc');
const globals = require('globals');

module.exports = [
    ...configs.recommended,
    {
        // What Jest runs outside a component: its own words, and CommonJS for what it loads by itself.
        files: [
            'force-app/**/__tests__/**/*.js',
            'jest/**/*.js',
            '*.config.js'
        ],
        languageOptions: { globals: { ...globals.jest, ...globals.node } },
        rules: {
            'jest/no-standalone-expect': 'off',
            'no-await-in-loop': 'off',
            'no-loop-func': 'off'
        }
    }
];

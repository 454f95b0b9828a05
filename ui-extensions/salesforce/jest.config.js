const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

module.exports = {
    ...jestConfig,
    roots: ['<rootDir>/force-app'],
    setupFilesAfterEnv: [
        ...jestConfig.setupFilesAfterEnv,
        '<rootDir>/jest/setup.js'
    ],
    moduleNameMapper: {
        ...jestConfig.moduleNameMapper,
        // The one module that is styles alone.
        '^c/seatmatchLook$':
            '<rootDir>/force-app/main/default/lwc/seatmatchLook/seatmatchLook.css',
        '^jest/(.+)$': '<rootDir>/jest/$1'
    }
};

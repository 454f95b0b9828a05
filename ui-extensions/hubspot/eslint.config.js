import { config } from '@hubspot/eslint-config-ui-extensions';
import typescript from 'typescript-eslint';

/** HubSpot's rules, over the project as it is uploaded: what its bundler accepts here and its servers refuse there. */
export default [
  ...config,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parser: typescript.parser, parserOptions: { ecmaFeatures: { jsx: true } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@hubspot/ui-extensions/no-console': 'error',
      '@hubspot/ui-extensions/no-experimental-imports': 'error',
      // Nothing but HubSpot's package, React and the folder's own files is there when HubSpot bundles it.
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ regex: '^(?!@hubspot/ui-extensions(/pages/home)?$|react$|\\./)', message: 'HubSpot has no such file or package.' }],
        },
      ],
    },
  },
];

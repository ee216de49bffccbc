import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/*.cjs', '**/*.mjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      // A request-scoped provider makes every dispatch below it 34 to 140 times slower.
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='Scope'][property.name='REQUEST']",
          message: 'No request-scoped providers.',
        },
      ],
    },
  },
  {
    // Answers over HTTP are what they are; a test that reads them wrongly fails.
    files: ['test/**', '**/*.spec.ts'],
    rules: Object.fromEntries(
      [
        'no-explicit-any',
        'no-unsafe-assignment',
        'no-unsafe-member-access',
        'no-unsafe-return',
        'no-unsafe-argument',
        'no-unsafe-call',
      ].map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
  },
);

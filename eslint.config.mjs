import tseslint from 'typescript-eslint';
import regexp from 'eslint-plugin-regexp';
import { importTableRule } from './tools/lint/import-table.mjs';

const FUNCTION_LINES = 70;
/** Not part of the program that is shipped: they may print, read the environment, and reach everywhere. */
const TESTS = ['**/*.spec.ts', '**/*.contract.ts', '**/*.fixture.ts', 'test/**'];
const CONFIGURATION = 'libs/service-kit/configuration.ts';
const ENVIRONMENT_MESSAGE = `Only ${CONFIGURATION} reads the environment.`;

/** `globalThis` and computed access are the ways around, and nobody writes them by accident. */
const clockAndChance = [
  { object: 'Date', property: 'now', message: 'Time comes into the domain inside the command.' },
  { object: 'Math', property: 'random', message: 'The domain is deterministic: chance comes in from outside.' },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'data/**',
      'prisma/generated/**',
      'sdks/**',
      '**/.venv/**',
      '**/.venv-published/**',
      '.cache/**',
    ],
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    extends: [...tseslint.configs.recommended],
    // With these, a class that Nest injects counts as used at run time, though it only stands where types stand.
    languageOptions: { parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always'],
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['libs/**/*.ts', 'apps/**/*.ts'],
    ignores: TESTS,
    plugins: { regexp, memorystack: { rules: { 'import-table': importTableRule } } },
    rules: {
      'memorystack/import-table': 'error',
      'max-lines-per-function': ['error', { max: FUNCTION_LINES, skipComments: true }],
      // What a caller sends must not choose how long we work on it.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': 'error',
      'no-console': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ENVIRONMENT_MESSAGE }],
      'no-restricted-imports': [
        'error',
        ...['process', 'node:process'].map((name) => ({ name, message: ENVIRONMENT_MESSAGE })),
      ],
    },
  },
  { files: ['tools/**/*.mjs', 'bench/**/*.mjs'], rules: { 'max-lines-per-function': ['error', FUNCTION_LINES] } },
  { files: [CONFIGURATION], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['libs/domain/**/*.ts'],
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', 'process', 'performance', 'crypto', 'setTimeout', 'setInterval'],
      'no-restricted-properties': ['error', ...clockAndChance],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"]',
          message: 'Time comes into the domain inside the command.',
        },
      ],
    },
  },
);

import { fileURLToPath } from 'node:url';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const TESTS = ['**/*.spec.ts', '**/*-spec.ts', '**/testing/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'];

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only src/config reads the environment: ask for a typed setting.',
};
const clock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Ask the Clock.' },
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Ask the Clock.' },
];
const sql = [
  {
    selector: 'CallExpression[callee.property.name=/^(query|run)$/] > TemplateLiteral[expressions.length>0].arguments:first-child',
    message: 'Values travel as $1, $2, …; a name from a fixed list goes into a constant first, with the reason beside it.',
  },
  {
    selector: "CallExpression[callee.property.name=/^(query|run)$/] > BinaryExpression[operator='+'].arguments:first-child",
    message: 'SQL is not put together by +.',
  },
  {
    selector: 'CallExpression[callee.property.name=/^(orderBy|addOrderBy)$/] > TemplateLiteral[expressions.length>0].arguments:first-child',
    message: 'A sort column comes from a fixed list, never from a string put together.',
  },
];
const defaultExport = { selector: 'ExportDefaultDeclaration', message: 'Name it: a default export has no name to search for.' };
const sleep = {
  selector: "CallExpression[callee.name='setTimeout'][arguments.1.value>=100]",
  message: 'Wait for a condition: eventually(), received(n) or drain().',
};

const inMemoryEvents = {
  name: '@nestjs/cqrs',
  importNames: ['AggregateRoot', 'EventBus', 'EventPublisher', 'EventsHandler', 'Saga'],
  message: 'In-memory events are lost in a crash and their errors are swallowed. Record a domain event: the outbox carries it.',
};

const restrict = (...rules) => ['error', ...rules.flat()];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.posthorn/', 'dashboard/', 'test/arch/fixtures/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: fileURLToPath(new URL('.', import.meta.url)) },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Nest's option types are classes that are meant to be given as literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-imports': ['error', { paths: [inMemoryEvents] }],
      'no-restricted-syntax': restrict(environment, clock, sql, defaultExport),
    },
  },
  { files: ['src/config/**/*.ts'], rules: { 'no-restricted-syntax': restrict(clock, sql, defaultExport) } },
  { files: ['src/local/**/*.ts'], rules: { 'no-restricted-syntax': restrict(defaultExport) } },
  { files: ['src/platform/{time,ids}/**/*.ts'], rules: { 'no-restricted-syntax': restrict(environment, sql, defaultExport) } },
  { files: ['migrations/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Jest types its matchers, `expect.any(String)`, as any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-syntax': restrict(defaultExport, sleep),
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Buffer', 'URL', 'URLSearchParams', 'AbortSignal', 'clearTimeout', 'console', 'fetch', 'performance', 'process', 'setTimeout'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { __dirname: 'readonly', __filename: 'readonly', module: 'writable', require: 'readonly' },
    },
  },
);

// What oxlint has no rule for, all of it without types. Everything else is in .oxlintrc.json.
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

const restrict = (...rules) => ['error', ...rules.flat()];

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'coverage/',
      '.posthorn/',
      'dashboard/',
      'test/arch/fixtures/',
      'client/src/generated/',
      'client/examples/',
      '**/*.{js,mjs,cjs}',
    ],
  },
  {
    files: ['**/*.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      // Nest injects by the types of constructors: the rule leaves the imports of those alone when it knows.
      parserOptions: { emitDecoratorMetadata: true, experimentalDecorators: true },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      'no-restricted-syntax': restrict(environment, clock, sql, defaultExport),
    },
  },
  { files: ['src/config/**/*.ts'], rules: { 'no-restricted-syntax': restrict(clock, sql, defaultExport) } },
  { files: ['src/local/**/*.ts', 'client/**/*.ts'], rules: { 'no-restricted-syntax': restrict(defaultExport) } },
  { files: ['src/platform/{time,ids}/**/*.ts'], rules: { 'no-restricted-syntax': restrict(environment, sql, defaultExport) } },
  { files: TESTS, rules: { 'no-restricted-syntax': restrict(defaultExport, sleep) } },
);

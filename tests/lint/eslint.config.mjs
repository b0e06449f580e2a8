// What our own JavaScript must keep to. Scripts of the corpus and of the libraries' tests are as users write them.
import js from '@eslint/js';

/** What build.rs puts around each file of src/sandbox/js. */
const SANDBOX = { module: 'writable', exports: 'writable', own: 'readonly', host: 'readonly', globalThis: 'readonly' };
/** What the engine's global object holds, and the web names of globals.js. */
const ENGINE = Object.fromEntries(
  'atob btoa console DOMException queueMicrotask setTimeout clearTimeout TextEncoder TextDecoder URL Buffer Intl structuredClone'
    .split(' ').map((name) => [name, 'readonly']));

const RULES = {
  indent: ['error', 2, { SwitchCase: 1, ignoreComments: true, flatTernaryExpressions: true, offsetTernaryExpressions: false, ignoredNodes: ['ConditionalExpression', 'TemplateLiteral *'] }],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
  'no-shadow': ['error', { builtinGlobals: false, allow: ['name'] }],
  // Text is often about control characters here, and some files make what the engine lacks.
  'no-control-regex': 'off',
  'no-redeclare': ['error', { builtinGlobals: false }],
  'no-throw-literal': 'error',
  'no-else-return': 'error',
  'no-console': 'error',
  semi: 'error',
  'no-trailing-spaces': 'error',
  'eol-last': 'error',
};

export default [
  { ignores: ['**/node_modules/**', 'src/script-libs/tests/**', 'src/script-libs/dist/**', '**/*.html', '**/*.css', 'tests/js/sdk/**'] },
  js.configs.recommended,
  { rules: RULES, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['src/sandbox/js/**/*.js'],
    languageOptions: { sourceType: 'script', globals: { ...ENGINE, ...SANDBOX } },
  },
  {
    files: ['src/script-libs/shims/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: { ...ENGINE, globalThis: 'readonly' } },
  },
  {
    files: ['src/script-libs/shims/{event-target,globals,lazy-buffer,lazy-root,own-global,process}.js'],
    languageOptions: { sourceType: 'module', globals: { require: 'readonly' } },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly', performance: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  {
    files: ['src/report/html/*.js'],
    languageOptions: { sourceType: 'script', globals: Object.fromEntries('document location FormData addEventListener setTimeout clearTimeout'.split(' ').map((name) => [name, 'readonly'])) },
  },
  {
    files: ['tests/js/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: { process: 'readonly', __dirname: 'readonly', console: 'readonly', setTimeout: 'readonly', setImmediate: 'readonly' } },
  },
];

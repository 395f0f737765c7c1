import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What makes domain code unrepeatable: the clock, chance and timers come in as arguments (ADR 0003). */
const nondeterminism = [
  { object: 'Date', property: 'now', message: 'Take the clock as an argument.' },
  { object: 'Math', property: 'random', message: 'Take chance as an argument.' },
  { object: 'crypto', property: 'randomUUID', message: 'Take the id maker as an argument.' },
];

/** Refuses `import.meta` and `await` outside functions. */
const bundlesAsCommonJs = {
  create: (context) => ({
    AwaitExpression: (node) => {
      const inside = context.sourceCode.getAncestors(node).some(({ type }) => /Function/.test(type));
      if (!inside) context.report({ node, message: 'No await at the top level: the package is CommonJS.' });
    },
    MetaProperty: (node) => {
      if (node.meta.name === 'import') context.report({ node, message: 'No import.meta: the package is CommonJS.' });
    },
  }),
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.local/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
    },
  },
  {
    files: ['functions/**/*.ts', 'shared/**/*.ts'],
    ignores: ['shared/platform/**', 'functions/real-effects.ts'],
    rules: {
      'no-restricted-properties': ['error', ...nondeterminism],
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: 'Take the timer as an argument.' },
        { name: 'setInterval', message: 'Take the timer as an argument.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the clock as an argument.' },
      ],
    },
  },
  {
    // What is deployed is one CommonJS file: neither of these can stand in it.
    files: ['functions/**/*.ts', 'shared/**/*.ts'],
    plugins: { bundle: { rules: { commonjs: bundlesAsCommonJs } } },
    rules: { 'bundle/commonjs': 'error' },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['infra/local/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/require-await': 'off' },
  },
);

import next from 'eslint-config-next/core-web-vitals';
import typescript from 'eslint-config-next/typescript';

const COLOUR = 'Colours stand in src/styles/tokens.css alone: use a token, or the tone of a state.';
const LINKS = [{ name: 'next/link', message: "Use Link of '@/components/ui/link': it reads nothing ahead." }];

const config = [
  { ignores: ['.next/**', 'node_modules/**', 'src/generated/**', 'next-env.d.ts', 'test-results/**', 'playwright-report/**'] },
  ...next,
  ...typescript,
  {
    files: ['**/*.{ts,tsx,mjs}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
      'no-console': ['error', { allow: ['error', 'warn'] }],
      eqeqeq: 'error',
    },
  },
  { files: ['scripts/**', 'tests/**', 'benchmarks/**'], rules: { 'no-console': 'off' } },
  // Playwright passes its fixtures through a function called `use`, which is not a hook.
  { files: ['tests/e2e/**'], rules: { 'react-hooks/rules-of-hooks': 'off' } },
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Literal[value=/#[0-9a-fA-F]{3,8}\\b/]', message: COLOUR },
        { selector: 'Literal[value=/(^|\\s)dark:/]', message: COLOUR },
        { selector: 'TemplateElement[value.raw=/(^|\\s)dark:|#[0-9a-fA-F]{6}\\b/]', message: COLOUR },
      ],
    },
  },
  {
    files: ['src/components/**', 'src/lib/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: LINKS, patterns: [{ group: ['@/features/*', '@/app/*'], message: 'What features stand on knows none of them.' }] },
      ],
    },
  },
  {
    files: ['src/features/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: LINKS,
          patterns: [
            {
              group: ['@/features/*', '../../features/*', '@/server/*'],
              message: 'Features do not know each other: what two need goes to components/ or lib/.',
            },
          ],
        },
      ],
    },
  },
  { files: ['src/components/ui/link.tsx'], rules: { 'no-restricted-imports': 'off' } },
];

export default config;
// Lint rules. Every ban names its reason, so that the message alone tells what to do instead.
import js from '@eslint/js'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import { readdirSync } from 'node:fs'
import globals from 'globals'
import tseslint from 'typescript-eslint'

const features = readdirSync(new URL('./src/features', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** Layers flow app → features → api → ui/lib; a feature never imports another one. */
function layer(folder, forbidden, reason) {
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: forbidden.map((name) => `~/${name}/**`), message: reason }] },
      ],
    },
  }
}

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'test-results', 'playwright-report', 'src/api/generated'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  jsxA11y.flatConfigs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      // The rules for the React compiler are left out: it is not part of the build.
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400 }],
      // A component may be long because markup is; other functions may not (see below).
      'max-lines-per-function': ['error', { max: 150, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text from people is never markup: render it as text nodes.',
        },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines the name.' },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.ts'], rules: { 'max-lines-per-function': ['error', { max: 50, skipComments: true }] } },
  { files: ['**/*.test.{ts,tsx}', 'e2e/**'], rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['public/**'], languageOptions: { globals: { ...globals.browser } } },
  { files: ['*.js', 'e2e/**'], languageOptions: { globals: { ...globals.node } }, rules: { 'react-hooks/rules-of-hooks': 'off' } },
  layer('lib', ['app', 'features', 'api', 'ui'], 'lib knows nothing above it.'),
  layer('ui', ['app', 'features', 'api'], 'ui knows looks only: pass what it needs as properties.'),
  layer('api', ['app', 'features', 'ui'], 'api knows the server only.'),
  ...features.map((name) =>
    layer(
      `features/${name}`,
      ['app', ...features.filter((other) => other !== name).map((other) => `features/${other}`)],
      'Features never import features: move what both need down, or let app join them.',
    ),
  ),
)

import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Dependencies point one way: each folder of src may import itself and the folders listed for it. */
const mayImport = {
  contract: [],
  secret: [],
  plugin: [],
  files: [],
  program: [],
  lifecycle: ['contract', 'secret'],
  aws: ['contract', 'secret'],
  lightsail: ['contract', 'secret', 'files', 'lifecycle', 'aws'],
  destinations: ['contract', 'secret', 'files', 'program', 'lifecycle', 'aws'],
  provider: [
    'contract',
    'secret',
    'plugin',
    'files',
    'program',
    'lifecycle',
    'aws',
    'lightsail',
    'destinations',
  ],
  emulator: [],
  constructs: ['contract'],
  // The constructs that CDK Terrain alone has.
  cdktn: ['contract', 'constructs'],
  command: ['contract', 'constructs', 'emulator', 'lifecycle', 'lightsail', 'destinations', 'provider'],
};

const directions = Object.entries(mayImport).map(([folder, allowed]) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...Object.keys(mayImport)
            .filter((other) => other !== folder && !allowed.includes(other))
            .map((other) => ({
              regex: `^(\\.\\./)+${other}/`,
              message: `src/${folder} must not know of src/${other}.`,
            })),
          ...(['secret', 'plugin', 'files', 'program', 'lifecycle'].includes(folder)
            ? [
                {
                  regex: '^(@aws-sdk|@smithy|@?cdkt[fn])',
                  message: `src/${folder} knows neither AWS nor CDKTF.`,
                },
              ]
            : []),
        ],
      },
    ],
  },
}));

/**
 * What the parts of one process share is in an object that is made with the provider and handed down, so that each process,
 * and each test, has its own. A set or map of what never changes may stand at the top of a module, written as a literal.
 */
const noSharedState = [
  'Program > VariableDeclaration[kind="let"]',
  'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
  ...['Program > VariableDeclaration', 'Program > ExportNamedDeclaration > VariableDeclaration'].flatMap(
    (top) => [
      `${top} > VariableDeclarator > NewExpression[callee.name=/^(Weak)?(Map|Set)$/][arguments.length=0]`,
      `${top} > VariableDeclarator > ArrayExpression[elements.length=0]`,
    ],
  ),
].map((selector) => ({
  selector,
  message: 'State of a process belongs into an object that is made with the provider and handed down.',
}));

export default tseslint.config(
  { ignores: ['dist/', '**/node_modules/', '**/cdktf.out/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    // A project of its own, with its own tsconfig.json, whose packages are not installed here.
    files: ['examples/pipeline/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: 'tsconfig.json' } },
  },
  ...directions,
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noSharedState] },
  },
  {
    files: ['src/lifecycle/**/*.ts'],
    ignores: ['src/lifecycle/delete.ts', 'src/lifecycle/list-keys.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...noSharedState,
        ...['callee.object.name', 'callee.object.property.name'].map((object) => ({
          selector: `CallExpression[callee.property.name='delete'][${object}='keys']`,
          message: 'deleteKey alone deletes a key: it looks whether it is gone.',
        })),
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
);

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
  command: ['contract', 'constructs', 'emulator', 'lifecycle', 'lightsail', 'provider'],
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
                  regex: '^(@aws-sdk|@smithy|cdktf|@cdktf)',
                  message: `src/${folder} knows neither AWS nor CDKTF.`,
                },
              ]
            : []),
        ],
      },
    ],
  },
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
  ...directions,
  {
    files: ['src/lifecycle/**/*.ts'],
    ignores: ['src/lifecycle/delete-key.ts', 'src/lifecycle/lagging-list.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
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

import { describeEachRight } from '../support/iam/each-right.js';

describeEachRight({
  title: 'The keys of a bucket',
  acts: ['create', 'replace', 'destroy'],
  policy: ['--destination', 'file'],
  statements: /^/,
  place: () => Promise.resolve({ secret: 'file { path = "key.json" }', policy: ['--destination', 'file'] }),
});

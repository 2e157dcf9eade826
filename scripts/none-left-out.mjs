/** A reporter for jest: a run in which a test was left out fails, but where somebody has asked for some alone. */
export default class NoneLeftOut {
  #error;

  constructor({ testNamePattern }) {
    this.isPartial = Boolean(testNamePattern);
  }

  onRunComplete(_contexts, { testResults }) {
    const tests = testResults.flatMap((file) => file.testResults);
    const left = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
    if (this.isPartial || left.length === 0) return;
    const titles = left.map(({ fullName }) => `  ${fullName}`).join('\n');
    this.#error = new Error(`A real server has to show every test; left out are:\n${titles}`);
    console.error(this.#error.message);
  }

  getLastError() {
    return this.#error;
  }
}

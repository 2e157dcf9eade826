/** Keeps the environment of the machine out of a test, and what a test sets out of the next one. */
export function isolateEnvironment(): void {
  const whole = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env)) {
      if (/^AWS_|_PROXY$|_CA_CERTS$/i.test(name)) Reflect.deleteProperty(process.env, name);
    }
    const file = '/nonexistent/file';
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: file,
      AWS_SHARED_CREDENTIALS_FILE: file,
    });
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, whole);
  });
}

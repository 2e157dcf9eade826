// What the suite takes of the provider: its outermost interface. A bundle of it is one provider process' code.
export { Diagnostics, UNKNOWN } from '../../../../src/plugin/provider.js';
export { lightsailProvider } from '../../../../src/provider/provider.js';
export { Redactor } from '../../../../src/secret/redactor.js';

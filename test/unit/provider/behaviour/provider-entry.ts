// What the suite takes of the provider: its outermost interface. A bundle of it is one provider process' code.
export { Diagnostics } from '../../../../src/plugin/diagnostics.js';
export { UNKNOWN } from '../../../../src/plugin/value.js';
export { lightsailProvider } from '../../../../src/provider/provider.js';
export { Redactor } from '../../../../src/secret/redactor.js';

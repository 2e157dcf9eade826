/** A strict local emulator of Amazon Lightsail's bucket API and of S3 for its buckets. */
export { type RecordedCall } from './call-log.js';
export { EmulatorControl, type EmulatorState, type VisibleKey } from './control/client.js';
export { Emulator } from './emulator.js';
export { type CallHook, type CallPoint } from './exchange.js';
export {
  type Fault,
  type FaultAction,
  type FaultHandle,
  type FaultMatch,
  type Moment,
} from './faults/fault.js';
export {
  type EmulatorCredentials,
  type EmulatorOptions,
  type GoneShape,
  LIGHTSAIL_REGIONS,
  type LightsailCall,
  type ListLag,
  TEST_CREDENTIALS,
} from './options.js';
export {
  type EmulatorProcess,
  type EmulatorProcessOptions,
  startEmulator,
} from './process/start-emulator.js';
export { type EmulatorKey, type KeyStatus, type LastUsed } from './state/access-key.js';
export { type OperationStatus } from './state/operations.js';

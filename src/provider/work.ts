// What a configured provider does. Terraform also starts it to read the schema and to validate, and reads none of
// this then: the build makes it a file of its own.
export { validateAssumeRole } from './settings.js';
export { createKey, updateKey } from './bucket-access-key/apply.js';
export { importKey, moveKey } from './bucket-access-key/adopt.js';
export { planKey } from './bucket-access-key/plan.js';
export { readKey } from './bucket-access-key/read.js';
export { deleteKey, planRemoval } from './bucket-access-key/removal.js';
export { createAudit, planAudit, updateAudit } from './bucket-access-key-audit/audit.js';
export { openSecret } from './bucket-access-key-secret/open.js';
export { readBucketAccessKeys } from './bucket-access-keys/read.js';
export { openSession } from './session.js';

import { serve } from '../../../src/plugin/index.js';
import { toy } from './toy-provider.js';

serve(toy, {
  redact: (text) => text.replaceAll('s3cr3t', '***'),
  ...(process.env.TOY_LIMITS && (JSON.parse(process.env.TOY_LIMITS) as object)),
});

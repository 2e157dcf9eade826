import { serve } from '../plugin/index.js';
import { Redactor } from '../secret/redactor.js';
import { lightsailProvider } from './provider.js';

const redactor = new Redactor();
serve(lightsailProvider(redactor), { redact: redactor.redact });

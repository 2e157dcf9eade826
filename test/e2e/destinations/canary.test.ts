import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandStore } from '../../support/destinations/command-store.js';

// Plain old JavaScript: an old Node must be able to read this file to say that it is too old.
/* global console, process */
'use strict';
if (Number(process.versions.node.split('.')[0]) < 20) {
  // Terraform shows its user what is printed on stdout before the handshake.
  console.log(
    'The lightsail provider needs Node.js 20 or later, but the "node" on PATH is ' +
      process.execPath +
      ', version ' +
      process.versions.node +
      '. No access key was touched. ' +
      'Install Node.js 20 or later, or put it first on PATH, and run Terraform again.',
  );
  process.exit(1);
}
// Node opens its inspector on SIGUSR1 unless somebody listens, and ends on SIGUSR2; a debugger that was opened
// before this line is closed. The process is about to hold secrets.
process.on('SIGUSR1', function () {});
process.on('SIGUSR2', function () {});
require('node:inspector').close();
require('./provider.cjs');

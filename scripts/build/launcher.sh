#!/bin/sh
# Terraform starts this file; it becomes Node.js running the provider beside it. Nothing here starts another
# process: Terraform launches a provider several times a run, and signals the process that it started.

if ! command -v node >/dev/null 2>&1; then
  # Terraform shows its user what a provider prints on stdout before the handshake.
  echo 'The lightsail provider needs Node.js 20 or later, and there is no "node" on PATH. No access key was touched. Install Node.js, or add its folder to the PATH that Terraform runs with, and run Terraform again.'
  exit 1
fi

# The process holds secrets: no core dump, no debugger, no diagnostic report, no dump of what it sends, and no
# connection to an impostor.
ulimit -c 0
# That does not hold where a program takes the dumps; then Linux leaves out all memory by this. It outlives exec.
{ echo 0 >/proc/self/coredump_filter; } 2>/dev/null
unset NODE_OPTIONS NODE_DEBUG NODE_DEBUG_NATIVE NODE_V8_COVERAGE NODE_REDIRECT_WARNINGS
unset NODE_TLS_REJECT_UNAUTHORIZED

# Node 20 reads NODE_EXTRA_CA_CERTS at every start, which costs up to 170 ms a launch. Under its new name the
# provider reads the file itself, before its first call that leaves the machine.
if [ -n "${NODE_EXTRA_CA_CERTS-}" ]; then
  export LIGHTSAIL_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"
fi
unset NODE_EXTRA_CA_CERTS

exec node "${0%/*}/start.cjs"

/**
 * What the author's program inherits: Terraform's environment, to which this project adds nothing. The provider's
 * launcher has put NODE_EXTRA_CA_CERTS aside under another name; a program written for Node gets it back.
 */
export function programEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { LIGHTSAIL_EXTRA_CA_CERTS: certificates, ...rest } = env;
  return certificates === undefined ? rest : { ...rest, NODE_EXTRA_CA_CERTS: certificates };
}

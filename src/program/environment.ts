/** What Terraform tells its plugins, and is nobody else's business. */
const OF_THE_PLUGIN = /^(TF_PLUGIN_MAGIC_COOKIE|PLUGIN_\w+)$/;

/**
 * What the author's program inherits: Terraform's environment, to which this project adds nothing. The provider's
 * launcher has put NODE_EXTRA_CA_CERTS aside under another name; a program written for Node gets it back.
 */
export function programEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const { LIGHTSAIL_EXTRA_CA_CERTS: certificates, ...rest } = env;
  const inherited = Object.fromEntries(Object.entries(rest).filter(([name]) => !OF_THE_PLUGIN.test(name)));
  return certificates === undefined ? inherited : { ...inherited, NODE_EXTRA_CA_CERTS: certificates };
}

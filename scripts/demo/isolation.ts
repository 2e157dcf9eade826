/**
 * Makes the demo independent of the machine's own configuration: nothing of the user's AWS account, of Terraform's
 * variables and of CDKTF's options reaches it or the commands that it runs.
 */
export function isolate(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) if (/^(AWS|TF|CDKTF)_/.test(name)) Reflect.deleteProperty(env, name);
  Object.assign(env, {
    // An empty file, which is as good as none: a ~/.terraformrc counts no more than the variable did.
    TF_CLI_CONFIG_FILE: '/dev/null',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // What the SDK has to say of Node 20 is no part of the story.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CHECKPOINT_DISABLE: '1',
    TF_INPUT: 'false',
    TF_IN_AUTOMATION: 'true',
  });
}

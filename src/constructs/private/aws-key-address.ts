import { Token } from 'cdktf';

const AWS_TYPE = 'aws_lightsail_bucket_access_key';
/** With the index of `count` or the key of `for_each`, where there is one. */
const ADDRESS = /^(?:([\w-]+)\.)?([A-Za-z_][\w-]*(?:\[(?:\d+|"[^"]*")\])?)$/;

/** The address of an access key of the AWS provider, in full. */
export function addressOfAwsKey(address: string, path: string): string {
  const [, type = AWS_TYPE, name] = ADDRESS.exec(Token.isUnresolved(address) ? '' : address) ?? [];
  if (name !== undefined && type === AWS_TYPE) return `${AWS_TYPE}.${name}`;
  throw new Error(
    `[${path}] "${address}" is not the address of an access key of the AWS provider, so no key can be taken over from ` +
      `there. Give what terraform state list prints for it, such as ${AWS_TYPE}.uploads; a key that is in no state is ` +
      `imported with resource.importFrom('BUCKET,ACCESSKEYID').`,
  );
}

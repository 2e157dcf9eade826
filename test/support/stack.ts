/** The head of every plain Terraform configuration of the tests. */
export function providerHead(version: string): string {
  return `terraform {
  required_providers {
    lightsail = {
      source  = "npm.invalid/cdktf/lightsail"
      version = "${version}"
    }
  }
}
`;
}

# Plain Terraform or OpenTofu, without CDKTF. The provider comes with the npm package:
#
#   npm install cdktf-lightsail-access-key
#   npx lightsail-access-key mirror terraform.d/plugins
#   npx lightsail-access-key try -- sh -c 'terraform init && terraform apply'
#
# `mirror` prints this block with the version that it laid out: paste it here, since a development build or another
# release has another version, which `terraform init` would not find.
terraform {
  required_providers {
    lightsail = {
      source  = "npm.invalid/cdktf/lightsail"
      version = "0.1.0"
    }
  }
}

variable "bucket" {
  description = "An existing Lightsail bucket."
  type        = string
  default     = "my-uploads"
}

resource "lightsail_bucket_access_key" "uploads" {
  bucket_name = var.bucket

  secret {
    file { path = "my-uploads-key.json" }
  }
}

data "lightsail_bucket_access_keys" "all" {
  bucket_name = lightsail_bucket_access_key.uploads.bucket_name

  depends_on = [lightsail_bucket_access_key.uploads]
}

output "access_key_id" {
  value = lightsail_bucket_access_key.uploads.access_key_id
}

output "secret_reference" {
  value = lightsail_bucket_access_key.uploads.secret_reference
}

output "all_access_key_ids" {
  value = data.lightsail_bucket_access_keys.all.access_keys[*].access_key_id
}

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
provider "aws" {
  region            = "eu-west-1"
  s3_use_path_style = true
}
data "aws_caller_identity" "me" {}
data "aws_iam_session_context" "me" {
  arn = data.aws_caller_identity.me.arn
}
resource "aws_lakeformation_data_lake_settings" "s" {
  admins = [data.aws_iam_session_context.me.issuer_arn]
}
resource "aws_iam_role" "r" {
  for_each           = toset(["db", "loc", "tag", "pol", "poldb", "tab", "tabw", "cols", "excl", "wild", "all", "desc", "multi"])
  name               = "r-${each.key}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "glue.amazonaws.com" } }] })
}
resource "aws_s3_bucket" "b" {
  bucket        = "tf-lake-files"
  force_destroy = true
}
resource "aws_lakeformation_resource" "b" {
  arn      = aws_s3_bucket.b.arn
  role_arn = aws_iam_role.r["loc"].arn
}
resource "aws_glue_catalog_database" "d" {
  name       = "tfdb"
  depends_on = [aws_lakeformation_data_lake_settings.s]
}
resource "aws_glue_catalog_table" "t" {
  for_each      = toset(["t1", "t2"])
  name          = each.key
  database_name = aws_glue_catalog_database.d.name
  storage_descriptor {
    columns {
      name = "event"
      type = "string"
    }
    columns {
      name = "timestamp"
      type = "date"
    }
    columns {
      name = "value"
      type = "double"
    }
  }
}
resource "aws_lakeformation_lf_tag" "k" {
  key        = "module"
  values     = ["orders", "sales", "customers"]
  depends_on = [aws_lakeformation_data_lake_settings.s]
}
resource "aws_lakeformation_lf_tag" "l" {
  key        = "domain"
  values     = ["a", "b"]
  depends_on = [aws_lakeformation_data_lake_settings.s]
}
resource "aws_lakeformation_resource_lf_tags" "d" {
  database {
    name = aws_glue_catalog_database.d.name
  }
  lf_tag {
    key   = aws_lakeformation_lf_tag.k.key
    value = "orders"
  }
  lf_tag {
    key   = aws_lakeformation_lf_tag.l.key
    value = "a"
  }
}
resource "aws_lakeformation_resource_lf_tags" "c" {
  table_with_columns {
    database_name = aws_glue_catalog_database.d.name
    name          = aws_glue_catalog_table.t["t1"].name
    column_names  = ["event", "timestamp"]
  }
  lf_tag {
    key   = aws_lakeformation_lf_tag.k.key
    value = "sales"
  }
  depends_on = [aws_lakeformation_resource_lf_tags.d]
}
resource "aws_lakeformation_permissions" "db" {
  permissions                   = ["ALTER", "CREATE_TABLE", "DROP"]
  permissions_with_grant_option = ["CREATE_TABLE"]
  principal                     = aws_iam_role.r["db"].arn
  database {
    name = aws_glue_catalog_database.d.name
  }
}
resource "aws_lakeformation_permissions" "alldb" {
  permissions = ["ALL"]
  principal   = aws_iam_role.r["all"].arn
  database {
    name = aws_glue_catalog_database.d.name
  }
}
resource "aws_lakeformation_permissions" "iap" {
  permissions = ["ALL"]
  principal   = "IAM_ALLOWED_PRINCIPALS"
  database {
    name = aws_glue_catalog_database.d.name
  }
}
resource "aws_lakeformation_permissions" "cat" {
  permissions      = ["CREATE_DATABASE"]
  principal        = aws_iam_role.r["db"].arn
  catalog_resource = true
  depends_on       = [aws_lakeformation_data_lake_settings.s]
}
resource "aws_lakeformation_permissions" "loc" {
  permissions = ["DATA_LOCATION_ACCESS"]
  principal   = aws_iam_role.r["loc"].arn
  data_location {
    arn = aws_lakeformation_resource.b.arn
  }
  depends_on = [aws_lakeformation_data_lake_settings.s]
}
resource "aws_lakeformation_permissions" "tag" {
  permissions                   = ["ASSOCIATE", "DESCRIBE"]
  permissions_with_grant_option = ["ASSOCIATE", "DESCRIBE"]
  principal                     = aws_iam_role.r["tag"].arn
  lf_tag {
    key    = aws_lakeformation_lf_tag.k.key
    values = ["orders", "sales"]
  }
}
resource "aws_lakeformation_permissions" "poldb" {
  permissions = ["ALTER", "CREATE_TABLE", "DROP"]
  principal   = aws_iam_role.r["poldb"].arn
  lf_tag_policy {
    resource_type = "DATABASE"
    expression {
      key    = aws_lakeformation_lf_tag.k.key
      values = ["orders", "sales"]
    }
  }
}
resource "aws_lakeformation_permissions" "pol" {
  permissions = ["SELECT", "DESCRIBE"]
  principal   = aws_iam_role.r["pol"].arn
  lf_tag_policy {
    resource_type = "TABLE"
    expression {
      key    = aws_lakeformation_lf_tag.k.key
      values = ["customers", "sales"]
    }
    expression {
      key    = aws_lakeformation_lf_tag.l.key
      values = ["a"]
    }
  }
}
resource "aws_lakeformation_permissions" "tab" {
  permissions                   = ["ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
  permissions_with_grant_option = ["ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
  principal                     = aws_iam_role.r["tab"].arn
  table {
    database_name = aws_glue_catalog_database.d.name
    name          = aws_glue_catalog_table.t["t1"].name
  }
}
resource "aws_lakeformation_permissions" "tabw" {
  permissions = ["SELECT", "DESCRIBE"]
  principal   = aws_iam_role.r["tabw"].arn
  table {
    database_name = aws_glue_catalog_database.d.name
    wildcard      = true
  }
}
resource "aws_lakeformation_permissions" "cols" {
  permissions                   = ["SELECT"]
  permissions_with_grant_option = ["SELECT"]
  principal                     = aws_iam_role.r["cols"].arn
  table_with_columns {
    database_name = aws_glue_catalog_database.d.name
    name          = aws_glue_catalog_table.t["t1"].name
    column_names  = ["event", "timestamp"]
  }
}
resource "aws_lakeformation_permissions" "excl" {
  permissions = ["SELECT"]
  principal   = aws_iam_role.r["excl"].arn
  table_with_columns {
    database_name         = aws_glue_catalog_database.d.name
    name                  = aws_glue_catalog_table.t["t1"].name
    wildcard              = true
    excluded_column_names = ["value"]
  }
}
resource "aws_lakeformation_permissions" "wild" {
  permissions = ["ALL", "ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"]
  principal   = aws_iam_role.r["wild"].arn
  table_with_columns {
    database_name = aws_glue_catalog_database.d.name
    name          = aws_glue_catalog_table.t["t2"].name
    wildcard      = true
  }
}
resource "aws_lakeformation_permissions" "desc1" {
  permissions = ["SELECT"]
  principal   = aws_iam_role.r["desc"].arn
  table_with_columns {
    database_name = aws_glue_catalog_database.d.name
    name          = aws_glue_catalog_table.t["t1"].name
    column_names  = ["event"]
  }
}
resource "aws_lakeformation_data_cells_filter" "f" {
  table_data {
    database_name    = aws_glue_catalog_database.d.name
    name             = "f"
    table_catalog_id = data.aws_caller_identity.me.account_id
    table_name       = aws_glue_catalog_table.t["t1"].name
    column_names     = ["event"]
    row_filter {
      filter_expression = "event = 'x'"
    }
  }
}
resource "aws_lakeformation_permissions" "filter" {
  permissions = ["SELECT"]
  principal   = aws_iam_role.r["multi"].arn
  data_cells_filter {
    database_name    = aws_glue_catalog_database.d.name
    name             = "f"
    table_catalog_id = data.aws_caller_identity.me.account_id
    table_name       = aws_glue_catalog_table.t["t1"].name
  }
  depends_on = [aws_lakeformation_data_cells_filter.f]
}
resource "aws_lakeformation_opt_in" "o" {
  principal {
    data_lake_principal_identifier = aws_iam_role.r["tab"].arn
  }
  resource_data {
    database {
      name       = aws_glue_catalog_database.d.name
      catalog_id = data.aws_caller_identity.me.account_id
    }
  }
}
data "aws_lakeformation_permissions" "db" {
  principal = aws_iam_role.r["db"].arn
  database {
    name = aws_lakeformation_permissions.db.database[0].name
  }
}
output "db" { value = data.aws_lakeformation_permissions.db.permissions }

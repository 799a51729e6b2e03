"""The words of AWS, of formats and of Meshform that say nothing about whose data it is."""

from __future__ import annotations

_AWS = """
    arn aws cn us gov eu ap sa ca me af il mx north south east west central northeast southeast southwest northwest
    a an the of to on in at by with and or not no is as for all any one two three true false null none yes
    iam sts s3 glue lakeformation ram athena events sns sqs databrew kms cloudtrail logs organizations sso amazonaws com
    amazon role roles user users group groups root policy saml provider assumed federated reserved service linked
    alias key bucket object objects prefix queue topic rule bus event pipe catalog database databases table tables
    columnwildcard s3tablescatalog crawler job recipe dataset ruleset workgroup link share resource resources
    version statement effect allow deny action principal condition sid id notprincipal notaction notresource
    stringequals stringlike stringnotequals arnlike arnequals arnnotequals bool numericlessthan ipaddress foranyvalue
    forallvalues ifexists sourceaccount sourcearn sourceorgid principalarn principalorgid principalaccount
    securetransport
        principaltag resourcetag requesttag tagkeys externalid calledvia viaawsservice
    select insert delete alter drop describe create associate super write read data location access lf tag tags grant
    permissions permission option grantable allowed principals everyone sharing parties
    http https email lambda firehose application
    enabled disabled active associated associating failed pending rejected available deleting creating
    sse aes256 cse sse_s3 sse_kms acl lifecycle expiration days noncurrent abort incomplete multipart upload
"""
_FORMATS = """
    org apache hadoop hive serde2 serde lazy lazysimpleserde opencsvserde openx jsonserde data ql io parquet orc avro
    mapredparquetinputformat mapredparquetoutputformat parquethiveserde orcinputformat orcoutputformat orcserde
    avroserde avrocontainerinputformat avrocontaineroutputformat mapred textinputformat hiveignorekeytextoutputformat
    ignorekeytextoutputformat iceberg csv json text gzip snappy zstd none classification compressiontype typeofdata
    file field delim separatorchar quotechar escapechar serialization format skip header line count external

        virtual_view metadata previous projection type range values interval unit
    digits
        int integer bigint smallint tinyint string varchar char decimal double float real boolean date timestamp binary
    array
        struct map time timestamptz
    where between like and or not null is in exists true false
    cron rate day days hour hours minute minutes week mon tue wed thu fri sat sun
    rules rowcount iscomplete iscompleteness isunique uniqueness columnvalues columnexists columncount completeness
    datafreshness threshold
"""
_MESHFORM = """
    meshform managed mesh domain product owner freshness pii flag quality mode tbac sensitivity public internal
    confidential restricted rl results raw plan apply register crawl curate check forward last changed
"""

WORDS = frozenset(f"{_AWS} {_FORMATS} {_MESHFORM}".split())

{{ config(materialized='table', format='parquet', ha=(env_var('SHOP_HA', '') != '')) }}
select cast(1 as integer) as id, 'Ann' as name, 'de' as land {{ env_var('SHOP_MORE', '') }}

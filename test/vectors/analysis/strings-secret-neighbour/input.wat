(module
  (data (i32.const 16) "AKIAIOSFODNN7EXAMPLE -----BEGIN PRIVATE KEY----- npm_config_cache ghp_short eyJhbGciOi")
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))

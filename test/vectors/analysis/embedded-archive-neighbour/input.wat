(module
  (data (i32.const 16) "PK\03\04\14\00\00\00\63\00")
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))

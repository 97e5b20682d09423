(module
  (import "bench" "read" (func (param i32 i32) (result i32)))
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))

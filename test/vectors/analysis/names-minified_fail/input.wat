(module
  (import "a" "a" (func))
  (import "a" "b" (func))
  (import "a" "c" (func))
  (import "a" "d" (func))
  (import "a" "e" (func))
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))

(module
  (import "__proto__" "constructor" (func))
  (import "constructor" "__proto__" (func))
  (import "toString" "hasOwnProperty" (func))
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))

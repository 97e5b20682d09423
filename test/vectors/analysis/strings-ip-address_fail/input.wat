(module
  (data (i32.const 16) "connect 93.184.216.34 now")
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))
